// What a person says about events, as it crosses the border between engine and faces.
// Role: schemas of the human and rule layers, of edits, of steps to undo. Limits: the machine's own events are a run's
// scores under its rule (entities.ts); here they are only pointed at, by run, video and frames.
import { z } from 'zod';
import { frameRange } from '../labels/types.ts';

const id = z.int().positive();
const timestamp = z.int().nonnegative();

export const verdict = z.enum(['accepted', 'rejected', 'unsure']);
export type Verdict = z.infer<typeof verdict>;

/**
 * What a person's row is: an `event`; a range to `ignore` in ground truth, metrics and training; a `note` and nothing
 * else; or `watched`: every frame of it was looked at, what is not an accepted event there is normal.
 */
export const humanKind = z.enum(['event', 'ignore', 'note', 'watched']);
export type HumanKind = z.infer<typeof humanKind>;

/** 1 is the review that labels are made from; 2 is a second reviewer's, blind to it. */
export const reviewPass = z.union([z.literal(1), z.literal(2)]);
export type ReviewPass = z.infer<typeof reviewPass>;

const className = z.string().trim().min(1).max(80);
const note = z.string().max(10_000);
const properRange = frameRange.refine((range) => range.start < range.end, 'A range ends after it starts.');

/** Human layer: one row of `events`. */
export const humanEvent = frameRange.extend({
  id,
  kind: humanKind,
  pass: reviewPass,
  videoId: id,
  /** The run whose event it came from; null for one a person drew, and after that run was removed. */
  runId: id.nullable(),
  /** The machine event it came from, as a row of the model layer. */
  parentId: id.nullable(),
  /** Edges of that machine event, kept even when its run is gone; null for one a person drew. */
  origin: frameRange.nullable(),
  /** Null: edges or a note were changed, nothing is decided. */
  verdict: verdict.nullable(),
  class: z.string().nullable(),
  note: z.string(),
  reviewer: z.string().min(1),
  createdAt: timestamp,
  changedAt: timestamp,
});
export type HumanEvent = z.infer<typeof humanEvent>;

/** Rule layer: one event of a bulk verdict. Nobody looked at it. */
export const ruleEvent = frameRange.extend({
  id,
  ruleId: id,
  runId: id,
  videoId: id,
  verdict,
  class: z.string().nullable(),
});
export type RuleEvent = z.infer<typeof ruleEvent>;

/** One bulk verdict: what was decided, about which run, in which words. */
export const reviewRule = z.object({
  id,
  runId: id,
  /** The rule as a sentence. */
  text: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  verdict,
  class: z.string().nullable(),
  /** Who applied it. */
  reviewer: z.string(),
  events: z.int().nonnegative(),
  /** False after it was undone. */
  active: z.boolean(),
  createdAt: timestamp,
});
export type ReviewRule = z.infer<typeof reviewRule>;

export const reviewClass = z.object({
  name: className,
  /** One of the palette's class colours, by number. */
  colour: z.int().min(0).max(7),
  /** The digit that gives this class to an event; null: only by pointer. */
  key: z
    .string()
    .regex(/^[1-9]$/)
    .nullable(),
});
export type ReviewClass = z.infer<typeof reviewClass>;

/** Where undo stands. */
export const reviewState = z.object({
  pass: reviewPass,
  /** Steps that can be undone, and the name of the one that would be. */
  undo: z.int().nonnegative(),
  last: z.string().nullable(),
  /** Steps that can be done again. */
  redo: z.int().nonnegative(),
  next: z.string().nullable(),
  /** When the last step was stored, null before the first. */
  savedAt: timestamp.nullable(),
  /** Newest row of the audit log; 0 for none. */
  auditId: z.int().nonnegative(),
});
export type ReviewState = z.infer<typeof reviewState>;

