// A fixed number of segments per video (methods.md 0.2): what methods that learn from whole videos train on.
// Role: features to S segments, and what was found for them back to the segments of the video. Limits: no labels, no
// training.
import { type PoolEdges, startPooling } from '../../shared/labels/pool.ts';
import { isStored, stretches } from './stretches.ts';
import type { FeatureShape, FeatureVideo } from './types.ts';

/** The means of a video, `[crops, count, dim]`; a stored video is read part by part. */
function pooledOf(video: FeatureVideo, count: number, edges?: PoolEdges): Float64Array {
  const pooling = startPooling(video, count, edges);
  for (const { data } of stretches(video)) pooling.add(data);
  return pooling.finish().pooled;
}

/** Features where those they were made from are: in memory, or in a file. */
function beside(video: FeatureVideo, shape: Omit<FeatureShape, 'videoId'>, data: Float32Array): FeatureVideo {
  const { videoId } = video;
  return isStored(video) ? { videoId, ...shape, file: video.file.keep(data) } : { videoId, ...shape, data };
}

/** The video with `count` segments; its features stay `[segments, crops, dim]`. At least one segment. */
export function poolVideo(video: FeatureVideo, count: number, edges?: PoolEdges): FeatureVideo {
  const { crops, dim } = video;
  const pooled = pooledOf(video, count, edges);
  const data = new Float32Array(pooled.length);
  for (let crop = 0; crop < crops; crop++) {
    for (let segment = 0; segment < count; segment++) {
      const from = (crop * count + segment) * dim;
      data.set(pooled.subarray(from, from + dim), (segment * crops + crop) * dim);
    }
  }
  return beside(video, { segments: count, crops, dim }, data);
}

/** The same with one crop after the other, `[crops, count, dim]`, as samples of one crop each. */
export function poolCrops(video: FeatureVideo, count: number): FeatureVideo {
  const { crops, dim } = video;
  return beside(video, { segments: crops * count, crops: 1, dim }, Float32Array.from(pooledOf(video, count)));
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
