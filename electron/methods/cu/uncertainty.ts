// Pseudo-label and uncertainty of each clip from passes with dropout (CU-Net Eq 8-10; methods.md 4.3).
// Role: mean and population variance over passes, in float64. Limits: runs no network.

export interface PassStatistics {
  /**
   * One pass: crops are averaged inside it.
   * @param values `[crops, clips]`.
   * @param from first clip they belong to.
   */
  add(values: ArrayLike<number>, crops: number, from?: number): void;
  /** Mean and population variance over the passes added so far, per clip. */
  result(passes: number): { mean: Float64Array; variance: Float64Array };
}

/** @param clips how many clips all passes together tell about. */
export function passStatistics(clips: number): PassStatistics {
  const sums = new Float64Array(clips);
  const squares = new Float64Array(clips);
  return {
    add(values, crops, from = 0) {
      const count = values.length / crops;
      for (let t = 0; t < count; t++) {
        let value = 0;
        for (let c = 0; c < crops; c++) value += values[c * count + t];
        value /= crops;
        sums[from + t] += value;
        squares[from + t] += value * value;
      }
    },
    result(passes) {
      const mean = sums.map((sum) => sum / passes);
      // Never below zero, where rounding would have it.
      const variance = squares.map((square, t) => Math.max(0, square / passes - mean[t] * mean[t]));
      return { mean, variance };
    },
  };
}