/** What a step changed; the answer to every edit and the payload of `review.changed`. */
export const reviewChange = z.object({
  state: reviewState,
  /** What was done, undone or done again, in words. */
  name: z.string(),
  /** Human rows that are new or different. */
  rows: z.array(humanEvent),
  removed: z.array(id),
  /** Whether bulk verdicts or classes changed: their lists are to be read again. */
  rules: z.boolean(),
  classes: z.boolean(),
  /** Whether event rules of runs changed: runs are to be read again. */
  thresholds: z.boolean(),
});
export type ReviewChange = z.infer<typeof reviewChange>;

/** The event an edit is about: a person's row, or a machine event that becomes one. */
export const editTarget = z.union([
  z.object({ id }),
  z.object({ runId: id, videoId: id, range: properRange }),
]);
export type EditTarget = z.infer<typeof editTarget>;

/** How a difference between two reviews was settled: for one of the two, or as what nobody can say. */
export const settledAs = z.enum(['first', 'second', 'unsure']);
export type SettledAs = z.infer<typeof settledAs>;

/** One edit: one transaction, one step to undo, one row of the audit log. */
export const reviewEdit = z.discriminatedUnion('type', [
  /** A verdict, a class, a note, other edges. A machine event stays as it is; the person's row is linked to it. */
  z.object({
    type: z.literal('change'),
    target: editTarget,
    set: z.object({
      range: properRange.optional(),
      verdict: verdict.nullable().optional(),
      class: className.nullable().optional(),
      note: note.optional(),
    }),
  }),
  z.object({
    type: z.literal('create'),
    videoId: id,
    range: properRange,
    kind: humanKind.default('event'),
    class: className.nullable().default(null),
    note: note.default(''),
  }),
  /** Two events: up to frame `at`, and from it on. */
  z.object({ type: z.literal('split'), target: editTarget, at: z.int().positive() }),
  /** One event over all of them, with verdict, class and notes of the first that has one. */
  z.object({ type: z.literal('merge'), targets: z.array(editTarget).min(2).max(1000) }),
  z.object({ type: z.literal('remove'), ids: z.array(id).min(1).max(10_000) }),
  /**
   * The merge of two reviews, difference by difference: what the first said stays, what the second said becomes the
   * first's, or nobody can say. Only the first review changes.
   */
  z.object({
    type: z.literal('settle'),
    /** A stretch as `review.agreement` lists it. */
    of: properRange.and(z.object({ videoId: id })),
    as: settledAs,
  }),
  /** The review as it was right after a row of the log, 0 for before everything: what differs now, in one step. */
  z.object({ type: z.literal('restore'), at: z.int().nonnegative() }),
  /** The whole list; a class of an old name that `renamed` maps keeps its events. */
  z.object({
    type: z.literal('classes'),
    classes: z.array(reviewClass).max(100),
    renamed: z.record(z.string(), className).default({}),
  }),
]);
export type ReviewEdit = z.infer<typeof reviewEdit>;

/** Who edits. Without a name the reviewer of the project, or else the name of the system's user. */
export const editor = z.object({
  reviewer: z.string().trim().min(1).max(80).nullable().default(null),
  pass: reviewPass.default(1),
});
export type Editor = z.infer<typeof editor>;

/** What a face calls an edit: sent again with the same key, because the answer was lost, it is done once. */
export const editKey = z.string().min(8).max(64);

/** A row of the audit log as people read it. */
export const logEntry = z.object({
  id,
  at: timestamp,
  actor: z.string(),
  action: z.string(),
  /** What was done, in words. */
  name: z.string(),
  pass: reviewPass.nullable(),
  videoIds: z.array(id),
  before: z.array(humanEvent),
  after: z.array(humanEvent),
});
export type LogEntry = z.infer<typeof logEntry>;

/** What restoring a point of the log would change. */
export const sinceThen = z.object({
  /** Rows of people that come back, become what they were, and go; the videos they are in. */
  back: z.int().nonnegative(),
  changed: z.int().nonnegative(),
  gone: z.int().nonnegative(),
  videos: z.int().nonnegative(),
  /** Bulk verdicts that come into force or go out of it. */
  rules: z.int().nonnegative(),
  /** Whether the list of classes becomes another. */
  classes: z.boolean(),
});
export type SinceThen = z.infer<typeof sinceThen>;

