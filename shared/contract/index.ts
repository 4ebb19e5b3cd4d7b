// Every call and every event between a face (Electron renderer, browser page, command line) and the engine.
// Role: names, inputs and outputs; types are inferred from here and nowhere repeated. Limits: no behaviour.
// Bulk data (media, pictures, scores, frame tables) goes by URL, see `resourceUrl`.
import { z } from 'zod';
import { errorData } from '../errors.ts';
import type { DetectionKind } from '../labels/detections.ts';
import { ownRule, RUN_SCOPE, ruleScope } from '../labels/rules.ts';
import { eventRule, frameRange, segmentation } from '../labels/types.ts';
import * as e from './entities.ts';
import * as f from './formats.ts';
import * as p from './privacy.ts';
import * as q from './quality.ts';
import * as r from './review.ts';

export * from './entities.ts';
export * from './formats.ts';
export * from './privacy.ts';
export * from './quality.ts';
export * from './review.ts';

const none = z.object({});
const byId = z.object({ id: e.id });
const started = z.object({ jobId: e.id });
/** A project that is not open: a granted folder, or one of the recent projects. */
const closedProject = z.union([z.object({ grant: z.string() }), z.object({ key: z.string() })]);
const labelsFrom = z.object({
  source: e.videoLabelSource,
  /** The list, for the source `list`. */
  grant: z.string().nullable().default(null),
});
/** Rules on the screen that are not saved yet, or are only tried out. */
const askedRules = {
  /** Null: the run's. */
  rule: eventRule.nullable().default(null),
  /** Of cameras and videos; null: those that are kept with the run. */
  ownRules: z.array(ownRule).nullable().default(null),
};
const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });

/** What a training goes by. */
const trainingOptions = z.object({
  method: e.methodName,
  featureSetId: e.id,
  device: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'directml', 'coreml', 'tensorflow']).default('auto'),
  /** Products of training steps in float16, on graphics devices of ONNX Runtime alone; elsewhere `bad_input`. */
  mixedPrecision: z.boolean().default(false),
  /** Memory for features; larger sets are read from their files while training. Null: half of what is free. */
  memoryMiB: z.int().positive().nullable().default(null),
  /**
   * Grant of a folder with weights trained elsewhere, one .npy per tensor of the state dictionary: nothing is trained, the
   * network scores with them. For `rtfm`, and for `wocc-ws` with STG-NF. Null: train.
   */
  weights: z.string().nullable().default(null),
  config: z.record(z.string(), z.unknown()).default({}),
  /** Only for a configuration that wants known video labels; null: from ground truth. */
  videoLabels: labelsFrom.nullable().default(null),
});

