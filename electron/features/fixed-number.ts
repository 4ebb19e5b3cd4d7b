// A fixed number of segments per video (methods.md 0.2): what methods that learn from whole videos train on.
// Role: features to S segments, and what was found for them back to the segments of the video. Limits: no labels, no
// training.
import { type PoolEdges, poolSegments } from '../../shared/labels/pool.ts';
import { segmentsOf } from './stretches.ts';
import type { FeatureVideo, VideoFeatures } from './types.ts';

/** The video with `count` segments, in memory; its features stay `[segments, crops, dim]`. */
export function poolVideo(video: FeatureVideo, count: number, edges?: PoolEdges): VideoFeatures {
  const { videoId, segments, crops, dim } = video;
  const { pooled } = poolSegments(segmentsOf(video, 0, segments), video, count, edges);
  const data = new Float32Array(pooled.length);
  for (let crop = 0; crop < crops; crop++) {
    for (let segment = 0; segment < count; segment++) {
      const from = (crop * count + segment) * dim;
      data.set(pooled.subarray(from, from + dim), (segment * crops + crop) * dim);
    }
  }
  return { videoId, segments: count, crops, dim, data };
}

/**
 * Values of pooled segments for the segments of the video: the mean over the pooled segments that contain it.
 * @param values `[pooled segments]`.
 * @param segments of the video.
 */
export function spreadOverVideo(values: ArrayLike<number>, segments: number): Float32Array {
  const count = values.length;
  const sums = new Float64Array(segments);
  const hits = new Int32Array(segments);
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * segments) / count);
    const to = Math.max(Math.floor(((i + 1) * segments) / count), from + 1);
    for (let t = from; t < to; t++) {
      sums[t] += values[i];
      hits[t]++;
    }
  }
  return Float32Array.from(sums, (sum, t) => sum / hits[t]);
}
