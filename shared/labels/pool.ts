// Pooling a video of T segments to a fixed number S (methods.md 0.2).
// Role: the boundaries and means as the RTFM loaders make them. Limits: one video at a time, all in memory.
export interface Pooled {
  /** r[i] = floor(i * T / S), `[S + 1]`. */
  boundaries: Int32Array;
  /** `[crops, S, dim]`: the crop axis comes first, as the loaders deliver it. */
  pooled: Float64Array;
}

/**
 * Pool i is the mean of segments r[i] .. r[i+1]-1, or segment r[i] where that range is empty (T < S).
 * @param features `[T, crops, dim]`, C order, T >= 1.
 */
export function poolSegments(
  features: ArrayLike<number>,
  shape: { segments: number; crops: number; dim: number },
  count: number,
): Pooled {
  const { segments, crops, dim } = shape;
  // Integer product and division: exact, where i * (T / S) would round below a whole number now and then.
  const boundaries = Int32Array.from({ length: count + 1 }, (_, i) => Math.floor((i * segments) / count));
  const pooled = new Float64Array(crops * count * dim);
  for (let crop = 0; crop < crops; crop++) {
    for (let i = 0; i < count; i++) {
      const from = boundaries[i];
      const to = Math.max(boundaries[i + 1], from + 1);
      const out = (crop * count + i) * dim;
      for (let t = from; t < to; t++) {
        const row = (t * crops + crop) * dim;
        for (let d = 0; d < dim; d++) pooled[out + d] += features[row + d];
      }
      for (let d = 0; d < dim; d++) pooled[out + d] /= to - from;
    }
  }
  return { boundaries, pooled };
}