export const calls = {
  'app.info': call(
    none,
    z.object({
      version: z.string(),
      licence: z.string(),
      host: z.enum(['electron', 'server', 'cli']),
      /** Whether the host has native dialogs; otherwise the page shows its own picker over `places.list`. */
      nativeDialogs: z.boolean(),
      node: z.string(),
      platform: z.string(),
    }),
  ),
  'app.devices': call(z.object({ again: z.boolean().default(false) }), z.array(e.device)),
  'settings.get': call(z.object({ key: z.string() }), z.unknown()),
  'settings.set': call(z.object({ key: z.string(), value: z.unknown() }), none),

  'places.list': call(
    z.object({ grant: z.string().nullable() }),
    z.object({
      name: z.string(),
      parent: z.string().nullable(),
      /** Of the listed folder itself; null for the list of roots, which is no folder. */
      grant: z.string().nullable(),
      entries: z.array(e.place),
    }),
  ),

  /** What this session opened and connected to, as far as it is seen, and where data lies; also without a project. */
  'privacy.report': call(none, p.privacyReport),
  /** Files of this session, by path; `total` counts all that fit. */
  'privacy.files': call(
    p.fileFilter,
    z.object({ total: z.int(), files: z.array(p.fileSeen.extend({ kind: p.fileKind })) }),
  ),
  /** The report with all files as JSON, in `exports` of the project or a granted folder. */
  'privacy.save': call(
    z.object({
      grant: z.string().nullable().default(null),
      window: p.windowRequests.nullable().default(null),
    }),
    z.object({ path: z.string() }),
  ),
  /** Deletes what is made again when it is needed. Fails with `conflict` while a job runs. */
  'privacy.clearCache': call(none, z.object({ files: z.int(), bytes: z.number() })),

  'projects.recent': call(none, z.array(e.recentProject)),
  'projects.current': call(none, e.project.nullable()),
  /** Creates the folder `name` inside the granted folder, and opens it. */
  'projects.create': call(z.object({ grant: z.string(), name: z.string().min(1) }), e.project),
  'projects.open': call(z.object({ grant: z.string() }), e.project),
  'projects.openRecent': call(z.object({ key: z.string() }), e.project),
  'projects.forget': call(z.object({ key: z.string() }), none),
  'projects.close': call(none, none),
  /** Copies of the database that the product made by itself, newest first. */
  'projects.backups': call(z.object({ of: closedProject }), z.array(e.backup)),
  /** Puts the copy made at `at` in place of the database, keeps the replaced one beside it, and opens the project. */
  'projects.restore': call(z.object({ of: closedProject, at: e.timestamp }), e.project),
  /** Makes the sample project (drawn scenes with known events) and starts render, import, features and training. */
  'projects.sample': call(none, z.object({ project: e.project, jobId: e.id })),

  /** With `acceptDamaged`, damaged videos are used as far as they can be read. */
  'videos.import': call(
    z.object({ grants: z.array(z.string()).min(1), acceptDamaged: z.boolean().default(false) }),
    started,
  ),
  'videos.list': call(
    z.object({
      runId: e.id.nullable().default(null),
      /** Scores beside the usual level of their own camera, see shared/labels/baseline.ts. */
      perCamera: z.boolean().default(false),
    }),
    z.array(e.videoRow),
  ),
  /** How a run and those beside it see each video; `max`, `mean` in the order of `runs`, null where a run lacks the video. */
  'videos.compared': call(
    z.object({ runId: e.id, perCamera: z.boolean().default(false) }),
    z.object({
      runs: z.array(e.id),
      videos: z.array(
        z.object({
          videoId: e.id,
          max: z.array(z.number().nullable()),
          mean: z.array(z.number().nullable()),
          /** Share of the frames that are in an event of some runs and not of all, each under its rule; null with one run. */
          disagreement: z.number().min(0).max(1).nullable(),
        }),
      ),
    }),
  ),
  'videos.get': call(byId, e.videoRow),
  'videos.proxy': call(byId, started),
  /** Damaged videos with frames become `ready`: what can be read of them is used, their problem stays as a note. */
  'videos.accept': call(z.object({ ids: z.array(e.id) }), none),
  'videos.remove': call(z.object({ ids: z.array(e.id) }), none),
  'videos.setCamera': call(z.object({ ids: z.array(e.id), camera: e.label.nullable() }), none),
  'videos.tag': call(
    z.object({
      ids: z.array(e.id),
      add: z.array(e.label).default([]),
      remove: z.array(e.label).default([]),
    }),
    none,
  ),
  /** Looks at once whether all files are in their places; otherwise that is done now and then. */
  'videos.check': call(none, z.object({ missing: z.int() })),
  /** Finds the files of missing videos among the granted files and folders, by their content. */
  'videos.relink': call(z.object({ grants: z.array(z.string()).min(1) }), started),

  'features.list': call(none, z.array(e.featureSet)),
  'features.extract': call(
    z.object({
      extractor: e.extractorName.default('cellmotion-v1'),
      /** Threads that describe frames, beside those that decode; left out: one for each core. The features are the same. */
      threads: z.int().min(0).max(256).optional(),
    }),
    started,
  ),
  /** With `float16` numbers are stored as half floats; files of half floats always are, because that loses nothing. */
  'features.import': call(
    z.object({
      grants: z.array(z.string()).min(1),
      name: z.string().min(1),
      float16: z.boolean().default(false),
      /** What a vector of the files stands for. */
      segmentation: segmentation.default('frames'),
      /** A feature set that these are put beside, per segment: a second kind, such as sound. Null: they stand alone. */
      beside: e.id.nullable().default(null),
    }),
    started,
  ),

  /**
   * Boxes and poses of videos, from files or folders: CSV or MOT tables, COCO JSON, AlphaPose and STG-NF JSON, pose files of
   * our own. The report of the job says which video got what.
   */
  'detections.import': call(
    z.object({
      grants: z.array(z.string()).min(1),
      /** Folder of the project whose videos are meant, where names fit several (`test`); null: the whole project. */
      below: z.string().nullable().default(null),
      /** Number of the first frame in the files; null: 0, or 1 where the format says so. */
      firstFrame: z
        .union([z.literal(0), z.literal(1)])
        .nullable()
        .default(null),
    }),
    started,
  ),
  /** Of the given job, or of the last import; null when there was none. */
  'detections.report': call(z.object({ jobId: e.id.nullable().default(null) }), e.detectionReport.nullable()),
  'detections.list': call(none, z.array(e.detectionSummary)),
  'detections.remove': call(z.object({ kind: e.detectionKind, ids: z.array(e.id) }), none),

  'runs.methods': call(z.object({ featureSetId: e.id.nullable() }), z.array(e.methodInfo)),
  /** Stage by stage, video by video; empty for methods that keep none. */
  'runs.maps': call(byId, z.array(e.scoreMap)),
  'runs.create': call(
    trainingOptions.extend({ name: z.string().default(''), seed: z.int().nonnegative().default(1) }),
    z.object({ runId: e.id, jobId: e.id }),
  ),
  /**
   * Time and memory of such a run, from a few of its steps in a process of its own (about five seconds) or, for the same
   * options, from what is known. One at a time: another one, a new run or `runs.stopEstimate` ends it with `cancelled`.
   */
  'runs.estimate': call(trainingOptions.extend({ again: z.boolean().default(false) }), e.estimate),
  'runs.stopEstimate': call(none, none),
  /** What a folder of weights trained elsewhere holds. Fails where it is nothing that a network could take. */
  'runs.weights': call(
    z.object({ grant: z.string() }),
    z.object({
      /** Of the folder. */
      name: z.string(),
      tensors: z.int(),
      /** Of all tensors together. */
      numbers: z.int(),
    }),
  ),
  /** What a run over these features would know of its videos. Fails where it is nothing. */
  'runs.knownLabels': call(
    labelsFrom.extend({ featureSetId: e.id }),
    z.object({
      /** Name of the list, or of the files of the ground truth. */
      file: z.string().nullable(),
      anomalous: z.int(),
      normal: z.int(),
      unknown: z.int(),
      /** Entries of the list that fit no video. */
      unmatched: z.int(),
    }),
  ),
  'runs.list': call(none, z.array(e.run)),
  'runs.get': call(byId, e.runDetail),
  'runs.rename': call(z.object({ id: e.id, name: z.string().min(1) }), none),
  'runs.remove': call(byId, none),
  /**
   * Keeps a rule for all videos of a run, for those of a camera or for one video: one step to undo. Null takes the rule of
   * a camera or video away, so that the wider one holds again.
   */
  'runs.setRule': call(
    z.object({
      id: e.id,
      scope: ruleScope.default(RUN_SCOPE),
      rule: eventRule.nullable(),
      by: r.editor.prefault({}),
    }),
    none,
  ),
  /** Events of all videos of a run under its rules, or under the given ones. */
  'runs.events': call(
    z.object({
      id: e.id,
      ...askedRules,
      perCamera: z.boolean().default(false),
    }),
    z.array(e.modelEvent),
  ),

  'truth.import': call(
    z.object({ grant: z.string(), key: z.string().nullable().default(null) }),
    z.object({ matched: z.int(), without: z.int(), unmatched: z.array(z.string()), name: z.string() }),
  ),
  /**
   * Reads labels of any format and matches them to videos. As a `layer` they stay apart from everything else; as `truth`
   * they are what runs are evaluated against. With `store` off, only the report is made.
   */
  'layers.import': call(
    z.object({
      grants: z.array(z.string()).min(1),
      /** Null: recognised from the files. */
      format: f.importFormat.nullable().default(null),
      options: f.importOptions.prefault({}),
      as: z.enum(['layer', 'truth']).default('layer'),
      /** Empty: the name of the file or folder. */
      name: z.string().default(''),
      store: z.boolean().default(true),
    }),
    e.labelReport,
  ),
  /** Newest first. */
  'layers.list': call(none, z.array(e.labelLayer)),
  /** What a layer says about a video; null when it does not name it. */
  'layers.events': call(z.object({ id: e.id, videoId: e.id }), z.array(e.layerEvent).nullable()),
  'layers.rename': call(z.object({ id: e.id, name: z.string().min(1) }), none),
  'layers.remove': call(byId, none),
  'truth.get': call(z.object({ videoId: e.id }), z.array(frameRange).nullable()),
  /** Metrics over all videos without smoothing are kept with the run. */
  'runs.evaluate': call(q.evaluationOptions.extend({ id: e.id }), e.metrics),
  /** Everything that is said about a run where ground truth exists. */
  'quality.evaluation': call(q.evaluationOptions.extend({ id: e.id }), q.evaluationReport),
  /** The tables of an evaluation of several runs as CSV and LaTeX files, in `exports` of the project or a granted folder. */
  'quality.writeTables': call(
    q.evaluationOptions.extend({ ids: z.array(e.id).min(1), grant: z.string().nullable().default(null) }),
    e.exportResult,
  ),
  /** Precision and recall of a run's labels without ground truth, from random samples that people looked at. */
  'quality.estimate': call(
    z.object({
      runId: e.id,
      ...askedRules,
      /** Also for thresholds from 0 to 1. */
      curve: z.boolean().default(false),
      /** Width of the intervals for which the missing reviews are counted. */
      width: z.number().gt(0).lt(1).default(0.1),
    }),
    q.qualityReport,
  ),
  /** Scores of a run as probabilities. Fails with `conflict` while there are not enough reviewed samples. */
  'quality.calibration': call(
    z.object({ runId: e.id, kind: q.calibrationKind.default('isotonic') }),
    q.calibrationReport,
  ),
  /** Probabilities of all segments of a run as CSV and `.npy`, with the calibration behind them. */
  'quality.writeProbabilities': call(
    z.object({
      runId: e.id,
      kind: q.calibrationKind.default('isotonic'),
      grant: z.string().nullable().default(null),
    }),
    e.exportResult,
  ),
  /** Which runs fired on a stretch of a video, when, at which score against their threshold, and their weights. */
  'quality.explain': call(
    frameRange.extend({
      videoId: e.id,
      perCamera: z.boolean().default(false),
      /** The second reviewer does not see what follows from verdicts: weights are left out. */
      pass: r.reviewPass.default(1),
    }),
    q.explanation,
  ),
  /** How far every other finished run agrees with this one. */
  'quality.agreement': call(z.object({ runId: e.id }), z.array(q.runAgreement)),
  /** Makes one run out of several; it is done at once and never changes. */
  'runs.consensus': call(q.consensusOptions, z.object({ runId: e.id })),

  /** Rows of people, of one video or of all. */
  'review.rows': call(
    z.object({ videoId: e.id.nullable().default(null), pass: r.reviewPass.default(1) }),
    z.array(r.humanEvent),
  ),
  /** Where undo stands. */
  'review.state': call(z.object({ pass: r.reviewPass.default(1) }), r.reviewState),
  /** One edit: one step to undo. */
  'review.edit': call(
    z.object({ by: r.editor.prefault({}), edit: r.reviewEdit, key: r.editKey.optional() }),
    r.reviewChange,
  ),
  'review.undo': call(z.object({ by: r.editor.prefault({}), key: r.editKey.optional() }), r.reviewChange),
  'review.redo': call(z.object({ by: r.editor.prefault({}), key: r.editKey.optional() }), r.reviewChange),
  'review.classes': call(none, z.array(r.reviewClass)),
  /** Bulk verdicts, newest first, and their events for one run, of one video or of all; also at a point of the log. */
  'review.rules': call(none, z.array(r.reviewRule)),
  'review.ruleEvents': call(
    z.object({
      runId: e.id,
      videoId: e.id.nullable().default(null),
      at: z.int().nonnegative().nullable().default(null),
    }),
    z.array(r.ruleEvent),
  ),
  /** What was done, newest first; `before` is the id of the last entry of the page before. */
  'review.log': call(
    z.object({ limit: z.int().min(1).max(1000).default(100), before: e.id.nullable().default(null) }),
    z.array(r.logEntry),
  ),
  /** Rows of people right after row `at` of the log. */
  'review.rowsAt': call(
    z.object({
      at: z.int().nonnegative(),
      videoId: e.id.nullable().default(null),
      pass: r.reviewPass.default(1),
    }),
    z.array(r.humanEvent),
  ),
  /** What restoring the review as of row `at` of the log would change now. */
  'review.since': call(z.object({ at: z.int().nonnegative(), pass: r.reviewPass.default(1) }), r.sinceThen),
  /** The labels that count for a run and a video: people, then rules, then the machine; also at a point of the log. */
  'review.labels': call(
    z.object({ runId: e.id, videoId: e.id, at: z.int().nonnegative().nullable().default(null) }),
    z.object({
      events: z.array(r.labelInUse),
      ignored: z.array(frameRange),
      videoLabel: z.union([z.literal(0), z.literal(1)]).nullable(),
    }),
  ),
  /** Events of all videos in the order in which to look at them; draws what is to be drawn at random. */
  'review.queue': call(
    z.object({
      runId: e.id,
      settings: r.queueSettings.prefault({}),
      ...askedRules,
      pass: r.reviewPass.default(1),
      /** Also what people drew or ignored, and what they decided on where this run sees no event (any more). */
      people: z.boolean().default(false),
      limit: z.int().min(1).max(100_000).default(20_000),
    }),
    r.queue,
  ),
  /** Of the videos somebody said something about; of all others nothing is decided. */
  'review.progress': call(
    z.object({ runId: e.id, perCamera: z.boolean().default(false), pass: r.reviewPass.default(1) }),
    z.array(r.videoProgress),
  ),
  /** Where the person was, null before the first time. */
  'review.place': call(none, r.queuePlace.nullable()),
  'review.setPlace': call(z.object({ place: r.queuePlace }), none),
  /** Events of a run beside those of an earlier one and beside verdicts. */
  'review.diff': call(z.object({ runId: e.id, against: e.id, pass: r.reviewPass.default(1) }), r.runDiff),
  /**
   * A verdict on all open events that fit, as a rule; `dryRun` only says what it would take. Nobody looked at them: they
   * never count as reviewed.
   */
  'review.bulk': call(
    z.object({
      runId: e.id,
      by: r.editor.prefault({}),
      verdict: r.verdict,
      class: z.string().trim().min(1).max(80).nullable().default(null),
      filter: r.queueFilter.prefault({}),
      /** Only events within this distance of one, in feature space. */
      like: frameRange
        .extend({ videoId: e.id, radius: z.number().positive().max(1000) })
        .nullable()
        .default(null),
      dryRun: z.boolean(),
    }),
    z.object({
      text: z.string(),
      affected: z.int(),
      seconds: z.number(),
      /** Twelve of them, at random. */
      sample: z.array(r.queueItem),
      change: r.reviewChange.nullable(),
    }),
  ),
  /** Reviewed events that look like one, the nearest first, and how many open ones lie within a radius. */
  'review.similar': call(
    z.object({
      runId: e.id,
      videoId: e.id,
      range: frameRange,
      pass: r.reviewPass.default(1),
      count: z.int().min(1).max(50).default(3),
    }),
    z.object({
      reviewed: z.array(r.similar),
      /** Distances of open events of the run to this one, ascending; at most 1,000. */
      open: z.array(z.number()),
    }),
  ),
  /** The two reviews beside each other. */
  'review.agreement': call(none, r.agreement),
  /** The reviewer of this project, for edits that name none. */
  'review.reviewer': call(none, z.object({ reviewer: z.string() })),
  'review.setReviewer': call(z.object({ reviewer: z.string().trim().min(1).max(80) }), none),

  'exports.write': call(
    z.object({
      labels: e.labelSource,
      formats: z.array(f.exportFormat).min(1),
      options: f.exportOptions.prefault({}),
      grant: z.string().nullable().default(null),
    }),
    e.exportResult,
  ),
  /** What an export would write in one format, how readers would take it, and what it could not hold. Writes nothing. */
  'exports.preview': call(
    z.object({ labels: e.labelSource, format: f.exportFormat, options: f.exportOptions.prefault({}) }),
    e.exportPreview,
  ),
  /** How many videos have ground truth. */
  'exports.truth': call(none, z.object({ videos: z.int() })),
  /** How many labels an export of this source would hold. */
  'exports.counts': call(z.object({ labels: e.labelSource }), e.labelCounts),

  'jobs.list': call(none, z.array(e.job)),
  'jobs.cancel': call(byId, none),
  'jobs.resume': call(byId, started),
} as const;

