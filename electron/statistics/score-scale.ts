// Outputs of a detector on the scale that people read. Role: stretches the range of a run to [0, 1]; the order of segments
// stays the same, and with it every ranking metric. Limits: not a calibration; a stretched score is no probability.
//
// Trained on few positives with strong dropout, the sigmoid of a segment stays near the share of positive labels: on
// 28 clips all 289 scores lay between .108 and .135. Drawn or thresholded on [0, 1] such a curve says nothing.

/** Outputs that differ by less than this are the same; stretching them would show noise. */
export const FLAT = 1e-4;

export interface ScoreScale {
  low: number;
  high: number;
}

/** Lowest and highest score of all videos, or null where they do not differ. @param scores per video. */
export function scoreScale(scores: readonly Float32Array[]): ScoreScale | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const part of scores) {
    for (const score of part) {
      if (score < low) low = score;
      if (score > high) high = score;
    }
  }
  return high - low < FLAT ? null : { low, high };
}

/** Log-odds of a float32 end here: beyond them it is 0 or 1. */
const LOGIT_ENDS = [-104, 17];

/**
 * Probabilities as log-odds, in the same order. A detector that is sure of most segments puts them all at .9999, where neither a
 * picture nor a threshold can tell them apart.
 */
export function logOdds(probabilities: readonly Float32Array[]): Float32Array[] {
  return probabilities.map((part) =>
    part.map((p) => Math.max(LOGIT_ENDS[0], Math.min(LOGIT_ENDS[1], Math.log(p) - Math.log1p(-p)))),
  );
}

/** (score - low) / (high - low), in place of each score. */
export function stretched(scores: readonly Float32Array[], { low, high }: ScoreScale): Float32Array[] {
  return scores.map((part) => part.map((score) => (score - low) / (high - low)));
}
