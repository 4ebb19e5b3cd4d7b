// Vectors of flow frames to vectors of segments. Role: default-extractor.md section 2, item 5.
// Limits: knows frame numbers and sums, not what the numbers mean.
import { SEGMENT_FRAMES } from '../../../shared/labels/types.ts';

/** Frames between the two of a flow pair, so that about ten pairs are looked at in a second. */
export function frameStep(fps: number): number {
  return Math.max(1, Math.floor(fps / 10));
}

/**
 * Segments of an n-frame video: starts 0, 16, 32, ... that lie before n - 4. A video that is too short even for the
 * first start has one segment all the same. Frames after the last segment take its score.
 */
export function segmentCount(frames: number): number {
  return Math.max(1, Math.ceil((frames - 4) / SEGMENT_FRAMES));
}

export interface SegmentMeans {
  /** @param frame index of the first frame of the pair */
  add(frame: number, vector: Float64Array): void;
  /** Float32 `[segments, length]`. A segment without a pair takes the vector before it; the first then has zeros. */
  finish(): Float32Array;
}

export function createSegmentMeans(segments: number, length: number): SegmentMeans {
  const sums = new Float64Array(segments * length);
  const counts = new Int32Array(segments);
  return {
    add(frame, vector) {
      const segment = Math.floor(frame / SEGMENT_FRAMES);
      if (segment >= segments) return; // the few frames after the last segment
      counts[segment]++;
      const at = segment * length;
      for (let i = 0; i < length; i++) sums[at + i] += vector[i];
    },
    finish() {
      const out = new Float32Array(segments * length);
      for (let s = 0; s < segments; s++) {
        const at = s * length;
        if (counts[s] > 0) for (let i = 0; i < length; i++) out[at + i] = sums[at + i] / counts[s];
        else if (s > 0) out.copyWithin(at, at - length, at);
      }
      return out;
    },
  };
}