export const events = {
  'job.changed': e.job,
  'run.point': z.object({ runId: e.id, points: z.array(e.curvePoint) }),
  'project.changed': z.object({ project: e.project.nullable() }),
  'videos.changed': none,
  'features.changed': none,
  'runs.changed': none,
  /** A run that is being trained has new score maps. */
  'maps.changed': none,
  'review.changed': r.reviewChange,
  'layers.changed': none,
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
/** What a caller passes (defaults may be left out). */
export type Input<N extends CallName> = z.input<Calls[N]['input']>;
/** What a handler receives (defaults filled in). */
export type ParsedInput<N extends CallName> = z.output<Calls[N]['input']>;
export type Output<N extends CallName> = z.output<Calls[N]['output']>;
export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;
export type AnyEvent = { [N in EventName]: { event: N; payload: EventPayload<N> } }[EventName];

export const result = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorData }),
]);
export type Result = z.infer<typeof result>;

/** Messages on a MessagePort: `{id, call, input}` one way, `{id, result}` and `{event, payload}` the other. */
export const request = z.object({ id: z.int(), call: z.string(), input: z.unknown() });
export const reply = z.union([
  z.object({ id: z.int(), result }),
  z.object({ event: z.string(), payload: z.unknown() }),
]);
export type Request = z.infer<typeof request>;
export type Reply = z.infer<typeof reply>;

