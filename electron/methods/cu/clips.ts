// All clips of a run as rows for a network: plain features for the first stage, context features for the second.
// Role: copies chosen clips and crops into a batch. Limits: all features are in memory, once.
import type { VideoFeatures } from '../../features/types.ts';
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
export function clipOffsets(videos: readonly VideoFeatures[]): Int32Array {
  const offsets = new Int32Array(videos.length + 1);
  for (const [v, video] of videos.entries()) offsets[v + 1] = offsets[v] + video.segments;
  return offsets;
}

/** @param window clips of the context, or null for the features as they are. */
export function clipSource(videos: readonly VideoFeatures[], window: number | null): ClipSource {
  const offsets = clipOffsets(videos);
  const clips = offsets[videos.length];
  const owner = new Int32Array(clips);
  for (let v = 0; v < videos.length; v++) owner.fill(v, offsets[v], offsets[v + 1]);
  const { crops, dim } = videos[0];
  return {
    clips,
    crops,
    dim: window === null ? dim : 2 * dim,
    write(clip, crop, target, at) {
      const video = videos[owner[clip]];
      const t = clip - offsets[owner[clip]];
      if (window !== null) return writeContext(video, t, crop, window, target, at);
      const from = (t * crops + crop) * dim;
      target.set(video.data.subarray(from, from + dim), at);
    },
  };
}
