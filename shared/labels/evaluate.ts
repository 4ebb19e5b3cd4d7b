// Everything that is said about a run where ground truth exists, over the frames that a protocol counts.
// Role: slices of videos (all, one class, one camera, one video) with the same measures each; curves, histogram,
// reliability and events over all of them. Limits: pure; which videos and frames come in is the engine's part.
import { type Reliability, reliability as reliabilityOf } from '../quality/calibration.ts';
import { type EventCounts, eventCounts } from './event-metrics.ts';
import { frameMetrics, type RankCurves, rankCurves } from './metrics.ts';
import type { FrameRange } from './types.ts';

/** How the frames of a video are counted, and what becomes of those behind the end of the shorter side (methods.md 0.3). */
export const TAILS = ['pad_last', 'zeros', 'cut'] as const;
/**
 * Only for the official protocol with its 16T frames: `pad_last`: labels go on with their last value; `zeros`: frames
 * behind the end of the video are normal; `cut`: only frames that both have count. The trimmed protocol counts the n
 * frames of the video and continues scores with their last value.
 */
export type Tail = (typeof TAILS)[number];

/** Frames of one video that count, all three as long as each other. */
export interface EvaluatedVideo {
  id: number;
  name: string;
  camera: string | null;
  folder: string;
  class: string | null;
  /** Length of the footage; 0: not known. */
  seconds: number;
  /** 1: anomalous. */
  labels: Uint8Array;
  scores: Float32Array;
  /** 1: labelled by the run under its rule. */
  predicted: Uint8Array;
  /** Events of the run under its rule, and true events, in frames of the video. */
  found: (FrameRange & { max: number })[];
  truth: FrameRange[];
}

/** The measures of some videos together. Null: not defined, because one class is missing or nothing is labelled. */
export interface Slice {
  name: string;
  videos: number;
  frames: number;
  anomalousFrames: number;
  /** ROC AUC over all frames together. */
  microAuc: number | null;
  /** Mean of the videos' AUC, each with one extra frame of either class. */
  macroAuc: number | null;
  stepAp: number | null;
  trapezoidPrAuc: number | null;
  /** At the threshold: share of labelled frames that are anomalous, and of anomalous frames that are labelled. */
  precision: number | null;
  recall: number | null;
  /** At the threshold: share of the normal frames that are labelled. */
  falseAlarmRate: number | null;
  /** Events that touch no true one, per hour of footage; null where its length is not known. */
  falseAlarmsPerHour: number | null;
  /** Frames labelled wrongly at the threshold, of either kind. */
  wrongFrames: number;
}

export interface Evaluation {
  all: Slice;
  /** Only videos with an anomalous frame; null without one. */
  abnormalOnly: Slice | null;
  /** Empty where nothing is known to tell videos apart by. */
  classes: Slice[];
  cameras: Slice[];
  folders: Slice[];
  /** Most wrong frames first. */
  perVideo: (Slice & { videoId: number })[];
  events: EventCounts[];
  curves: RankCurves | null;
  histogram: Histogram;
  reliability: Reliability;
}

/** How scores are spread over normal and over anomalous frames: shares of each in equal parts of [low, high]. */
export interface Histogram {
  low: number;
  high: number;
  normal: number[];
  anomalous: number[];
}

const HISTOGRAM_BINS = 40;

