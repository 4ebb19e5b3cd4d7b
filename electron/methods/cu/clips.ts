// All clips of a run as rows for a network: plain features for the first stage, context features for the second.
// Role: copies chosen clips and crops into a batch; of features in files, what was announced is read ahead. Limits: clips
// that nobody announced are read one by one.
import { segmentPool } from '../../features/segment-pool.ts';
import { isStored } from '../../features/stretches.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { writeContext } from './context.ts';

/** Clip i is the i-th of all videos one after the other. */
export interface ClipSource {
  clips: number;
  crops: number;
  /** Numbers per clip and crop. */
  dim: number;
  /**
   * Says which clips will be written next, in which order; nothing depends on it but time. An empty order gives back the
   * memory that reading ahead takes.
   */
  expect(order: Int32Array): void;
  /** Writes one crop of one clip. */
  write(clip: number, crop: number, target: Float32Array, at: number): void;
}

/** Video v owns clips [offsets[v], offsets[v + 1]). */
export function clipOffsets(videos: readonly FeatureVideo[]): Int32Array {
  const offsets = new Int32Array(videos.length + 1);
  for (const [v, video] of videos.entries()) offsets[v + 1] = offsets[v] + video.segments;
  return offsets;
}

/** Segments that are announced at a time: a clip comes with its context, and lists of both would be long. */
const ANNOUNCED = 2 ** 18;

/** @param window clips of the context, or null for the features as they are. */
export function clipSource(videos: readonly FeatureVideo[], window: number | null): ClipSource {
  const offsets = clipOffsets(videos);
  const clips = offsets[videos.length];
  const owner = new Int32Array(clips);
  for (let v = 0; v < videos.length; v++) owner.fill(v, offsets[v], offsets[v + 1]);
  const { crops, dim } = videos[0];
  const stored = videos.some(isStored);
  const pool = segmentPool(videos);
  const seen = (window ?? 0) + 1;
  /** What was read last: a clip and its context, for all crops, which are mostly asked for one after the other. */
  let last = -1;
  let data = new Float32Array(0);
  let order = new Int32Array(0);
  /** Clips of the order that the pool knows of, and those of them that were read. */
  let [announced, read] = [0, 0];

  const firstOf = (clip: number): number => Math.max(offsets[owner[clip]], clip - seen + 1);
  /** Segments that a clip needs, oldest first. */
  const withContext = (clip: number): Int32Array => {
    const first = firstOf(clip);
    return Int32Array.from({ length: clip - first + 1 }, (_, i) => first + i);
  };
  const announce = (): void => {
    const segments: number[] = [];
    while (announced < order.length && segments.length < ANNOUNCED) {
      const clip = order[announced++];
      for (let t = firstOf(clip); t <= clip; t++) segments.push(t);
    }
    pool.expect(Int32Array.from(segments));
  };
  const fetch = (clip: number): void => {
    if (clip === last) return;
    if (read === announced && announced < order.length) announce();
    if (order[read] === clip) read++;
    if (data.length === 0) data = new Float32Array(seen * crops * dim);
    pool.copy(withContext(clip), data);
    last = clip;
  };
  return {
    clips,
    crops,
    dim: window === null ? dim : 2 * dim,
    expect(next) {
      if (!stored) return;
      // A clip that comes twice in a row is read once.
      order = next.filter((clip, i) => i === 0 || clip !== next[i - 1]);
      [announced, read, last] = [0, 0, -1];
      announce();
    },
    write(clip, crop, target, at) {
      const video = videos[owner[clip]];
      if (isStored(video)) fetch(clip);
      const context = isStored(video)
        ? { data, first: firstOf(clip) }
        : { data: video.data, first: offsets[owner[clip]] };
      const t = clip - context.first;
      if (window !== null)
        return writeContext({ data: context.data, crops, dim }, t, crop, window, target, at);
      const from = (t * crops + crop) * dim;
      target.set(context.data.subarray(from, from + dim), at);
    },
  };
}
