// How good labels are, as it crosses the border between engine and faces.
// Role: schemas of evaluations against ground truth and of estimates without it. Limits: no behaviour.
import { z } from 'zod';
import { TAILS } from '../labels/evaluate.ts';
import { eventRule, frameRange } from '../labels/types.ts';
import { CONSENSUS_RULES } from '../quality/consensus.ts';

const id = z.int().positive();
const share = z.number().min(0).max(1).nullable();
const point = z.tuple([z.number(), z.number()]);

/** Which frames an evaluation counts. */
export const evaluationOptions = z.object({
  protocol: z.enum(['trimmed', 'official']).default('trimmed'),
  /** What becomes of frames behind the end of a video under the official protocol. */
  tail: z.enum(TAILS).default('pad_last'),
  /** Path prefix or glob over relative paths, for a part of the pool (`test/`); null: all. */
  only: z.string().nullable().default(null),
  /** Sigma of a Gaussian over the frame scores of each video, in frames; 0: scores as they are. */
  smooth: z.number().nonnegative().max(10_000).default(0),
});

/** The measures of some videos; see `Slice` in shared/labels/evaluate.ts. */
export const evaluationSlice = z.object({
  name: z.string(),
  videos: z.int(),
  frames: z.int(),
  anomalousFrames: z.int(),
  microAuc: share,
  macroAuc: share,
  stepAp: share,
  trapezoidPrAuc: share,
  precision: share,
  recall: share,
  falseAlarmRate: share,
  falseAlarmsPerHour: z.number().nonnegative().nullable(),
  wrongFrames: z.int(),
});
export type EvaluationSlice = z.infer<typeof evaluationSlice>;

export const reliability = z.object({
  bins: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      predicted: z.number(),
      observed: z.number(),
      n: z.int(),
    }),
  ),
  error: z.number(),
  brier: z.number(),
});
export type ReliabilityCurve = z.infer<typeof reliability>;

export const evaluationReport = z.object({
  run: z.object({ id, name: z.string(), method: z.string() }),
  /** The thresholds behind everything that is said "at the threshold". */
  rule: eventRule,
  protocol: z.enum(['trimmed', 'official']),
  tail: z.enum(TAILS),
  only: z.string().nullable(),
  smooth: z.number(),
  truth: z.string(),
  videosWithoutTruth: z.int(),
  /** Frames left out because people marked them so. */
  ignoredFrames: z.int(),
  all: evaluationSlice,
  abnormalOnly: evaluationSlice.nullable(),
  classes: z.array(evaluationSlice),
  cameras: z.array(evaluationSlice),
  folders: z.array(evaluationSlice),
  /** Most wrong frames first. */
  perVideo: z.array(evaluationSlice.extend({ videoId: id })),
  events: z.array(z.object({ iou: z.number(), found: z.int(), truth: z.int(), matched: z.int() })),
  curves: z.object({ roc: z.array(point), pr: z.array(point) }).nullable(),
  histogram: z.object({
    low: z.number(),
    high: z.number(),
    normal: z.array(z.number()),
    anomalous: z.array(z.number()),
  }),
  reliability,
});
export type EvaluationReport = z.infer<typeof evaluationReport>;

const estimated = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  /** Decided units behind it. */
  n: z.int(),
  /** Simple random segments that would say the same; null: everything was looked at. */
  effective: z.number().nullable(),
});

/** An estimate with its 90 % interval, or why there is none; see `Outcome` in shared/quality/estimate.ts. */
export const qualityOutcome = z.discriminatedUnion('known', [
  estimated.extend({ known: z.literal(true) }),
  z.object({
    known: z.literal(false),
    reason: z.enum(['few', 'none', 'uncovered']),
    n: z.int(),
    /** Decided units still needed for any estimate. */
    needed: z.int(),
  }),
]);
export type QualityOutcome = z.infer<typeof qualityOutcome>;

/** What a threshold makes of a run. */
export const whatIfPoint = z.object({
  on: z.number(),
  events: z.int(),
  frames: z.int(),
  /** Length of the events. */
  seconds: z.number(),
  /** Segments inside events, and outside. */
  labelled: z.int(),
  unlabelled: z.int(),
  precision: qualityOutcome,
  recall: qualityOutcome,
});
export type WhatIfPoint = z.infer<typeof whatIfPoint>;

