// A threshold that outliers hardly move. Role: which magnitudes of a pool stand out. Limits: assumes that more than half
// of the segments in which something moves are normal; where that fails it labels too little, never everything.
import { percentile } from './percentile.ts';

/** Makes the median absolute deviation of a normal distribution its standard deviation. */
const NORMAL = 1.4826;
/** Smallest spread, as a part of the median: rounding of vectors that were all normalised to length 1 is no signal. */
const SMALLEST = 0.01;
/** Events that have begun go on down to this part of the distance between median and threshold. */
const OFF = 2 / 3;

export interface RobustThreshold {
  /** A magnitude at or above it is anomalous. */
  on: number;
  /** Where an event that has begun ends. */
  off: number;
  median: number;
  /** Robust standard deviation: 1.4826 times the median absolute deviation, at least 1 % of the median. */
  spread: number;
}

/**
 * Median plus `deviations` robust standard deviations, over the segments with any motion: a camera that mostly sees an
 * empty place would otherwise have spread 0 and call every movement an anomaly.
 * @param magnitudes not negative, any order
 * @returns null when nothing moves anywhere
 */
export function robustThreshold(magnitudes: Float32Array, deviations: number): RobustThreshold | null {
  const moving = magnitudes.filter((m) => m > 0);
  if (moving.length === 0) return null;
  const median = percentile(moving, 50);
  const distances = moving.map((m) => Math.abs(m - median));
  const spread = Math.max(NORMAL * percentile(distances, 50), SMALLEST * median);
  return { on: median + deviations * spread, off: median + OFF * deviations * spread, median, spread };
}
