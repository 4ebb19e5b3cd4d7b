// The things that cross the border between engine and faces, as zod schemas; types are inferred.
// Conventions: frames and segments are 0-based integers, ranges half-open [start, end); times are ms since 1970 UTC;
// durations are seconds; scores are in [0, 1] unless said otherwise.
import { z } from 'zod';
import { TAILS } from '../labels/evaluate.ts';
import { ownRule } from '../labels/rules.ts';
import { eventRule, frameRange, segmentation } from '../labels/types.ts';
import { importFormat } from './formats.ts';

export const id = z.int().positive();
export const timestamp = z.int().nonnegative();
/** A short name that people give: a camera, a tag. */
export const label = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .refine((text) => ![...text].some((c) => c < ' '), 'must be one line');

export const jobKind = z.enum([
  'import',
  'extract',
  'features',
  'train',
  'proxy',
  'relink',
  'sample',
  'detections',
]);
export const jobState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted']);

export const job = z.object({
  id,
  kind: jobKind,
  title: z.string(),
  state: jobState,
  /** Work done and in all, in `unit`s; total 0 means not known yet. */
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
  unit: z.string(),
  /** What is being done right now, in plain words. */
  message: z.string(),
  /** Units per second, smoothed; 0 while unknown. */
  rate: z.number().nonnegative(),
  /** Seconds left, null while unknown. */
  secondsLeft: z.number().nonnegative().nullable(),
  runId: id.nullable(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  error: z
    .object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() })
    .nullable(),
  /** Whether a checkpoint exists from which the job can go on. */
  resumable: z.boolean(),
});
export type Job = z.infer<typeof job>;
export type JobKind = z.infer<typeof jobKind>;

export const videoState = z.enum(['ready', 'damaged', 'unsupported', 'missing']);
export const video = z.object({
  id,
  /** Path below the common import folder, with `/`; unique within the project. Feature-only videos have it too. */
  relPath: z.string(),
  /** Absolute path of the original; null for a video known only by its features. */
  path: z.string().nullable(),
  state: videoState,
  /** Why the video needs attention, in one sentence; of a `ready` one a note: read in part, or without features. */
  problem: z.string().nullable(),
  container: z.string(),
  codec: z.string(),
  width: z.int(),
  height: z.int(),
  frames: z.int().nonnegative(),
  fpsNum: z.int(),
  fpsDen: z.int(),
  /** Variable frame rate: presentation intervals differ by more than a tick. */
  vfr: z.boolean(),
  durationSeconds: z.number().nonnegative(),
  bytes: z.number().nonnegative(),
  /** Whether a browser plays the original, or needs the proxy, and whether that is there. */
  playable: z.enum(['direct', 'proxy', 'needs_proxy', 'no']),
  thumbnails: z.int().nonnegative(),
  importedAt: timestamp,
  /** Name of the camera it is from, shared by its videos; null while not known. */
  camera: z.string().nullable(),
});
export type Video = z.infer<typeof video>;

export const videoScore = z.object({
  max: z.number(),
  mean: z.number(),
  /** Maxima over equal parts of the video, for a sparkline; see shared/labels/spark.ts. */
  spark: z.string(),
  events: z.int(),
  eventFrames: z.int(),
});

/** Boxes of objects, or poses of persons, that a detector elsewhere has found. */
export const detectionKind = z.enum(['boxes', 'poses']);
export const videoDetections = z.object({
  kind: detectionKind,
  /** Boxes or poses in all frames; 0: looked at, nobody seen. */
  objects: z.int().nonnegative(),
  /** Frames that hold at least one. */
  frames: z.int().nonnegative(),
  /** Different persons or objects; 0: not tracked. */
  tracks: z.int().nonnegative(),
  /** Name of the file they came from. */
  source: z.string(),
});
export type VideoDetections = z.infer<typeof videoDetections>;

export const detectionSummary = z.object({
  kind: detectionKind,
  videos: z.int(),
  /** Of these, videos in which nobody was seen. */
  empty: z.int(),
  objects: z.int(),
  /** Videos of the project that have none. */
  without: z.int(),
});
export type DetectionSummary = z.infer<typeof detectionSummary>;

/** What an import of boxes and poses found, and to which videos it went. */
export const detectionReport = z.object({
  jobId: id,
  files: z.int(),
  matched: z.array(
    videoDetections.extend({
      /** The video's name in the file. */
      key: z.string(),
      file: z.string(),
      videoId: id,
      relPath: z.string(),
    }),
  ),
  /** Names that no video could be found for, with the reason. */
  unmatched: z.array(z.object({ key: z.string(), file: z.string(), why: z.string() })),
  /** Files that could not be read, each as a sentence. */
  problems: z.array(z.string()),
  /** What was made of the files where they left room: 1-based frames, persons joined into tracks. */
  notes: z.array(z.string()),
  /** Videos of the project that have none of the imported kinds now. */
  without: z.array(z.object({ kind: detectionKind, videos: z.int() })),
});
export type DetectionReport = z.infer<typeof detectionReport>;

