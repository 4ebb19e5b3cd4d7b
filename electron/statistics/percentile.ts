// Percentiles with linear interpolation between order statistics, as NumPy's default counts them.

/**
 * @param values any order, at least one, finite. @param percent 0 to 100.
 * @returns the value at rank percent/100 * (n - 1), interpolated.
 */
export function percentile(values: ArrayLike<number>, percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(rank);
  const from = sorted[below];
  const to = sorted[Math.min(below + 1, sorted.length - 1)];
  const part = rank - below;
  // From the nearer end, so that the result never leaves [from, to].
  return part < 0.5 ? from + (to - from) * part : to - (to - from) * (1 - part);
}