/** Relative URLs of bulk data; the same paths under `app://studio` and on the loopback server. */
export const resourceUrl = {
  /** The playable file: the original or its proxy. Answers Range requests. */
  media: (videoId: number) => `/media/${videoId}`,
  /** Picture of a recent project, by its key; there also while the project is closed. */
  picture: (key: string) => `/picture/${key}`,
  /** JPEG number `index` of `video.thumbnails`, evenly spread over the video. */
  thumbnail: (videoId: number, index: number) => `/thumbnail/${videoId}/${index}`,
  /** Frame table, see shared/labels/frame-table.ts for the layout. */
  frames: (videoId: number) => `/frames/${videoId}`,
  /** Float32LE, one score per segment. */
  scores: (runId: number, videoId: number) => `/scores/${runId}/${videoId}`,
  /** The same beside the usual level of the video's camera; 404 for a video without camera. */
  cameraScores: (runId: number, videoId: number) => `/camera-scores/${runId}/${videoId}`,
  /** Uint8, one pseudo-label per segment. */
  labels: (runId: number, videoId: number) => `/labels/${runId}/${videoId}`,
  /**
   * Boxes or poses in frames [start, end) of a video, layout in shared/labels/detections.ts (`decodeDetections`); frames
   * behind the last one that holds any are left out. 404 where the video has none of this kind (`videoRow.detections`).
   */
  detections: (videoId: number, kind: DetectionKind, start: number, end: number) =>
    `/detections/${videoId}/${kind}/${start}-${end}`,
} as const;

/** Whether a path on the server names bulk data rather than a file of the page; one name per entry of `resourceUrl`. */
export const isResourcePath = (path: string): boolean =>
  /^\/(media|picture|thumbnail|frames|scores|camera-scores|labels|detections)\//.test(path);

/** One interface for both transports; implemented in renderer/platform/port-client.ts and http-client.ts. */
export interface Client {
  call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>>;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  close(): void;
}
