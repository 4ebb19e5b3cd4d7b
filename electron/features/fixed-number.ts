// A fixed number of segments per video (methods.md 0.2): what methods that learn from whole videos train on.
// Role: features to S segments, and what was found for them back to the segments of the video. Limits: no labels, no
// training.
import { type PoolEdges, startPooling } from '../../shared/labels/pool.ts';
import { everyPart, type Watch } from './passes.ts';
import { isStored } from './stretches.ts';
import type { FeatureShape, FeatureVideo } from './types.ts';

/** The means of each video, `[crops, count, dim]`, one after the other. */
async function* pooled(
  videos: readonly FeatureVideo[],
  count: number,
  watch: Watch,
  edges?: PoolEdges,
): AsyncGenerator<{ video: FeatureVideo; means: Float64Array }> {
  let pooling: ReturnType<typeof startPooling> | null = null;
  for await (const { video: v, from, to, data } of everyPart(videos, watch, 'Pooling segments')) {
    const video = videos[v];
    if (from === 0) pooling = startPooling(video, count, edges);
    pooling?.add(data);
    if (pooling && to === video.segments) yield { video, means: pooling.finish().pooled };
  }
}

/** Those that a rehearsal did not come to look like the first one. */
const withUnread = (made: readonly FeatureVideo[], videos: readonly FeatureVideo[]): FeatureVideo[] =>
  videos.map(({ videoId }, v) => ({ ...(made[v] ?? made[0]), videoId }));

/** Features where those they were made from are: in memory, or in a file. */
function beside(video: FeatureVideo, shape: Omit<FeatureShape, 'videoId'>, data: Float32Array): FeatureVideo {
  const { videoId } = video;
  return isStored(video) ? { videoId, ...shape, file: video.file.keep(data) } : { videoId, ...shape, data };
}

/**
 * The videos with `count` segments each; their features stay `[segments, crops, dim]`.
 * @param videos at least one segment each.
 * @throws AppError `cancelled`
 */
export async function poolVideos(
  videos: readonly FeatureVideo[],
  count: number,
  watch: Watch,
  edges?: PoolEdges,
): Promise<FeatureVideo[]> {
  const made: FeatureVideo[] = [];
  for await (const { video, means } of pooled(videos, count, watch, edges)) {
    const { crops, dim } = video;
    const data = new Float32Array(means.length);
    for (let crop = 0; crop < crops; crop++) {
      for (let segment = 0; segment < count; segment++) {
        const from = (crop * count + segment) * dim;
        data.set(means.subarray(from, from + dim), (segment * crops + crop) * dim);
      }
    }
    made.push(beside(video, { segments: count, crops, dim }, data));
  }
  return withUnread(made, videos);
}

/** The same with one crop after the other, `[crops, count, dim]`, as samples of one crop each. */
export async function poolCrops(
  videos: readonly FeatureVideo[],
  count: number,
  watch: Watch,
): Promise<FeatureVideo[]> {
  const made: FeatureVideo[] = [];
  for await (const { video, means } of pooled(videos, count, watch)) {
    const shape = { segments: video.crops * count, crops: 1, dim: video.dim };
    made.push(beside(video, shape, Float32Array.from(means)));
  }
  return withUnread(made, videos);
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