export const videoRow = video.extend({
  /** Names of the feature sets that hold this video. */
  features: z.array(z.string()),
  /** Words that people gave it, ascending. */
  tags: z.array(z.string()),
  /** At most one of each kind. */
  detections: z.array(videoDetections),
  score: videoScore.nullable(),
});
export type VideoRow = z.infer<typeof videoRow>;

/** The extractors that come with the product. */
export const extractorName = z.enum(['cellmotion-v1', 'cellmotion-v2']);
export type ExtractorName = z.infer<typeof extractorName>;

export const featureSet = z.object({
  id,
  name: z.string(),
  extractor: z.string(),
  crops: z.int(),
  dim: z.int(),
  videos: z.int(),
  segments: z.int(),
  /** Videos of the project that could have these features and do not yet. */
  missing: z.int(),
  /** Whether the magnitude of a feature has a direction (larger = more anomalous); picks C2FPL's default mode. */
  directed: z.boolean(),
  /** What a vector stands for: 16 frames, or an equal share of its video. */
  segmentation,
  createdAt: timestamp,
});
export type FeatureSet = z.infer<typeof featureSet>;

export const curvePoint = z.object({
  /** Name of the series, for example `loss` or `learning rate`. */
  series: z.string(),
  /** Epoch or step, counted from 1; of a histogram the middle of a bin (shared/histogram-series.ts). */
  x: z.number(),
  y: z.number(),
});
export type CurvePoint = z.infer<typeof curvePoint>;

/**
 * How a method saw one video at one stage of its training. Methods that label in rounds keep a few videos, so that a person
 * can watch the labels evolve.
 */
export const scoreMap = z.object({
  videoId: id,
  /** From 1: a module, a round. */
  stage: z.int().positive(),
  /** One value per segment each, from 0 to 1. */
  lines: z.array(z.object({ name: z.string(), values: z.array(z.number()) })),
});
export type ScoreMap = z.infer<typeof scoreMap>;

export const methodName = z.enum([
  'motion',
  'c2fpl',
  'ae',
  'rarity',
  'gcl',
  'cu',
  'wocc-ws',
  'rtfm',
  'sultani',
]);
export type MethodName = z.infer<typeof methodName>;
/** What made the scores of a run: a method that was trained, or several runs together. */
export const runMethod = z.enum([...methodName.options, 'consensus']);
export type RunMethod = z.infer<typeof runMethod>;

export const metrics = z.object({
  videos: z.int(),
  videosWithoutTruth: z.int(),
  frames: z.int(),
  anomalousFrames: z.int(),
  /** Frame-level AUC over all frames together; null where one class is missing. */
  microAuc: z.number().nullable(),
  macroAuc: z.number().nullable(),
  stepAp: z.number().nullable(),
  trapezoidPrAuc: z.number().nullable(),
  /** `trimmed`: n frames per video; `official`: 16T frames, labels continued as `tail` says or cut. */
  protocol: z.enum(['trimmed', 'official']),
  tail: z.enum(TAILS).default('pad_last'),
  truth: z.string(),
});
export type Metrics = z.infer<typeof metrics>;

export const runState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted']);
export const run = z.object({
  id,
  name: z.string(),
  method: runMethod,
  state: runState,
  featureSetId: id,
  seed: z.int(),
  device: z.string(),
  createdAt: timestamp,
  finishedAt: timestamp.nullable(),
  videos: z.int(),
  segments: z.int(),
  /** How scores become events, where no camera or video has a rule of its own. */
  rule: eventRule,
  /** Rules of cameras and of single videos, which come before it; cameras first. */
  ownRules: z.array(ownRule),
  metrics: metrics.nullable(),
  jobId: id.nullable(),
});
export type Run = z.infer<typeof run>;

export const runDetail = run.extend({
  config: z.record(z.string(), z.unknown()),
  curve: z.array(curvePoint),
  /** Sentences the method wants a person to read: guards that fired, choices made and why. */
  notes: z.array(z.string()),
  provenance: z.record(z.string(), z.unknown()),
  timings: z.record(z.string(), z.number()),
});
export type RunDetail = z.infer<typeof runDetail>;

export const methodOption = z.object({
  key: z.string(),
  label: z.string(),
  help: z.string(),
  /** Where it comes from, for example "C2FPL section 3.2, methods 2.3". */
  source: z.string(),
  type: z.enum(['number', 'integer', 'choice', 'switch']),
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  default: z.union([z.number(), z.string(), z.boolean()]),
  advanced: z.boolean(),
});
export type MethodOption = z.infer<typeof methodOption>;
/** Where labels of whole videos come from that a method does not find by itself. */
export const videoLabelSource = z.enum(['truth', 'reviewed', 'list']);
export type VideoLabelSource = z.infer<typeof videoLabelSource>;