/** A label in use: an event with who says so. */
export const labelInUse = frameRange.extend({
  layer: z.enum(['human', 'rule', 'model']),
  verdict: z.enum(['accepted']).nullable(),
  class: z.string().nullable(),
  reviewer: z.string().nullable(),
  /** Row of the human or rule layer; null for a machine event nobody decided on. */
  eventId: id.nullable(),
  /** The machine event it came from. */
  origin: frameRange.nullable(),
});
export type LabelInUse = z.infer<typeof labelInUse>;

export const queueOrder = z.enum([
  'uncertain',
  'disagree',
  'score',
  'length',
  'novel',
  'random',
  'gain',
  'time',
]);
export type QueueOrder = z.infer<typeof queueOrder>;

/** What is in the queue; empty: all events. */
export const queueFilter = z.object({
  /** What was said about an event: by nobody, by a rule alone, or a verdict of a person. */
  said: z.array(z.enum(['open', 'rule', 'accepted', 'rejected', 'unsure'])).default([]),
  class: z.string().nullable().default(null),
  /** Part of the path or a pattern (`day1/*.mp4`), upper and lower case alike. */
  path: z.string().max(400).default(''),
  /** Of any of these cameras; and with any of these tags. */
  cameras: z.array(z.string()).default([]),
  tags: z.array(z.string()).default([]),
  minScore: z.number().nullable().default(null),
  maxScore: z.number().nullable().default(null),
  minFrames: z.int().nonnegative().nullable().default(null),
  maxFrames: z.int().nonnegative().nullable().default(null),
  /** Only what changed against this earlier run, and what contradicts verdicts: see `review.diff`. */
  against: id.nullable().default(null),
});
export type QueueFilter = z.infer<typeof queueFilter>;

/** How a queue is made; kept with the project, so that it is the same after a restart. */
export const queueSettings = z.object({
  order: queueOrder.default('uncertain'),
  seed: z
    .int()
    .nonnegative()
    .max(2 ** 32 - 1)
    .default(1),
  filter: queueFilter.prefault({}),
  /** Share of the queue that is drawn from below the threshold. */
  probeShare: z.number().min(0).max(0.5).default(0.1),
  /** Minutes a person has; null: no budget. */
  budgetMinutes: z.number().positive().max(10_000).nullable().default(null),
  /** How many times faster than the footage a person reviews. */
  reviewSpeed: z.number().min(0.1).max(16).default(1),
  /** Size of the random sample, for the order `random`. */
  sample: z.int().min(1).max(100_000).default(200),
  /** Scores beside the usual level of each camera. */
  perCamera: z.boolean().default(false),
});
export type QueueSettings = z.infer<typeof queueSettings>;

export const queueItem = frameRange.extend({
  videoId: id,
  /**
   * An event of the run, or a probe below its threshold; with `people` also a person's event that no event of the run
   * stands for (`human`), and a range to ignore (`ignored`).
   */
  kind: z.enum(['event', 'probe', 'human', 'ignored']),
  /** The run whose event it is, or was when a person decided on it; null for what a person drew. */
  runId: id.nullable(),
  max: z.number(),
  mean: z.number(),
  /** Highest score of each run of `runs` over these frames; null where a run does not have the video. */
  scores: z.array(z.number().nullable()),
  /** Mean score of each, over the same frames. */
  means: z.array(z.number().nullable()),
  /** How far the methods are apart, in [0, 1]; null with one method. */
  spread: z.number().min(0).max(1).nullable(),
  /** Distance to the nearest reviewed event in feature space; null while not known. */
  novelty: z.number().nonnegative().nullable(),
  /** What was said: the verdict that counts, and who gave it. */
  verdict: verdict.nullable(),
  by: z.enum(['human', 'rule']).nullable(),
  class: z.string().nullable(),
  reviewer: z.string().nullable(),
  /** Row of the person who decided. */
  eventId: id.nullable(),
  /** For items drawn at random: the draw, and the probability with which it took this item. */
  drawn: z
    .object({ drawId: id, position: z.int().nonnegative(), probability: z.number().positive().max(1) })
    .nullable(),
  /** Compared with an earlier run, where the filter asks for that. */
  why: z.enum(['new', 'moved', 'gone', 'contradiction']).nullable(),
  /** Seconds it takes to look at it. */
  seconds: z.number().nonnegative(),
});
export type QueueItem = z.infer<typeof queueItem>;

