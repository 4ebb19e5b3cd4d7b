// Scores of one camera on the scale of all, so that a noisy camera does not fill the queue.
// Role: the usual level and spread of a set of scores, and the shift between two of them. Limits: order within a camera
// never changes; what a camera's own level is says nothing about whether its anomalies are rarer.

/** The usual level of scores, and how far the usual highs lie above it. */
export interface Baseline {
  /** Median. */
  level: number;
  /** From the median to the 90th percentile, at least {@link LEAST_SPREAD}. */
  spread: number;
}

/** Below this a spread says nothing: a camera that never changes must not have its noise blown up. */
const LEAST_SPREAD = 0.02;
/** So few segments have no usual level. One minute at 25 frames a second has 94. */
const FEWEST_SEGMENTS = 32;

/** Level and spread over all segments of several videos, `[T]` each; null for fewer than 32 segments. */
export function baselineOf(videos: readonly Float32Array[]): Baseline | null {
  const count = videos.reduce((sum, scores) => sum + scores.length, 0);
  if (count < FEWEST_SEGMENTS) return null;
  const all = new Float32Array(count);
  let at = 0;
  for (const scores of videos) {
    all.set(scores, at);
    at += scores.length;
  }
  all.sort();
  const level = all[Math.floor((count - 1) / 2)];
  return { level, spread: Math.max(LEAST_SPREAD, all[Math.floor(0.9 * (count - 1))] - level) };
}

/**
 * A camera's scores `[T]` as they would be at the level and spread of all cameras: `all.level + (s - own.level) *
 * all.spread / own.spread`, kept inside [0, 1]. Either baseline null: a copy, unchanged.
 */
export function besideBaseline(
  scores: Float32Array,
  own: Baseline | null,
  all: Baseline | null,
): Float32Array {
  if (!own || !all) return Float32Array.from(scores);
  const factor = all.spread / own.spread;
  return scores.map((score) => Math.min(1, Math.max(0, all.level + (score - own.level) * factor)));
}
