// Several runs over one video, put together: what they say on the whole, and how sure that is.
// Role: pure arithmetic per segment, quick enough to follow a person who shows and hides runs. Limits: one video, runs of
// any length, brought to one scale by their thresholds between 0 and 1, because the ends of a run's own scale lie in videos
// that are not looked at. A consensus that is kept and evaluated is a run over all videos and does use those ends
// (shared/quality/consensus.ts).

/** A run's scores over one video. */
export interface Voice {
  /** One per segment, `[T]`; runs may differ in T, the last score then holds to the end. */
  scores: Float32Array;
  /** The run's threshold `on`. */
  on: number;
  /** How much it counts, at least 0; left out: 1. The median counts every run once. */
  weight?: number;
}

/**
 * `mean` and `median` of the calibrated scores; `vote`: share of the runs at or above their threshold; `weighted`: the
 * mean where runs have weights, from reviewed samples.
 */
export const CONSENSUS_KINDS = ['mean', 'median', 'vote', 'weighted'] as const;
export type ConsensusKind = (typeof CONSENSUS_KINDS)[number];

/**
 * A score on the scale on which the run's own threshold is one half: linear on either side of it, inside [0, 1].
 * @param low,high the scores that become 0 and 1: the ends of the scale, or of the run where all its videos are known
 */
export function calibrated(score: number, on: number, low = 0, high = 1): number {
  if (score < on) return on <= low ? 0 : Math.max(0, (0.5 * (score - low)) / (on - low));
  return on >= high ? 1 : Math.min(1, 0.5 + (0.5 * (score - on)) / (high - on));
}

/** Sorts the values; of an even number the mean of the two in the middle. */
export function median(values: number[] | Float64Array): number {
  values.sort((a, b) => a - b);
  const n = values.length;
  return (values[(n - 1) >> 1] + values[n >> 1]) / 2;
}

/** Number of segments over which runs speak together: the largest T. */
export const jointSegments = (voices: readonly Voice[]): number =>
  voices.reduce((most, { scores }) => Math.max(most, scores.length), 0);

/** Calls `each(k, values)` with the calibrated scores of all runs in segment k; `values` is reused. */
function eachSegment(voices: readonly Voice[], each: (segment: number, values: Float64Array) => void): void {
  const speaking = voices.filter(({ scores }) => scores.length > 0);
  const values = new Float64Array(speaking.length);
  const segments = jointSegments(speaking);
  for (let k = 0; k < segments; k++) {
    for (let i = 0; i < speaking.length; i++) {
      const { scores, on } = speaking[i];
      values[i] = calibrated(scores[Math.min(k, scores.length - 1)], on);
    }
    each(k, values);
  }
}

const weightsOf = (voices: readonly Voice[]): number[] =>
  voices.filter(({ scores }) => scores.length > 0).map(({ weight }) => weight ?? 1);

/**
 * What the runs say together, `[T]`, 0.5 = on the threshold. An even number of runs has the mean of the two in the middle
 * as its median. Without runs: empty.
 */
export function consensusOf(voices: readonly Voice[], kind: ConsensusKind): Float32Array {
  const out = new Float32Array(jointSegments(voices));
  const weights = weightsOf(voices);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  eachSegment(voices, (k, values) => {
    if (kind === 'median') {
      out[k] = median(values);
      return;
    }
    let sum = 0;
    for (let i = 0; i < values.length; i++)
      sum += weights[i] * (kind === 'vote' ? Number(values[i] >= 0.5) : values[i]);
    out[k] = sum / total;
  });
  return out;
}

/**
 * How unsure the runs are together, `[T]` in [0, 1]: 1 where their mean is on the threshold, because they contradict each
 * other or because none of them is sure; 0 where all are sure of the same.
 */
export function uncertaintyOf(voices: readonly Voice[]): Float32Array {
  return consensusOf(voices, 'mean').map((mean) => 1 - Math.abs(2 * mean - 1));
}
