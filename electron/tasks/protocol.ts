// What the engine and a trainer process say to each other. One task per process.
// Role: the schemas of both directions. Limits: tasks name files and ids; a trainer never sees the database.
import { z } from 'zod';
import {
  curvePoint,
  detectionKind,
  deviceFacts,
  estimateRange,
  extractorName,
  methodName,
  scoreMap,
  videoLabelSource,
} from '../../shared/contract/entities.ts';
import { importFormat, importOptions } from '../../shared/contract/formats.ts';
import { errorData } from '../../shared/errors.ts';
import { segmentation } from '../../shared/labels/types.ts';

// Any buffer behind them, also the shared and pooled ones that structured cloning may produce.
const floats = z.custom<Float32Array>((value) => value instanceof Float32Array);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** A stored file: `artifacts/<aa>/<sha256>`; see electron/store/artifacts.ts. */
export const artifact = z.object({ sha256: z.string(), bytes: z.int() });
export type Artifact = z.infer<typeof artifact>;

const common = { artifacts: z.string().describe('folder of the content-addressed artifacts') };

export const importTask = z.object({
  kind: z.literal('import'),
  ...common,
  files: z.array(z.object({ path: z.string(), relPath: z.string() })),
});

export const extractTask = z.object({
  kind: z.literal('extract'),
  ...common,
  extractor: extractorName,
  /** Threads that describe frames; left out: as many as there are cores. 0: none beside the one that decodes. */
  threads: z.int().nonnegative().optional(),
  videos: z.array(
    z.object({
      videoId: z.int(),
      path: z.string(),
      frames: z.int(),
      fps: z.number(),
      /** What the file was like when its frames were counted. */
      fingerprint: z.string().nullable(),
    }),
  ),
});

export const importFeaturesTask = z.object({
  kind: z.literal('features'),
  ...common,
  /** Store half floats. */
  float16: z.boolean(),
  segmentation,
  files: z.array(
    z.object({
      path: z.string(),
      relPath: z.string(),
      /** The video it belongs to; null: one known by these features alone. */
      videoId: z.int().nullable(),
      /** Length of that video where there is footage. */
      frames: z.int().nullable(),
      /** Why nobody can tell whose features these are; such a file is not read. */
      problem: z.string().nullable(),
      /** Features of the same video that these are put beside; null: these stand alone. */
      beside: z
        .object({ videoId: z.int(), path: z.string(), segments: z.int(), crops: z.int(), dim: z.int() })
        .nullable(),
    }),
  ),
  /** Videos that were to get a second kind of features and have no file. */
  without: z.array(z.string()),
});

export const importDetectionsTask = z.object({
  kind: z.literal('detections'),
  ...common,
  files: z.array(z.object({ path: z.string(), relPath: z.string() })),
  /** Number of the first frame in the files; null: what is usual for the format. */
  firstFrame: z.union([z.literal(0), z.literal(1)]).nullable(),
});

/** Boxes or poses of one video of a file. */
export const foundDetections = z.object({
  /** relPath of the file. */
  file: z.string(),
  /** The video's name in the file; '': the name of the file says it. */
  key: z.string(),
  kind: detectionKind,
  objects: z.int(),
  frames: z.int(),
  tracks: z.int(),
  /** Frames up to the last one with an object. */
  length: z.int(),
  artifact,
});
export type FoundDetections = z.infer<typeof foundDetections>;

export const featureFile = z.object({
  videoId: z.int(),
  /** .npy float32 `[T, crops, D]`. */
  path: z.string(),
  segments: z.int(),
  crops: z.int(),
  dim: z.int(),
  /** Known label of the whole video; null where nothing is known, or the run does not ask. */
  videoLabel: z.union([z.literal(0), z.literal(1)]).nullable(),
});
export type FeatureFile = z.infer<typeof featureFile>;

