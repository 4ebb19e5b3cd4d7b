// Precision and recall of labels without ground truth, from stretches of video that were drawn at random and looked at.
// Role: design-based estimates with intervals, over segments, for any threshold. Limits: pure arithmetic; drawing is done
// elsewhere, and which verdicts belong to a draw is the engine's part. A verdict that was not drawn cannot be passed:
// every unit carries the probability with which it entered its sample.
import { type Interval, sizeForWidth, wilson, zOf } from './intervals.ts';

/** Below this many decided units nothing is estimated. */
export const ENOUGH = 20;
/** Confidence of all intervals of the product. */
export const LEVEL = 0.9;
/** Where more than this share of the segments could not have been drawn, a sample does not speak for them. */
const MOST_UNCOVERED = 0.05;

/** What a person said about the segments of one drawn unit. */
export interface DecidedSegments {
  /** Scores in the run that is judged, one per segment. */
  scores: ArrayLike<number>;
  /** 1: anomalous. */
  anomalous: ArrayLike<number>;
  /**
   * Part of each segment that this draw speaks for, in (0, 1]: 1, or less where several draws could have taken the
   * segment; over those draws the parts sum to 1.
   */
  parts: ArrayLike<number>;
}

/** One unit of one random draw: a stretch of one or more segments. */
export interface SampledUnit {
  /** Draw and stratum. Units of a cell were equally likely. */
  cell: string;
  /** Probability with which the unit was drawn, in (0, 1]. */
  probability: number;
  /** Null: not decided (yet), or unsure. */
  segments: DecidedSegments | null;
}

/** All segments that are labelled or not, by whether a draw could have taken them. */
export interface Population {
  /** Scores of the segments some draw could have taken, ascending. */
  covered: Float64Array;
  /** Scores of the others, ascending. */
  uncovered: Float64Array;
}

export interface Estimate extends Interval {
  value: number;
  /** Decided units behind it. */
  n: number;
  /** As many segments of a simple random sample would say the same with the same certainty; null: a census. */
  effective: number | null;
}

/** Why there is no estimate. */
export interface Lacking {
  /**
   * `few`: not enough decided units; `none`: nothing anomalous was found, so there is no recall; `uncovered`: segments
   * that no sample could have reached.
   */
  reason: 'few' | 'none' | 'uncovered';
  n: number;
  /** Decided units still needed for any estimate. */
  needed: number;
}

export type Outcome = ({ known: true } & Estimate) | ({ known: false } & Lacking);

interface Weighted {
  cell: string;
  weight: number;
  probability: number;
  segments: DecidedSegments;
}

/**
 * Decided units with Horvitz-Thompson weights. Inside a cell undecided units count as missing at random, so each decided
 * one stands for more of them.
 */
function weighted(units: readonly SampledUnit[]): Weighted[] {
  return [...Map.groupBy(units, (unit) => unit.cell).values()].flatMap((cell) => {
    const decided = cell.filter((unit) => unit.segments !== null);
    return decided.flatMap(({ cell: name, probability, segments }): Weighted[] => {
      if (segments === null) return [];
      const reached = (probability * decided.length) / cell.length;
      return [{ cell: name, weight: 1 / reached, probability: reached, segments }];
    });
  });
}

/** One decided segment with what it stands for. */
export interface WeightedSegment {
  /** Number of its unit, from 0 over the decided ones. */
  unit: number;
  score: number;
  anomalous: boolean;
  weight: number;
}

/** The segments of all decided units with their Horvitz-Thompson weights. */
export function weightedSegments(units: readonly SampledUnit[]): WeightedSegment[] {
  return weighted(units).flatMap(({ weight, segments }, unit) =>
    Array.from(segments.scores, (score, k) => ({
      unit,
      score,
      anomalous: segments.anomalous[k] === 1,
      weight: weight * segments.parts[k],
    })),
  );
}

interface Share {
  value: number;
  n: number;
  effective: number;
  /** Segments that the decided units stand for. */
  total: number;
}