export const qualitySlice = z.object({
  name: z.string(),
  videos: z.int(),
  /** Decided units of random draws in these videos. */
  decided: z.int(),
  precision: qualityOutcome,
  recall: qualityOutcome,
  events: z.int(),
  /** Estimated from the precision; null where that or the length of the footage is not known. */
  falseAlarmsPerHour: z.number().nullable(),
});
export type QualitySlice = z.infer<typeof qualitySlice>;

/** What one run says of a stretch of a video. */
export const runVoice = z.object({
  runId: id,
  name: z.string(),
  method: z.string(),
  /** Threshold of the rule that holds for the video. */
  on: z.number(),
  max: z.number(),
  mean: z.number(),
  /** Frames in which it reaches its threshold: whole segments, cut to the stretch. */
  fired: z.array(frameRange),
  /** How much it counts in a consensus, from reviewed samples; null while these do not say. */
  weight: z.number().nullable(),
});
export type RunVoice = z.infer<typeof runVoice>;

/** Which runs fired on a stretch of a video, when, and how much each of them counts. */
export const explanation = frameRange.extend({
  videoId: id,
  voices: z.array(runVoice),
  /** Reviewed random samples behind the weights, and how many of them it takes. */
  samples: z.int(),
  needed: z.int(),
});
export type Explanation = z.infer<typeof explanation>;

/** How good the labels of a run are, as far as random samples tell. Counted in segments of 16 frames. */
export const qualityReport = z.object({
  runId: id,
  /** The rule that was asked about, and the one that is kept with the run. */
  rule: eventRule,
  saved: eventRule,
  at: whatIfPoint,
  prevalence: qualityOutcome,
  samples: z.object({
    draws: z.int(),
    /** Units that count, those decided, and those a person was unsure about. */
    drawn: z.int(),
    decided: z.int(),
    unsure: z.int(),
    /** Draws whose population cannot be told any more. */
    unusable: z.int(),
    /** Verdicts that did not come from a random draw, and events of bulk verdicts: never used. */
    otherVerdicts: z.int(),
    byRule: z.int(),
  }),
  /** Accepted events of people without a label under the rule. */
  acceptedBelow: z.int(),
  /** More reviews, drawn as those before, until the intervals are this wide; null where there is no estimate yet. */
  needed: z.object({
    width: z.number(),
    precision: z.int().nullable(),
    recall: z.int().nullable(),
    /** Units that nobody decided on yet; the numbers are never above it. */
    left: z.int(),
  }),
  /** Empty unless asked for. */
  curve: z.array(whatIfPoint),
  cameras: z.array(qualitySlice),
  folders: z.array(qualitySlice),
});
export type QualityReport = z.infer<typeof qualityReport>;

export const calibrationKind = z.enum(['isotonic', 'platt']);

/** A fitted map from score to probability; see shared/quality/calibration.ts. */
export const calibration = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('isotonic'),
    /** Reviewed units behind it. */
    n: z.int(),
    knots: z.array(z.object({ score: z.number(), probability: z.number() })),
  }),
  z.object({ kind: z.literal('platt'), n: z.int(), slope: z.number(), offset: z.number() }),
]);

/** Scores as probabilities, and how well both hold on reviewed samples. */
export const calibrationReport = z.object({
  runId: id,
  calibration,
  /** Score against probability, for drawing. */
  curve: z.array(point),
  /** Scores taken as probabilities as they are. */
  before: reliability,
  /** Probabilities of samples that the fit did not see (five parts, each left out once). */
  after: reliability,
});
export type CalibrationReport = z.infer<typeof calibrationReport>;

/** Several runs as one; see shared/quality/consensus.ts. */
export const consensusOptions = z.object({
  runIds: z.array(id).min(2).max(64),
  rule: z.enum(CONSENSUS_RULES).default('mean'),
  /** For `votes`: labelled by at least so many runs; null: more than half. */
  k: z.int().positive().nullable().default(null),
  name: z.string().trim().max(200).default(''),
});

/** How far other runs agree with one, each under its own rule. */
export const runAgreement = z.object({
  runId: id,
  /** Share of segments with the same label; null where they have no segment in common. */
  agreement: share,
  segments: z.int(),
});
export type RunAgreement = z.infer<typeof runAgreement>;
