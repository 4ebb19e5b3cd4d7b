// Pooling a video of T segments to a fixed number S (methods.md 0.2, 3.8).
// Role: the boundaries and means as the RTFM loaders make them, or as Sultani's. Limits: one video at a time.

/** Where the shares of a video begin: evenly from 0 to T, or as the code of Sultani et al. has them, without the last segment. */
export type PoolEdges = 'even' | 'sultani';

export interface Pooled {
  /** r[i], `[S + 1]`: floor(i * T / S), or as in {@link sultaniEdges}. */
  boundaries: Int32Array;
  /** `[crops, S, dim]`: the crop axis comes first, as the loaders deliver it. */
  pooled: Float64Array;
}

/** round(linspace(1, T, S + 1)) - 1, halves rounded up: from 0 to T - 1, `[S + 1]`. */
function sultaniEdges(segments: number, count: number): Int32Array {
  // Whole numbers until the division, so that halves are halves.
  return Int32Array.from({ length: count + 1 }, (_, i) =>
    Math.floor((2 * i * (segments - 1) + count) / (2 * count)),
  );
}

export interface Pooling {
  /** The next segments of the video, `[n, crops, dim]`: first to last, each once. */
  add(features: ArrayLike<number>): void;
  /** After the last segment. */
  finish(): Pooled;
}

/**
 * Pools a video that comes in parts. Pool i is the mean of segments r[i] .. r[i+1]-1, or segment r[i] where that range is
 * empty (T < S). However the video is cut into parts, the sums are the same.
 * @param shape of the whole video; T >= 1.
 */
export function startPooling(
  { segments, crops, dim }: { segments: number; crops: number; dim: number },
  count: number,
  edges: PoolEdges = 'even',
): Pooling {
  // Integer product and division: exact, where i * (T / S) would round below a whole number now and then.
  const boundaries =
    edges === 'sultani'
      ? sultaniEdges(segments, count)
      : Int32Array.from({ length: count + 1 }, (_, i) => Math.floor((i * segments) / count));
  const endOf = (i: number): number => Math.max(boundaries[i + 1], boundaries[i] + 1);
  const pooled = new Float64Array(crops * count * dim);
  let begun = 0;
  return {
    add(features) {
      const first = begun;
      begun += features.length / (crops * dim);
      for (let i = 0; i < count; i++) {
        const [from, to] = [Math.max(boundaries[i], first), Math.min(endOf(i), begun)];
        for (let crop = 0; crop < crops; crop++) {
          const out = (crop * count + i) * dim;
          for (let t = from; t < to; t++) {
            const row = ((t - first) * crops + crop) * dim;
            for (let d = 0; d < dim; d++) pooled[out + d] += features[row + d];
          }
        }
      }
    },
    finish() {
      for (let i = 0; i < count; i++) {
        const size = endOf(i) - boundaries[i];
        for (let crop = 0; crop < crops; crop++) {
          const out = (crop * count + i) * dim;
          for (let d = 0; d < dim; d++) pooled[out + d] /= size;
        }
      }
      return { boundaries, pooled };
    },
  };
}

/** Pools a video that is there as a whole, as {@link startPooling}. @param features `[T, crops, dim]`, C order, T >= 1. */
export function poolSegments(
  features: ArrayLike<number>,
  shape: { segments: number; crops: number; dim: number },
  count: number,
  edges: PoolEdges = 'even',
): Pooled {
  const pooling = startPooling(shape, count, edges);
  pooling.add(features);
  return pooling.finish();
}
