// Frame-level metrics (methods.md 0.4): ROC AUC over all frames and per video, and two areas under precision-recall.
// Role: exact values with equal scores grouped into one threshold; millions of frames in well under a second, in any
// process. Limits: labels are 0 or 1, scores finite and, for the macro AUC, in [0, 1].
import { AppError } from '../errors.ts';

export interface RankMetrics {
  /** Area under the ROC curve. */
  auc: number;
  /** Sum of (R_i - R_{i-1}) P_i over distinct thresholds: average precision as scikit-learn counts it. */
  stepAp: number;
  /** Trapezoid area under the precision-recall points, which include (recall 0, precision 1): as RTFM and XDVioDet count it. */
  trapezoidPrAuc: number;
}

export interface FrameMetrics {
  frames: number;
  anomalousFrames: number;
  /** AUC over all frames together; null where one class is missing, as for the two areas below. */
  microAuc: number | null;
  /** Mean of `perVideoAuc`; null without videos. */
  macroAuc: number | null;
  stepAp: number | null;
  trapezoidPrAuc: number | null;
  /** Each with one extra frame (label 0, score 0) and one (label 1, score 1), so that it always exists. `[V]`. */
  perVideoAuc: Float64Array;
}

/** Scores of one class, ascending. The native sort of a typed array is several times faster than sorting pairs. */
function sortedScores(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  from: number,
  to: number,
  positive: boolean,
  extra: number[],
): Float64Array {
  let count = 0;
  for (let i = from; i < to; i++) if ((labels[i] !== 0) === positive) count++;
  const out = new Float64Array(count + extra.length);
  let next = 0;
  for (let i = from; i < to; i++) if ((labels[i] !== 0) === positive) out[next++] = scores[i];
  out.set(extra, next);
  return out.sort();
}

/**
 * Visits the thresholds from the highest score down; at each, `tp` and `fp` count the scores at or above it.
 * @param positives,negatives ascending.
 */
function walk(
  positives: Float64Array,
  negatives: Float64Array,
  visit: (tp: number, fp: number, threshold: number) => void,
): void {
  let [p, n] = [positives.length - 1, negatives.length - 1];
  while (p >= 0 || n >= 0) {
    const threshold = Math.max(p >= 0 ? positives[p] : -Infinity, n >= 0 ? negatives[n] : -Infinity);
    while (p >= 0 && positives[p] === threshold) p--;
    while (n >= 0 && negatives[n] === threshold) n--;
    visit(positives.length - 1 - p, negatives.length - 1 - n, threshold);
  }
}

function areas(positives: Float64Array, negatives: Float64Array): RankMetrics {
  let [tpBefore, fpBefore, precisionBefore] = [0, 0, 1];
  let [roc, stepAp, trapezoidPrAuc] = [0, 0, 0];
  walk(positives, negatives, (tp, fp) => {
    const precision = tp / (tp + fp);
    roc += (fp - fpBefore) * (tp + tpBefore);
    stepAp += (tp - tpBefore) * precision;
    trapezoidPrAuc += (tp - tpBefore) * (precision + precisionBefore);
    [tpBefore, fpBefore, precisionBefore] = [tp, fp, precision];
  });
  return {
    auc: roc / (2 * positives.length * negatives.length),
    stepAp: stepAp / positives.length,
    trapezoidPrAuc: trapezoidPrAuc / (2 * positives.length),
  };
}

export interface RankCurves {
  /** False against true positive rate, from (0, 0) to (1, 1). */
  roc: [x: number, y: number][];
  /** Recall against precision, from (0, 1). */
  pr: [x: number, y: number][];
}

/** Points closer than this to the one before are left out of curves. */
const CURVE_STEP = 1 / 400;

/** ROC and precision-recall curves of one list of frames, thinned for drawing; null where one class is missing. */
export function rankCurves(labels: ArrayLike<number>, scores: ArrayLike<number>): RankCurves | null {
  const positives = sortedScores(labels, scores, 0, scores.length, true, []);
  const negatives = sortedScores(labels, scores, 0, scores.length, false, []);
  if (positives.length === 0 || negatives.length === 0) return null;
  const roc: RankCurves['roc'] = [[0, 0]];
  const pr: RankCurves['pr'] = [[0, 1]];
  const add = (points: [number, number][], x: number, y: number, last: boolean): void => {
    const [fromX, fromY] = points[points.length - 1];
    if (last || Math.abs(x - fromX) + Math.abs(y - fromY) >= CURVE_STEP) points.push([x, y]);
  };
  walk(positives, negatives, (tp, fp) => {
    const last = tp === positives.length && fp === negatives.length;
    add(roc, fp / negatives.length, tp / positives.length, last);
    add(pr, tp / positives.length, tp / (tp + fp), last);
  });
  return { roc, pr };
}

/** Metrics of one list of frames; null where one class is missing. @param labels 0 or 1, as long as `scores`. */
export function rankMetrics(labels: ArrayLike<number>, scores: ArrayLike<number>): RankMetrics | null {
  const positives = sortedScores(labels, scores, 0, scores.length, true, []);
  const negatives = sortedScores(labels, scores, 0, scores.length, false, []);
  return positives.length > 0 && negatives.length > 0 ? areas(positives, negatives) : null;
}

/**
 * Metrics over the frames of all videos.
 * @param labels 0 or 1, `[F]`, videos one after the other.
 * @param scores `[F]`.
 * @param offsets `[V + 1]`: video v owns frames [offsets[v], offsets[v + 1]).
 * @throws AppError `bad_input` when lengths differ or a score is not finite.
 */
export function frameMetrics(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  offsets: ArrayLike<number>,
): FrameMetrics {
  const frames = scores.length;
  if (labels.length !== frames || offsets[offsets.length - 1] !== frames) {
    throw new AppError(
      'bad_input',
      `There are ${labels.length} frame labels for ${frames} frame scores; both must be equal.`,
    );
  }
  let anomalousFrames = 0;
  for (let i = 0; i < frames; i++) {
    if (!Number.isFinite(scores[i]))
      throw new AppError('bad_input', `The score of frame ${i} is not a finite number.`);
    if (labels[i] !== 0) anomalousFrames++;
  }
  const videos = offsets.length - 1;
  const perVideoAuc = Float64Array.from({ length: videos }, (_, v) => {
    const positives = sortedScores(labels, scores, offsets[v], offsets[v + 1], true, [1]);
    const negatives = sortedScores(labels, scores, offsets[v], offsets[v + 1], false, [0]);
    return areas(positives, negatives).auc;
  });
  const micro = rankMetrics(labels, scores);
  return {
    frames,
    anomalousFrames,
    microAuc: micro?.auc ?? null,
    macroAuc: videos > 0 ? perVideoAuc.reduce((sum, auc) => sum + auc, 0) / videos : null,
    stepAp: micro?.stepAp ?? null,
    trapezoidPrAuc: micro?.trapezoidPrAuc ?? null,
    perVideoAuc,
  };
}
