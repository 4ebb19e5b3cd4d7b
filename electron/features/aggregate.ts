// From crops to segments: lengths of crop vectors, and one number per segment. Role: magnitudes and crop aggregation
// (default-extractor.md sections 2.7 and 4). Limits: no learning; over time see shared/labels.
import type { CropAggregation } from './extractors.ts';
import { everyPart, type Watch } from './passes.ts';
import type { FeatureVideo } from './types.ts';

/** How many crops `top3` averages. Fewer crops than that are averaged all. */
const TOP = 3;

/** Euclidean length of every crop vector: of each video float32 `[segments, crops]`. @throws AppError `cancelled` */
export async function cropNorms(videos: readonly FeatureVideo[], watch: Watch): Promise<Float32Array[]> {
  const norms = videos.map(({ segments, crops }) => new Float32Array(segments * crops));
  for await (const { video, from, to, crops, dim, data } of everyPart(videos, watch, 'Measuring features')) {
    for (let c = from * crops, at = 0; c < to * crops; c++) {
      let squares = 0;
      for (const end = at + dim; at < end; at++) squares += data[at] * data[at];
      norms[video][c] = Math.sqrt(squares);
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

/** Magnitude of each segment: its crop norms, aggregated. Of each video float32 `[segments]`. @throws AppError `cancelled` */
export async function segmentMagnitudes(
  videos: readonly FeatureVideo[],
  aggregation: CropAggregation,
  watch: Watch,
): Promise<Float32Array[]> {
  const norms = await cropNorms(videos, watch);
  return videos.map(({ segments, crops }, v) => aggregateCrops(norms[v], segments, crops, aggregation));
}
