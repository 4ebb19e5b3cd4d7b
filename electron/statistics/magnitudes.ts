// Segment magnitudes and video summaries, what the coarse labels are made of (methods.md 2.1, 2.2).
// Role: from features to one number per segment and two per video, in float64, because a video can be split by the spread
// of nearly equal magnitudes. Limits: labels nothing.
import { fitGaussian } from './gaussian.ts';

/** Values of all segments of all videos; video v owns [offsets[v], offsets[v + 1]). */
export interface Magnitudes {
  /** `[M]`. */
  values: Float64Array;
  /** `[V + 1]`. */
  offsets: ArrayLike<number>;
}

/** Features `[segments, crops, dim]` of one video or a part of it, C order. */
export interface Features {
  segments: number;
  crops: number;
  dim: number;
  data: ArrayLike<number>;
}

/** Second number of a summary. */
export type Spread = 'std' | 'variance';

export interface MagnitudeOptions {
  /** Length of a vector, or its square. */
  magnitude: 'l2' | 'squared';
  /** Over crops: mean of all, or of the three highest. */
  cropAggregation: 'mean' | 'top3';
}

function meanOfHighest(values: Float64Array, count: number): number {
  const highest = values.sort().subarray(-count); // keeps all where there are fewer
  return highest.reduce((a, b) => a + b, 0) / highest.length;
}

/** Magnitude of every segment: length (or its square) per crop, then the mean of all or of the three highest crops. `[T]`. */
export function segmentMagnitudes(features: Features, options: MagnitudeOptions): Float64Array {
  const { segments, crops, dim, data } = features;
  const perCrop = new Float64Array(crops);
  return Float64Array.from({ length: segments }, (_, t) => {
    for (let c = 0; c < crops; c++) {
      const row = (t * crops + c) * dim;
      let squares = 0;
      for (let d = 0; d < dim; d++) squares += data[row + d] * data[row + d];
      perCrop[c] = options.magnitude === 'squared' ? squares : Math.sqrt(squares);
    }
    return meanOfHighest(perCrop, options.cropAggregation === 'top3' ? 3 : crops);
  });
}

/**
 * Magnitudes of all videos, one after the other.
 * @param segments of each video, `[V]`. Those that do not come along get the magnitudes of those that did, over and over.
 * @param stretches of them in order, each with the index of its video.
 */
export async function magnitudesOf(
  segments: ArrayLike<number>,
  stretches: AsyncIterable<Features & { video: number }>,
  options: MagnitudeOptions,
): Promise<Magnitudes> {
  const offsets = new Int32Array(segments.length + 1);
  for (let v = 0; v < segments.length; v++) offsets[v + 1] = offsets[v] + segments[v];
  const values = new Float64Array(offsets[segments.length]);
  let at = 0;
  for await (const part of stretches) {
    values.set(segmentMagnitudes(part, options), at);
    at += part.segments;
  }
  for (let i = at; at > 0 && i < values.length; i++) values[i] = values[i % at];
  return { values, offsets };
}

/**
 * Summary of each video: mean and sample spread (ddof 1) of its magnitudes (C2FPL Eq 1-2); spread 0 for a video of one
 * segment, both 0 for a video without segments.
 * @returns `[V, 2]`.
 */
export function summarise({ values, offsets }: Magnitudes, spread: Spread): Float64Array {
  const summary = new Float64Array(2 * (offsets.length - 1));
  for (let v = 0; v + 1 < offsets.length; v++) {
    const own = values.subarray(offsets[v], offsets[v + 1]);
    if (own.length === 0) continue;
    const { mean, variance } = fitGaussian(own);
    summary[2 * v] = mean;
    summary[2 * v + 1] = spread === 'variance' ? variance : Math.sqrt(variance);
  }
  return summary;
}