/**
 * Weighted share of anomalous segments among those with low <= score < high, and its effective sample size: the smaller
 * one of Kish's, from the weights alone (units taken as one opinion each), and that of the linearised variance over the
 * cells of the design. The first holds where nothing was found, the second where the uncertain units are the heavy ones.
 * Both know which share of the population was drawn.
 */
function shareOf(units: readonly Weighted[], low: number, high: number): Share | null {
  const rows = units.map(({ cell, weight, probability, segments }) => {
    let [size, hits] = [0, 0];
    for (let k = 0; k < segments.scores.length; k++) {
      if (!(segments.scores[k] >= low && segments.scores[k] < high)) continue;
      size += segments.parts[k];
      hits += segments.parts[k] * segments.anomalous[k];
    }
    return { cell, size: weight * size, hits: weight * hits, unsampled: Math.max(0, 1 - probability) };
  });
  let [n, total, hits, squares] = [0, 0, 0, 0];
  for (const row of rows) {
    if (row.size > 0) n++;
    total += row.size;
    hits += row.hits;
    squares += row.size * row.size * row.unsampled;
  }
  if (n === 0) return null;
  const value = Math.min(1, hits / total);
  const kish = squares > 0 ? (total * total) / squares : Infinity;
  let variance = 0;
  for (const cell of Map.groupBy(rows, (row) => row.cell).values()) {
    if (cell.length < 2) continue;
    const z = cell.map((row) => (row.hits - value * row.size) / total);
    const mean = z.reduce((a, b) => a + b, 0) / z.length;
    const spread = z.reduce((a, b) => a + (b - mean) ** 2, 0);
    variance += (cell[0].unsampled * z.length * spread) / (z.length - 1);
  }
  const linear = variance > 0 ? (value * (1 - value)) / variance : Infinity;
  return { value, n, effective: Math.min(kish, linear), total };
}

const outcome = (
  { value, n, effective }: Pick<Share, 'value' | 'n' | 'effective'>,
  { low, high }: Interval,
): Outcome => ({
  known: true,
  value,
  low: Math.min(low, value),
  high: Math.max(high, value),
  n,
  effective: effective === Infinity ? null : effective,
});

/** Share of the anomalous segments that are labelled. */
function recallOf(precision: number, missed: number, above: number, below: number): number {
  const found = above * precision;
  return found + below * missed > 0 ? found / (found + below * missed) : 0;
}

export interface QualityEstimate {
  threshold: number;
  /** Segments at or above the threshold, and below it. */
  above: number;
  below: number;
  /** Share of the labelled segments that are anomalous. */
  precision: Outcome;
  /** Share of the anomalous segments that are labelled. */
  recall: Outcome;
  /** Share of all segments that are anomalous. */
  prevalence: Outcome;
}

/** Number of values below `threshold` in an ascending list. */
function countBelow(sorted: Float64Array, threshold: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle] >= threshold) to = middle;
    else from = middle + 1;
  }
  return from;
}

/**
 * Precision and recall of the labels "score >= threshold", counted in segments.
 *
 * Precision is the weighted share of anomalous segments above the threshold (Horvitz-Thompson weights, ratio estimator)
 * with Wilson's interval at the effective sample size. Recall puts the known size of both sides together with the shares
 * found in them; its interval squares and adds the reach of the two (Zou and Donner 2008: variance recovered from
 * confidence limits), so that a side in which nothing was found still adds what it may hide.
 */
export function estimateQuality(
  units: readonly SampledUnit[],
  population: Population,
  threshold: number,
  level = LEVEL,
): QualityEstimate {
  return whatIf(units, population, [threshold], level)[0];
}

/** The same for many thresholds. @param thresholds any order; the answers keep it. */
export function whatIf(
  units: readonly SampledUnit[],
  population: Population,
  thresholds: readonly number[],
  level = LEVEL,
): QualityEstimate[] {
  const all = weighted(units);
  return thresholds.map((threshold) => estimateAt(all, population, threshold, level));
}

interface Side {
  segments: number;
  share: Share | null;
  interval: Interval;
  /** Null: an estimate stands on enough. */
  lacking: Lacking | null;
}

