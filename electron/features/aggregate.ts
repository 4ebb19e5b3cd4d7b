// From crops to segments: lengths of crop vectors, and one number per segment. Role: magnitudes and crop aggregation
// (default-extractor.md sections 2.7 and 4). Limits: no learning; over time see shared/labels.
import type { CropAggregation } from './extractors.ts';
import { stretches } from './stretches.ts';
import type { FeatureVideo } from './types.ts';

/** How many crops `top3` averages. Fewer crops than that are averaged all. */
const TOP = 3;

/** Euclidean length of every crop vector: float32 `[segments, crops]`. */
export function cropNorms(video: FeatureVideo): Float32Array {
  const { segments, crops, dim } = video;
  const norms = new Float32Array(segments * crops);
  for (const { from, to, data } of stretches(video)) {
    for (let c = from * crops, at = 0; c < to * crops; c++) {
      let squares = 0;
      for (const end = at + dim; at < end; at++) squares += data[at] * data[at];
      norms[c] = Math.sqrt(squares);
    }
  }
  return norms;
}

/**
 * One value per segment from one per crop.
 * @param values `[segments, crops]`, for example scores or norms
 * @param aggregation `top3`: mean of the three largest; `mean`: mean of all
 * @returns float32 `[segments]`
 */
export function aggregateCrops(
  values: ArrayLike<number>,
  segments: number,
  crops: number,
  aggregation: CropAggregation,
): Float32Array {
  const out = new Float32Array(segments);
  const row = new Float64Array(crops);
  for (let s = 0; s < segments; s++) {
    for (let c = 0; c < crops; c++) row[c] = values[s * crops + c];
    const taken = aggregation === 'mean' ? row : row.sort().subarray(-TOP);
    let sum = 0;
    for (const value of taken) sum += value;
    out[s] = sum / taken.length;
  }
  return out;
}

/** Magnitude of each segment: its crop norms, aggregated. Float32 `[segments]`. */
export function segmentMagnitudes(video: FeatureVideo, aggregation: CropAggregation): Float32Array {
  return aggregateCrops(cropNorms(video), video.segments, video.crops, aggregation);
}
