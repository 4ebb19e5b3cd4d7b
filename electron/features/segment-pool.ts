// All segments of a run as one pool. Role: copies chosen segments into batches, from memory or from files, and reads
// ahead what was announced. Limits: what a batch holds is its caller's choice.

import { type Ahead, readAhead } from './read-ahead.ts';
import { isStored } from './stretches.ts';
import type { FeatureVideo, StoredVideo } from './types.ts';

/** Segment i is the i-th of all videos one after the other. */
export interface SegmentPool {
  segments: number;
  /** Video v owns segments [offsets[v], offsets[v + 1]). */
  offsets: Int32Array;
  crops: number;
  dim: number;
  /**
   * Says which segments will be asked for next, in which order, so that files are read while the device computes.
   * Takes the place of what was announced before; nothing depends on it but time. An empty order gives memory back.
   */
  expect(order: Int32Array): void;
  /** Copies segments into the beginning of `target`. @throws AppError when their file cannot be read (any more). */
  copy(segments: Int32Array, target: Float32Array): void;
}

/** @param videos at least one, all with the same crops and dimensions. */
export function segmentPool(videos: readonly FeatureVideo[]): SegmentPool {
  const { crops, dim } = videos[0];
  const size = crops * dim;
  const offsets = new Int32Array(videos.length + 1);
  for (const [v, video] of videos.entries()) offsets[v + 1] = offsets[v] + video.segments;
  const shape = { segments: offsets[videos.length], offsets, crops, dim };
  const owner = new Int32Array(shape.segments);
  for (let v = 0; v < videos.length; v++) owner.fill(v, offsets[v], offsets[v + 1]);
  if (videos.some(isStored)) {
    const ahead: Ahead = readAhead(videos as readonly StoredVideo[], { offsets, owner });
    return { ...shape, ...ahead };
  }
  return {
    ...shape,
    expect() {},
    copy(chosen, target) {
      for (let i = 0; i < chosen.length; i++) {
        const v = owner[chosen[i]];
        const from = (chosen[i] - offsets[v]) * size;
        const video = videos[v];
        if (!isStored(video)) target.set(video.data.subarray(from, from + size), i * size);
      }
    },
  };
}