function sideOf(
  all: readonly Weighted[],
  covered: number,
  uncovered: number,
  [low, high]: readonly [number, number],
  level: number,
): Side {
  const segments = covered + uncovered;
  const share = shareOf(all, low, high);
  const n = share?.n ?? 0;
  const interval = share ? wilson(share.value, share.effective, zOf(level)) : { low: 0, high: 1 };
  // Where every unit was looked at there is nothing to estimate, however few they are.
  const census = share !== null && share.effective === Infinity && Math.abs(share.total - segments) < 0.5;
  const needed = census ? 0 : Math.max(0, ENOUGH - n);
  const reason = needed > 0 ? 'few' : uncovered > MOST_UNCOVERED * segments ? 'uncovered' : null;
  return { segments, share, interval, lacking: reason && { reason, n, needed } };
}

function estimateAt(
  all: readonly Weighted[],
  { covered, uncovered }: Population,
  threshold: number,
  level: number,
): QualityEstimate {
  const [c, u] = [countBelow(covered, threshold), countBelow(uncovered, threshold)];
  const above = sideOf(all, covered.length - c, uncovered.length - u, [threshold, Infinity], level);
  const below = sideOf(all, c, u, [-Infinity, threshold], level);
  const precision: Outcome =
    above.share && !above.lacking
      ? outcome(above.share, above.interval)
      : { known: false, ...(above.lacking ?? { reason: 'few', n: 0, needed: ENOUGH }) };

  const [p, m] = [above.share?.value ?? 0, below.share?.value ?? 0];
  const n = (above.share?.n ?? 0) + (below.share?.n ?? 0);
  // A side without segments needs no sample.
  const lacking =
    [above, below]
      .flatMap((side) => (side.segments > 0 && side.lacking ? [side.lacking] : []))
      .sort((a, b) => b.needed - a.needed)[0] ?? null;

  /** Of a function of both shares that rises or falls in each: the distances to its four corners, squared and added. */
  function ofBoth(f: (precision: number, missed: number) => number): Outcome {
    if (lacking) return { known: false, ...lacking, n };
    const value = f(p, m);
    const corners = [
      f(above.interval.low, m),
      f(above.interval.high, m),
      f(p, below.interval.low),
      f(p, below.interval.high),
    ];
    const down = Math.hypot(...corners.map((corner) => Math.min(0, corner - value)));
    const up = Math.hypot(...corners.map((corner) => Math.max(0, corner - value)));
    const effective = Math.min(above.share?.effective ?? Infinity, below.share?.effective ?? Infinity);
    return outcome(
      { value, n, effective },
      { low: Math.max(0, value - down), high: Math.min(1, value + up) },
    );
  }

  const [a, b] = [above.segments, below.segments];
  const recall: Outcome =
    !lacking && a * p + b * m === 0
      ? { known: false, reason: 'none', n, needed: 0 }
      : ofBoth((precise, hidden) => recallOf(precise, hidden, a, b));
  const prevalence = ofBoth((precise, hidden) => (a + b > 0 ? (a * precise + b * hidden) / (a + b) : 0));
  return { threshold, above: a, below: b, precision, recall, prevalence };
}

/**
 * How many more reviews, drawn as those before, bring an interval to a width; 0 when it is that narrow already.
 * @param width of the interval, in (0, 1). @param left units that were not decided yet.
 * @returns null when there is no estimate to go by; at most `left`.
 */
export function reviewsForWidth(
  estimate: Outcome,
  width: number,
  left: number,
  level = LEVEL,
): number | null {
  if (!estimate.known) return null;
  const now = estimate.high - estimate.low;
  if (now <= width) return 0;
  // A share's interval is Wilson's; for others (recall) the size that Wilson's would have at the same width stands in.
  const z = zOf(level);
  const factor = sizeForWidth(estimate.value, width, z) / sizeForWidth(estimate.value, now, z);
  return Math.min(left, Math.ceil(estimate.n * (factor - 1)));
}