/** What the reviewed part says about the rest, and what a budget would change. */
export const queueOutlook = z.object({
  /** Verdicts of people these expectations rest on. */
  verdicts: z.int().nonnegative(),
  /** Share of the labels in use that are right, before and after this queue, with 90 % intervals; null below 20 verdicts. */
  before: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  after: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
});
export type QueueOutlook = z.infer<typeof queueOutlook>;

export const queue = z.object({
  /** Runs behind `scores`, the chosen one first. */
  runs: z.array(id),
  items: z.array(queueItem),
  /** Events that fit the filter, before the budget. */
  total: z.int().nonnegative(),
  /** Of all events of the run: decided by people, by a rule alone, by nobody. */
  human: z.int().nonnegative(),
  rule: z.int().nonnegative(),
  open: z.int().nonnegative(),
  /** Besides these: events nobody has to decide on, because people said to ignore at least half of their frames. */
  ignored: z.int().nonnegative(),
  /** Seconds it takes to go through the items that nobody decided on. */
  seconds: z.number().nonnegative(),
  outlook: queueOutlook,
  /** The order asked for needs this first; the items are in the order of their scores until then. */
  needs: z.enum(['features', 'verdicts', 'runs']).nullable(),
});
export type Queue = z.infer<typeof queue>;

/** How far the review of a video has come under a run and its rule; see shared/labels/progress.ts. */
export const videoProgress = z.object({
  videoId: id,
  events: z.int().nonnegative(),
  decided: z.int().nonnegative(),
  /** By a bulk verdict alone: nobody looked. */
  rule: z.int().nonnegative(),
  ignored: z.int().nonnegative(),
  /** Share of the frames that people spoke about. */
  watched: z.number().min(0).max(1),
});
export type VideoProgress = z.infer<typeof videoProgress>;

/** Where a person is in the queue. */
export const queuePlace = z.object({
  runId: id,
  settings: queueSettings,
  current: frameRange.extend({ videoId: id }).nullable(),
});
export type QueuePlace = z.infer<typeof queuePlace>;

/** What an earlier run saw, what this one sees, and what people said about it. */
export const runDiff = z.object({
  new: z.int(),
  moved: z.int(),
  gone: z.int(),
  same: z.int(),
  /** Verdicts of people that this run contradicts: rejected and seen again, accepted and not seen. */
  contradictions: z.int(),
});
export type RunDiff = z.infer<typeof runDiff>;

/** A stretch two reviewers do not agree about. */
export const difference = frameRange.extend({
  videoId: id,
  what: z.enum(['only_first', 'only_second', 'edges']),
  first: humanEvent.nullable(),
  second: humanEvent.nullable(),
  /** Null: it is still to be settled; also when one of the two said something else since. */
  settled: settledAs.nullable(),
});
export type ReviewDifference = z.infer<typeof difference>;

export const agreement = z.object({
  /** Names of those who reviewed, by pass. */
  first: z.array(z.string()),
  second: z.array(z.string()),
  /** Videos both said something about; the numbers are over them. */
  videos: z.int(),
  segments: z.int(),
  kappa: z.number().nullable(),
  iou: z.number().nullable(),
  differences: z.array(difference),
  /** How many differences were settled and not undone, also those that are none any more because of it. */
  settled: z.int(),
});
export type ReviewAgreement = z.infer<typeof agreement>;

/** A reviewed event that looks like another. */
export const similar = frameRange.extend({
  videoId: id,
  distance: z.number().nonnegative(),
  verdict,
  class: z.string().nullable(),
});
export type SimilarEvent = z.infer<typeof similar>;