export const trainTask = z.object({
  kind: z.literal('train'),
  ...common,
  method: methodName,
  /** Complete configuration: every option has a value. */
  config: z.record(z.string(), z.unknown()),
  seed: z.int(),
  device: z.string(),
  /** Whether products of training steps compute in float16. */
  mixedPrecision: z.boolean(),
  /** Memory for features; null chooses. */
  memoryMiB: z.int().positive().nullable(),
  /** Folder with weights that take the place of training; null: train. */
  weights: z.string().nullable(),
  extractor: z.string(),
  features: z.array(featureFile),
  /** Boxes or poses of the videos, where the run needs them. */
  seen: z
    .object({
      kinds: z.array(detectionKind),
      /** In the order of `features`. */
      videos: z.array(
        z.object({
          /** Stored files; null: the video has none. */
          boxes: z.string().nullable(),
          poses: z.string().nullable(),
          /** The footage; null: known by features alone. */
          path: z.string().nullable(),
          fingerprint: z.string().nullable(),
          frames: z.int(),
          width: z.int(),
          height: z.int(),
        }),
      ),
      /** Folder where cut objects are kept between runs. */
      cache: z.string(),
    })
    .optional(),
  /** Where the known labels come from; null for a run that does not ask. */
  labelSource: z
    .object({ source: videoLabelSource, file: z.string().nullable(), unmatched: z.array(z.string()) })
    .nullable(),
  /** Where checkpoints go; a checkpoint found here is resumed. */
  checkpoints: z.string(),
});
export type TrainTask = z.infer<typeof trainTask>;

/** A few steps of a training, to know how long all of it takes. Nothing of it is kept. */
export const estimateTask = trainTask.extend({ kind: z.literal('estimate') });

export const proxyTask = z.object({
  kind: z.literal('proxy'),
  ...common,
  videoId: z.int(),
  path: z.string(),
  frames: z.int(),
});

export const relinkTask = z.object({
  kind: z.literal('relink'),
  /** Files and folders in which to look. */
  places: z.array(z.string()),
  /** All videos with footage; those whose files are in their places are left alone. */
  videos: z.array(
    z.object({
      id: z.int(),
      /** Where it was. */
      path: z.string(),
      bytes: z.number(),
      fingerprint: z.string(),
    }),
  ),
});

export const sampleTask = z.object({ kind: z.literal('sample'), folder: z.string() });
export const devicesTask = z.object({ kind: z.literal('device'), device: z.string() });

/** Labels made elsewhere: files, or folders whose files are gone through. */
export const readLabelsTask = z.object({
  kind: z.literal('labels'),
  paths: z.array(z.string()),
  /** Null: recognised from the files. */
  format: importFormat.nullable(),
  options: importOptions,
});

export const task = z.discriminatedUnion('kind', [
  importTask,
  extractTask,
  importFeaturesTask,
  importDetectionsTask,
  trainTask,
  estimateTask,
  proxyTask,
  relinkTask,
  sampleTask,
  devicesTask,
  readLabelsTask,
]);
export type Task = z.infer<typeof task>;
export type TaskOf<K extends Task['kind']> = Extract<Task, { kind: K }>;

// --- results of one unit of work, sent as soon as it is done so that it survives a crash of the rest

export const importedVideo = z.object({
  relPath: z.string(),
  path: z.string(),
  state: z.enum(['ready', 'damaged', 'unsupported']),
  problem: z.string().nullable(),
  container: z.string(),
  codec: z.string(),
  width: z.int(),
  height: z.int(),
  frames: z.int(),
  fpsNum: z.int(),
  fpsDen: z.int(),
  vfr: z.boolean(),
  durationSeconds: z.number(),
  bytes: z.number(),
  /** SHA-256 over size, first and last MiB. */
  fingerprint: z.string(),
  playable: z.enum(['direct', 'needs_proxy', 'no']),
  frameTable: artifact.nullable(),
  thumbnails: z.array(artifact),
});
export type ImportedVideo = z.infer<typeof importedVideo>;

export const extractedFeatures = z.object({
  /** Null for imported features of a video that is known by these alone. */
  videoId: z.int().nullable(),
  relPath: z.string().nullable(),
  segments: z.int(),
  crops: z.int(),
  dim: z.int(),
  file: artifact,
  seconds: z.number(),
  /** Why this video has no features; `file` is then meaningless. */
  problem: z.string().nullable(),
});
export type ExtractedFeatures = z.infer<typeof extractedFeatures>;

/** Scores and pseudo-labels of one video, one per segment; both transports clone typed arrays. */
export const scoredVideo = z.object({
  videoId: z.int(),
  scores: floats,
  labels: bytes,
  /** One per segment, >= 0; null where the method gives none. */
  uncertainty: floats.nullable(),
  videoLabel: z.int().nullable(),
});