export const methodInfo = z.object({
  name: methodName,
  title: z.string(),
  summary: z.string(),
  paper: z.string(),
  /** The option, and its values, with which a run wants known labels of whole videos; null: it never does. */
  knownLabels: z.object({ option: z.string(), values: z.array(z.string()).min(1) }).nullable(),
  /** Boxes (with the footage) or poses that a run needs where `option` has this value. */
  detections: z.array(z.object({ option: z.string(), value: z.string(), kind: detectionKind })).optional(),
  /** The network that may be given weights trained elsewhere, where `option` has this value or (null) always. */
  weights: z
    .object({ network: z.string(), where: z.object({ option: z.string(), value: z.string() }).nullable() })
    .optional(),
  options: z.array(methodOption),
  presets: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      help: z.string(),
      values: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type MethodInfo = z.infer<typeof methodInfo>;

/** An event of a run over a video: what the current rule makes of the scores. Model layer. */
export const modelEvent = frameRange.extend({ videoId: id, max: z.number(), mean: z.number() });
export type ModelEvent = z.infer<typeof modelEvent>;

export const project = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  videos: z.int(),
  runs: z.int(),
  seconds: z.number(),
  createdAt: timestamp,
  /** What opening it noticed, as sentences: an unclean end, stored files that are gone, a backup made. */
  notes: z.array(z.string()),
});
export type Project = z.infer<typeof project>;

/** A copy of a project's database. */
export const backup = z.object({ at: timestamp, bytes: z.int().nonnegative() });
export type Backup = z.infer<typeof backup>;

export const recentProject = z.object({
  /** Opaque; pass to `projects.openRecent`. */
  key: z.string(),
  name: z.string(),
  folder: z.string(),
  videos: z.int(),
  runs: z.int(),
  seconds: z.number(),
  openedAt: timestamp,
  missing: z.boolean(),
  /** Relative URL of a picture, null when there is none. */
  picture: z.string().nullable(),
});
export type RecentProject = z.infer<typeof recentProject>;

/** What a real step on a device showed. */
export const deviceFacts = z.object({
  title: z.string(),
  /** The processor, or the model of the graphics card where its driver tells it. */
  adapter: z.string().nullable(),
  /** Memory of the adapter, of the machine for the processor. Bytes; null where nothing tells it. */
  memoryBytes: z.number().nullable(),
  usable: z.boolean(),
  /** Why it cannot be used, or why another one is chosen, in plain words; empty for the chosen one. */
  reason: z.string(),
  /** A command that a person may run to install what is missing. Never run by Zerolabel. */
  install: z.string().nullable(),
  /** One training step of a network 1024-512-32-1 on 256 rows. */
  stepMs: z.number().nullable(),
  /** Speed of a product of 2048 x 2048 matrices. */
  gflops: z.number().nullable(),
});
export const device = deviceFacts.extend({
  name: z.enum(['cpu', 'webgpu', 'cuda', 'directml', 'coreml', 'tensorflow']),
  /** Taken when nothing else is said. */
  chosen: z.boolean(),
});
/** Between which two numbers something will lie, and where most likely. */
export const estimateRange = z.object({ low: z.number(), likely: z.number(), high: z.number() });

/** How long a run will take and how much memory, before it begins. */
export const estimate = z.object({
  device: device.shape.name,
  deviceTitle: z.string(),
  seconds: estimateRange,
  /** Of the process that trains, without the memory of a graphics card. Bytes. */
  memory: estimateRange,
  machine: z.object({ totalBytes: z.number(), freeBytes: z.number() }),
  /** Training steps; `least` is below `most` where data decide when a run ends. Both 0 for methods that train nothing. */
  steps: z.object({ least: z.int(), most: z.int() }),
  /** What it was found from, in words. */
  sources: z.array(z.string()),
  /** What may go wrong: too little memory. */
  warnings: z.array(z.string()),
  /** What should be known besides: an end that data decide. */
  notes: z.array(z.string()),
});
export type Estimate = z.infer<typeof estimate>;
export type EstimateRange = z.infer<typeof estimateRange>;
export type DeviceFacts = z.infer<typeof deviceFacts>;
export type Device = z.infer<typeof device>;

/** A place in the file picker of the server face: an opaque handle, never a path from the page. */
export const place = z.object({
  grant: z.string(),
  name: z.string(),
  kind: z.enum(['folder', 'video', 'features', 'truth', 'labels', 'project']),
  bytes: z.number(),
});
export type Place = z.infer<typeof place>;

/** An event of labels made elsewhere. */
export const layerEvent = frameRange.extend({ class: z.string().nullable(), score: z.number().nullable() });

