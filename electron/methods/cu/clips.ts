// All clips of a run as rows for a network: plain features for the first stage, context features for the second.
// Role: copies chosen clips and crops into a batch. Limits: features in files are read clip by clip.
import { isStored, segmentsOf } from '../../features/stretches.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { writeContext } from './context.ts';

/** Clip i is the i-th of all videos one after the other. */
export interface ClipSource {
  clips: number;
  crops: number;
  /** Numbers per clip and crop. */
  dim: number;
  /** Writes one crop of one clip. */
  write(clip: number, crop: number, target: Float32Array, at: number): void;
}

/** Video v owns clips [offsets[v], offsets[v + 1]). */
export function clipOffsets(videos: readonly FeatureVideo[]): Int32Array {
  const offsets = new Int32Array(videos.length + 1);
  for (const [v, video] of videos.entries()) offsets[v + 1] = offsets[v] + video.segments;
  return offsets;
}

/** @param window clips of the context, or null for the features as they are. */
export function clipSource(videos: readonly FeatureVideo[], window: number | null): ClipSource {
  const offsets = clipOffsets(videos);
  const clips = offsets[videos.length];
  const owner = new Int32Array(clips);
  for (let v = 0; v < videos.length; v++) owner.fill(v, offsets[v], offsets[v + 1]);
  const { crops, dim } = videos[0];
  // What was read last: a clip and its context, for all crops, which are mostly asked for one after the other.
  let last: { clip: number; first: number; data: Float32Array } = {
    clip: -1,
    first: 0,
    data: new Float32Array(0),
  };
  return {
    clips,
    crops,
    dim: window === null ? dim : 2 * dim,
    write(clip, crop, target, at) {
      const video = videos[owner[clip]];
      const t = clip - offsets[owner[clip]];
      let first = 0;
      let data: Float32Array;
      if (isStored(video)) {
        if (last.clip !== clip) {
          first = Math.max(0, t - (window ?? 0));
          last = { clip, first, data: segmentsOf(video, first, t + 1) };
        }
        ({ first, data } = last);
      } else data = video.data;
      if (window !== null) return writeContext({ data, crops, dim }, t - first, crop, window, target, at);
      const from = ((t - first) * crops + crop) * dim;
      target.set(data.subarray(from, from + dim), at);
    },
  };
}
