// Fine pseudo-labels (FPL): which segments of an anomalous video are anomalous (methods.md 2.3).
// Role: a Gaussian over the segments of normal videos, and one window of consecutive segments per anomalous video.
// Limits: the significance level of the paper is not used by its rule, so it is not here either.
import { density, fitGaussian, type Gaussian, upperTail } from '../../statistics/gaussian.ts';
import type { Magnitudes } from '../../statistics/magnitudes.ts';
import type { C2fplConfig } from './config.ts';

export interface FineOptions {
  mode: C2fplConfig['fplMode'];
  /** Share of a video that the window covers. */
  beta: number;
}

export interface FineLabels {
  /** 1 = anomalous, `[M]`. */
  labels: Uint8Array;
  /** Low = anomalous, `[M]`: Gaussian density; in `directed` mode the probability of a larger magnitude. */
  p: Float64Array;
  /** First segment of the window inside its video, -1 where nothing is labelled, `[V]`. */
  windowStart: Int32Array;
  /** Segments in the window, `[V]`. */
  windowLength: Int32Array;
  normal: Gaussian;
  notes: string[];
}

/** Sums that differ by less than this, relatively, are equal: the order of additions must not choose a window. */
const TIE = 1e-12;

/** Segments of the videos labelled normal; of all videos, with a note, where there are none. */
function normalSegments(
  { values, offsets }: Magnitudes,
  videoLabels: ArrayLike<number>,
  notes: string[],
): Float64Array {
  const parts: Float64Array[] = [];
  for (let v = 0; v + 1 < offsets.length; v++) {
    if (videoLabels[v] === 0) parts.push(values.subarray(offsets[v], offsets[v + 1]));
  }
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  if (out.length > 0 || values.length === 0) return out;
  notes.push('No video is labelled normal, so what is normal was estimated from the segments of all videos.');
  return values;
}

/** p of every segment under the normal Gaussian; the limits of both forms where the variance vanishes. */
function probabilities(
  values: Float64Array,
  normal: Gaussian,
  mode: FineOptions['mode'],
  notes: string[],
): Float64Array {
  const scale = Math.abs(normal.mean);
  if (normal.variance > (1e-10 * scale) ** 2) {
    return values.map((x) => (mode === 'directed' ? upperTail(x, normal) : density(x, normal)));
  }
  notes.push(
    'All segments of the normal videos have the same magnitude, so any other magnitude counts as impossible instead of unlikely.',
  );
  return values.map((x) => {
    if (Math.abs(x - normal.mean) <= 1e-10 * scale) return mode === 'directed' ? 0.5 : 1;
    return mode === 'directed' && x < normal.mean ? 1 : 0;
  });
}

/**
 * Sum of every window of `width` consecutive values, `[n - width + 1]`. Only additions of parts of the same window (the
 * rest of one block and the beginning of the next), so that tiny values keep their digits beside large ones.
 */
function windowSums(values: Float64Array, width: number): Float64Array {
  const n = values.length;
  const toBlockEnd = new Float64Array(n);
  const fromBlockStart = new Float64Array(n);
  for (let i = 0; i < n; i++) fromBlockStart[i] = values[i] + (i % width === 0 ? 0 : fromBlockStart[i - 1]);
  for (let i = n - 1; i >= 0; i--) {
    toBlockEnd[i] = values[i] + ((i + 1) % width === 0 || i === n - 1 ? 0 : toBlockEnd[i + 1]);
  }
  return Float64Array.from({ length: n - width + 1 }, (_, start) =>
    start % width === 0
      ? fromBlockStart[start + width - 1]
      : toBlockEnd[start] + fromBlockStart[start + width - 1],
  );
}

/** Index of the first highest value among `candidates`; nearly equal ones count as equal. */
function firstHighest(values: Float64Array, candidates: Iterable<number>): number {
  let best = -1;
  for (const i of candidates) {
    if (best < 0 || values[i] - values[best] > TIE * Math.abs(values[best])) best = i;
  }
  return best;
}

function chooseWindow(
  p: Float64Array,
  magnitudes: Float64Array,
  width: number,
  mode: FineOptions['mode'],
): number {
  if (mode === 'notebook') {
    if (width === 1) return 0; // a single segment has no variation: all windows are equal
    const steps = Float64Array.from({ length: p.length - 1 }, (_, j) => Math.abs(p[j + 1] - p[j]));
    const variation = windowSums(steps, width - 1);
    return firstHighest(variation, variation.keys());
  }
  const sums = windowSums(p, width);
  const lowest = firstHighest(
    sums.map((sum) => -sum),
    sums.keys(),
  );
  if (mode === 'paper') return lowest;
  // Far from normal all probabilities vanish; then the larger magnitude decides.
  const equal = Array.from(sums.keys()).filter((i) => sums[i] - sums[lowest] <= TIE * sums[lowest]);
  return firstHighest(windowSums(magnitudes, width), equal);
}

/**
 * Labels the segments of the anomalous videos.
 * Paper: ceil(beta m) segments with the lowest mean density. Notebook: floor(beta m) segments with the largest total
 * variation of the density, none where that is 0 segments. Directed: ceil(beta m) segments with the lowest mean
 * upper-tail probability. The first window on equality.
 * @param videoLabels 1 = anomalous, `[V]`.
 */
export function fineLabels(
  magnitudes: Magnitudes,
  videoLabels: ArrayLike<number>,
  { mode, beta }: FineOptions,
): FineLabels {
  const { values, offsets } = magnitudes;
  const videos = offsets.length - 1;
  const notes: string[] = [];
  const segments = normalSegments(magnitudes, videoLabels, notes);
  const normal = segments.length > 0 ? fitGaussian(segments) : { mean: 0, variance: 0 };
  const p = values.length > 0 ? probabilities(values, normal, mode, notes) : new Float64Array(0);
  const labels = new Uint8Array(values.length);
  const windowStart = new Int32Array(videos).fill(-1);
  const windowLength = new Int32Array(videos);
  let tooShort = 0;
  for (let v = 0; v < videos; v++) {
    const [from, to] = [offsets[v], offsets[v + 1]];
    if (videoLabels[v] === 0 || from === to) continue;
    const width =
      mode === 'notebook'
        ? Math.floor(beta * (to - from))
        : Math.min(to - from, Math.ceil(beta * (to - from)));
    if (width === 0) {
      tooShort++;
      continue;
    }
    windowLength[v] = width;
    windowStart[v] = chooseWindow(p.subarray(from, to), values.subarray(from, to), width, mode);
    labels.fill(1, from + windowStart[v], from + windowStart[v] + width);
  }
  if (tooShort > 0) {
    notes.push(
      `${tooShort} anomalous ${tooShort === 1 ? 'video is' : 'videos are'} too short for a window of ${beta} of the length, rounded down as in the published notebook; nothing in them is labelled.`,
    );
  }
  return { labels, p, windowStart, windowLength, normal, notes };
}