export const trainResult = z.object({
  kind: z.literal('train'),
  videos: z.array(scoredVideo),
  /** Trained parameters and what is needed to score anew; null for methods without training. */
  model: artifact.nullable(),
  /** Suggested rule on the score scale of the run. */
  threshold: z.object({ on: z.number(), off: z.number() }),
  notes: z.array(z.string()),
  provenance: z.record(z.string(), z.unknown()),
  timings: z.record(z.string(), z.number()),
});
export type TrainResult = z.infer<typeof trainResult>;

/** What a rehearsal found; see `Rehearsed` in electron/features/rehearsal.ts. */
export const estimateResult = z.object({
  kind: z.literal('estimate'),
  seconds: estimateRange,
  steps: z.object({ least: z.int(), most: z.int() }),
  openEnded: z.boolean(),
  /** Most memory that the process had. Bytes. */
  peakBytes: z.number(),
  /** What features that were not read will take in memory. Bytes. */
  unreadBytes: z.number(),
  notes: z.array(z.string()),
});
export type EstimateResult = z.infer<typeof estimateResult>;

export const taskResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('import') }),
  z.object({ kind: z.literal('extract') }),
  /** Number of files taken in, and those that were refused, each with its reason as a sentence. */
  z.object({ kind: z.literal('features'), taken: z.int(), problems: z.array(z.string()) }),
  z.object({
    kind: z.literal('detections'),
    found: z.array(foundDetections),
    /** Files that were refused, each with its reason as a sentence. */
    problems: z.array(z.string()),
    notes: z.array(z.string()),
  }),
  trainResult,
  estimateResult,
  z.object({ kind: z.literal('proxy'), file: artifact, frames: z.int() }),
  /** How many were found, of how many. */
  z.object({ kind: z.literal('relink'), found: z.int(), missing: z.int() }),
  z.object({
    kind: z.literal('sample'),
    videos: z.array(z.string()),
    truth: z.string(),
    /** Pose files, one per video. */
    poses: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('device'),
    ...deviceFacts.shape,
  }),
  /** See `ReadLabels` in electron/formats/read.ts. */
  z.object({
    kind: z.literal('labels'),
    format: importFormat,
    videos: z.array(
      z.object({
        key: z.string(),
        frames: z.number().nullable(),
        events: z.array(
          z.object({
            start: z.number(),
            end: z.number().nullable(),
            unit: z.enum(['frames', 'seconds']),
            class: z.string().nullable(),
            score: z.number().nullable(),
            layer: z.enum(['model', 'rule', 'human', 'truth', 'imported']).nullable(),
          }),
        ),
        scores: floats.nullable(),
        file: z.string(),
      }),
    ),
    notes: z.array(z.string()),
  }),
]);
export type TaskResult = z.infer<typeof taskResult>;

export const toTrainer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), task }),
  z.object({ type: z.literal('cancel') }),
]);
export type ToTrainer = z.infer<typeof toTrainer>;

export const fromTrainer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), node: z.string() }),
  z.object({ type: z.literal('heartbeat') }),
  z.object({
    type: z.literal('progress'),
    done: z.number(),
    total: z.number(),
    unit: z.string(),
    message: z.string(),
  }),
  z.object({ type: z.literal('imported'), item: importedVideo }),
  z.object({ type: z.literal('extracted'), item: extractedFeatures }),
  z.object({
    type: z.literal('relinked'),
    item: z.object({ videoId: z.int(), path: z.string(), fingerprint: z.string() }),
  }),
  z.object({ type: z.literal('points'), points: z.array(curvePoint) }),
  z.object({ type: z.literal('maps'), maps: z.array(scoreMap) }),
  z.object({ type: z.literal('checkpoint') }),
  z.object({ type: z.literal('done'), result: taskResult }),
  z.object({ type: z.literal('failed'), error: errorData }),
]);
export type FromTrainer = z.infer<typeof fromTrainer>;

/** What a task may use while it works. */
export interface TaskContext {
  signal: AbortSignal;
  send(message: FromTrainer): void;
  progress(done: number, total: number, unit: string, message: string): void;
  /** The built entry of a thread that describes frames; left out: the task uses its own thread. */
  describer?: string;
}
