// All segments of a run as one pool. Role: copies chosen segments into a batch. Limits: all features are in memory.
import type { VideoFeatures } from './types.ts';

/** Copies segments out of the videos; segment i is the i-th of all videos one after the other. */
export interface SegmentPool {
  segments: number;
  /** Video v owns segments [offsets[v], offsets[v + 1]). */
  offsets: Int32Array;
  crops: number;
  dim: number;
  copy(segments: ArrayLike<number>, target: Float32Array): void;
}

export function segmentPool(videos: readonly VideoFeatures[]): SegmentPool {
  const { crops, dim } = videos[0];
  const size = crops * dim;
  const offsets = new Int32Array(videos.length + 1);
  for (const [v, video] of videos.entries()) offsets[v + 1] = offsets[v] + video.segments;
  const segments = offsets[videos.length];
  const owner = new Int32Array(segments);
  const row = new Int32Array(segments);
  for (const [v, video] of videos.entries()) {
    for (let t = 0; t < video.segments; t++) {
      owner[offsets[v] + t] = v;
      row[offsets[v] + t] = t;
    }
  }
  return {
    segments,
    offsets,
    crops,
    dim,
    copy(chosen, target) {
      for (let i = 0; i < chosen.length; i++) {
        const from = row[chosen[i]] * size;
        target.set(videos[owner[chosen[i]]].data.subarray(from, from + size), i * size);
      }
    },
  };
}
