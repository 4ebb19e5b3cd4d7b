// Smoothing of scores: the Gaussian of frame scores (methods.md 0.7), and the windows of event rules.
// Role: one-dimensional filters with mirrored borders. Limits: one video at a time; sigma is in samples: frames for frame
// scores, segments for rules.
import type { Smoothing } from './types.ts';

/** Kernel of radius int(4 sigma + 0.5), normalised to sum 1. */
function kernel(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** Index inside [0, n) of any integer: the border repeats the edge sample (d c b a | a b c d | d c b a), period 2n. */
function mirrored(index: number, n: number): number {
  const inPeriod = ((index % (2 * n)) + 2 * n) % (2 * n);
  return inPeriod < n ? inPeriod : 2 * n - 1 - inPeriod;
}

function smoothOnce(x: Float64Array, sigma: number): Float64Array {
  const weights = kernel(sigma);
  const radius = (weights.length - 1) / 2;
  const n = x.length;
  const padded = new Float64Array(n + 2 * radius);
  for (let i = 0; i < padded.length; i++) padded[i] = x[mirrored(i - radius, n)];
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += weights[k] * padded[i + k];
    return sum;
  });
}

/** @param x `[n]`. @param sigmas applied one after the other; a sigma of 0 changes nothing. @returns `[n]`, a new array. */
export function smoothGaussian(x: ArrayLike<number>, sigmas: readonly number[]): Float64Array {
  let y: Float64Array = Float64Array.from(x);
  if (y.length === 0) return y;
  for (const sigma of sigmas) if (sigma > 0) y = smoothOnce(y, sigma);
  return y;
}

/** The middle of each window of `window` (odd) samples. @param x `[n]`. @returns `[n]`, a new array. */
export function smoothMedian(x: ArrayLike<number>, window: number): Float64Array {
  const radius = (window - 1) / 2;
  const around = new Float64Array(window);
  return Float64Array.from({ length: x.length }, (_, i) => {
    for (let k = 0; k < window; k++) around[k] = x[mirrored(i + k - radius, x.length)];
    return around.sort()[radius];
  });
}

/** A slider that moves asks for the same scores many times; they are evened out once. */
const evened = new WeakMap<object, { of: Smoothing; scores: Float32Array }>();

/**
 * Scores as the thresholds of a rule see them, `[T]`.
 * @param scores one per segment, `[T]`; never changed while they are in use. @param by undefined: as they are.
 */
export function smoothedBy<S extends ArrayLike<number>>(
  scores: S,
  by: Smoothing | undefined,
): S | Float32Array {
  if (by === undefined || scores.length === 0) return scores;
  const known = evened.get(scores);
  if (known?.of.by === by.by && known.of.segments === by.segments) return known.scores;
  const smooth = Float32Array.from(
    by.by === 'median' ? smoothMedian(scores, by.segments) : smoothGaussian(scores, [by.segments / 4]),
  );
  evened.set(scores, { of: by, scores: smooth });
  return smooth;
}