/** Labels made elsewhere, imported as a layer of their own. */
export const labelLayer = z.object({
  id,
  name: z.string(),
  format: importFormat,
  /** Name of the file or folder it came from. */
  source: z.string(),
  videos: z.int(),
  events: z.int(),
  importedAt: timestamp,
});
export type LabelLayer = z.infer<typeof labelLayer>;

/** What became of a file with labels. Every name in it is in exactly one of the lists. */
export const labelReport = z.object({
  format: importFormat,
  /** Null where nothing was stored: only the report was asked for, or it is ground truth. */
  layerId: id.nullable(),
  name: z.string(),
  /** Videos that got labels, and how many of these the file says are normal. */
  videos: z.int(),
  normalVideos: z.int(),
  events: z.int(),
  videosWithScores: z.int(),
  /** Videos of the project that the file does not name. */
  without: z.int(),
  unmatched: z.array(z.string()),
  ambiguous: z.array(z.object({ key: z.string(), videos: z.array(z.string()) })),
  refused: z.array(z.object({ key: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
});
export type LabelReport = z.infer<typeof labelReport>;

/** Which labels an export is made of. */
export const labelSource = z.discriminatedUnion('kind', [
  /** Pseudo-labels of a run and its events under its rule. */
  z.object({ kind: z.literal('run'), runId: id }),
  /** The labels that count: what people and rules decided, and the machine's events nobody decided on. */
  z.object({
    kind: z.literal('inUse'),
    runId: id,
    layers: z
      .array(z.enum(['human', 'rule', 'model']))
      .min(1)
      .default(['human', 'rule', 'model']),
    /** A row of the review's log: the labels as they were right after it; without it as they are. */
    at: z.int().nonnegative().optional(),
  }),
  z.object({ kind: z.literal('truth') }),
  /** Labels imported from elsewhere. */
  z.object({ kind: z.literal('layer'), id }),
]);
export type LabelSource = z.infer<typeof labelSource>;

export const exportResult = z.object({
  folder: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
  /** What the formats could not express, as sentences. */
  notes: z.array(z.string()),
});
export type ExportResult = z.infer<typeof exportResult>;

export const labelCounts = z.object({
  videos: z.int(),
  normalVideos: z.int(),
  /** Events by who says so. */
  events: z.object({ human: z.int(), rule: z.int(), model: z.int(), truth: z.int(), imported: z.int() }),
  ignoredRanges: z.int(),
  /** Videos with more than two events, and the events beyond the two longest. */
  beyondTwo: z.object({ videos: z.int(), events: z.int() }),
  /** Videos that have timestamps and a picture. */
  timed: z.int(),
});
export type LabelCounts = z.infer<typeof labelCounts>;

/** Labels of the frames around an edge as one reader takes them. */
export const edgeView = z.object({
  /** First frame of the view. */
  from: z.int(),
  /** 0 or 1 per frame. */
  labels: z.array(z.int()),
});

/** One reader of a format, on one event. */
export const readerView = z.object({
  name: z.string(),
  /** How it counts, in words. */
  counts: z.string(),
  start: edgeView,
  end: edgeView,
  /** Frames by which it starts late (negative: early) and ends late, against the labels; null when it misses the event. */
  startOff: z.int().nullable(),
  endOff: z.int().nullable(),
  /** Whether every frame of the video is labelled as in the labels. */
  exact: z.boolean(),
});

export const exportPreview = z.object({
  files: z.array(z.object({ name: z.string(), bytes: z.int() })),
  /** The file that is shown: text, or the facts of an array or table. */
  shown: z
    .object({
      name: z.string(),
      kind: z.enum(['text', 'facts']),
      /** The first of its lines. */
      lines: z.array(z.string()),
      totalLines: z.int(),
    })
    .nullable(),
  /** Index base, end and tail in a sentence. */
  convention: z.string().nullable(),
  /** How known readers would take the first event that is written. */
  event: z
    .object({
      video: z.string(),
      start: z.int(),
      end: z.int(),
      /** Line of the shown file that holds it, from 1; null where that cannot be told. */
      line: z.int().nullable(),
      truth: z.object({ start: edgeView, end: edgeView }),
      readers: z.array(readerView),
    })
    .nullable(),
  /** Whether our own reader gives back what was written, as far as the format can hold it. */
  readBack: z.object({ same: z.boolean(), videos: z.int(), differing: z.array(z.string()) }).nullable(),
  /** What was not written as it is, as sentences. */
  notes: z.array(z.string()),
  /** What the format never holds, in a few words each. */
  lacks: z.array(z.string()),
  /** Why nothing could be written, when the conventions refuse. */
  refusal: z.string().nullable(),
});
export type ExportPreview = z.infer<typeof exportPreview>;