function joined<A extends Uint8Array | Float32Array>(parts: readonly A[], out: A): A {
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

interface Joined {
  labels: Uint8Array;
  scores: Float32Array;
  predicted: Uint8Array;
  /** `[V + 1]`. */
  offsets: number[];
}

/** The frames of the videos, one video after the other. */
function join(videos: readonly EvaluatedVideo[]): Joined {
  const offsets = [0];
  for (const { labels } of videos) offsets.push(offsets[offsets.length - 1] + labels.length);
  const length = offsets[videos.length];
  return {
    labels: joined(
      videos.map((v) => v.labels),
      new Uint8Array(length),
    ),
    scores: joined(
      videos.map((v) => v.scores),
      new Float32Array(length),
    ),
    predicted: joined(
      videos.map((v) => v.predicted),
      new Uint8Array(length),
    ),
    offsets,
  };
}

/** Two ranges with a frame in common. */
const touches = (a: FrameRange, b: FrameRange): boolean => a.start < b.end && b.start < a.end;

function atThreshold(videos: readonly EvaluatedVideo[], { labels, predicted }: Joined) {
  let [tp, fp, positives] = [0, 0, 0];
  for (let i = 0; i < labels.length; i++) {
    positives += labels[i];
    if (predicted[i] === 0) continue;
    if (labels[i] === 1) tp++;
    else fp++;
  }
  const negatives = labels.length - positives;
  const alarms = videos.reduce(
    (sum, { found, truth }) => sum + found.filter((f) => !truth.some((t) => touches(f, t))).length,
    0,
  );
  const hours = videos.reduce((sum, video) => sum + video.seconds, 0) / 3600;
  return {
    precision: tp + fp > 0 ? tp / (tp + fp) : null,
    recall: positives > 0 ? tp / positives : null,
    falseAlarmRate: negatives > 0 ? fp / negatives : null,
    falseAlarmsPerHour: hours > 0 && videos.every((video) => video.seconds > 0) ? alarms / hours : null,
    wrongFrames: fp + positives - tp,
  };
}

/** The measures of some videos under a name. @throws AppError `bad_input` for scores that are no numbers */
export function sliceOf(name: string, videos: readonly EvaluatedVideo[]): Slice {
  const all = join(videos);
  const { perVideoAuc: _, ...metrics } = frameMetrics(all.labels, all.scores, all.offsets);
  return { name, videos: videos.length, ...metrics, ...atThreshold(videos, all) };
}

/** One slice per value of `key`, by name; empty unless there are at least two. */
function slicesBy(videos: readonly EvaluatedVideo[], key: (video: EvaluatedVideo) => string | null): Slice[] {
  const groups = Map.groupBy(videos, key);
  const named = [...groups].flatMap(([name, members]) => (name === null ? [] : [sliceOf(name, members)]));
  const rest = groups.get(null);
  if (named.length === 0 || (named.length === 1 && !rest)) return [];
  return named.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function histogramOf({ labels, scores }: Joined): Histogram {
  let [low, high] = [Infinity, -Infinity];
  for (const score of scores) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  if (low >= 0 && high <= 1) [low, high] = [0, 1];
  const counts = [new Array<number>(HISTOGRAM_BINS).fill(0), new Array<number>(HISTOGRAM_BINS).fill(0)];
  const width = high > low ? high - low : 1;
  for (let i = 0; i < scores.length; i++)
    counts[labels[i]][
      Math.min(HISTOGRAM_BINS - 1, Math.floor(((scores[i] - low) / width) * HISTOGRAM_BINS))
    ]++;
  const [normal, anomalous] = counts.map((bins) => {
    const total = bins.reduce((a, b) => a + b, 0);
    return bins.map((n) => (total > 0 ? n / total : 0));
  });
  return { low, high, normal, anomalous };
}

/** All measures of a run. @param videos at least one. */
export function evaluate(videos: readonly EvaluatedVideo[]): Evaluation {
  const all = join(videos);
  const abnormal = videos.filter(({ labels }) => labels.includes(1));
  return {
    all: sliceOf('All videos', videos),
    abnormalOnly: abnormal.length > 0 ? sliceOf('Videos with an anomaly', abnormal) : null,
    classes: slicesBy(videos, (video) => video.class),
    cameras: slicesBy(videos, (video) => video.camera),
    folders: slicesBy(videos, (video) => video.folder),
    perVideo: videos
      .map((video) => ({ ...sliceOf(video.name, [video]), videoId: video.id }))
      .toSorted((a, b) => b.wrongFrames - a.wrongFrames || a.name.localeCompare(b.name, 'en')),
    events: eventCounts(videos),
    curves: rankCurves(all.labels, all.scores),
    histogram: histogramOf(all),
    reliability: reliabilityOf(all.scores, all.labels),
  };
}
