// Features whose vectors are equal shares of a video instead of 16 frames (methods.md 3.8): which frames a share is, and how
// its value becomes one per frame or per segment. Role: pure arithmetic. Limits: everything else in the product counts
// segments of 16 frames; scores of shares are stored as they are and brought to segments where they are read.
import { type FrameRange, SEGMENT_FRAMES } from './types.ts';

type Values = Float32Array | Uint8Array;

function empty<A extends Values>(like: A, length: number): A {
  return new (like.constructor as new (length: number) => A)(length);
}

/** Frames [ceil(k n / shares), ceil((k + 1) n / shares)) of share k: those that lie in [k n / shares, (k + 1) n / shares). */
export function shareRange(share: number, shares: number, frames: number): FrameRange {
  return { start: Math.ceil((share * frames) / shares), end: Math.ceil(((share + 1) * frames) / shares) };
}

/** The share that holds a frame: floor(frame * shares / n). */
export function shareOfFrame(frame: number, shares: number, frames: number): number {
  return Math.min(shares - 1, Math.floor((frame * shares) / frames));
}

/** One value per frame, `[n]`: that of its share. @param values one per share, at least one. */
export function framesFromShares<A extends Values>(values: A, frames: number): A {
  const out = empty(values, frames);
  for (let k = 0; k < values.length; k++) {
    const { start, end } = shareRange(k, values.length, frames);
    out.fill(values[k], start, end);
  }
  return out;
}

/** One value per segment of 16 frames, `[ceil(n / 16)]`: that of the share which holds the middle of the segment. */
export function segmentsFromShares<A extends Values>(values: A, frames: number): A {
  const out = empty(values, Math.ceil(frames / SEGMENT_FRAMES));
  for (let s = 0; s < out.length; s++) {
    const start = s * SEGMENT_FRAMES;
    const middle = start + Math.floor((Math.min(SEGMENT_FRAMES, frames - start) - 1) / 2);
    out[s] = values[shareOfFrame(middle, values.length, frames)];
  }
  return out;
}

/**
 * One value per frame, `[n]`, as the authors of the data set evaluate: boundaries fall on multiples of 16 frames,
 * t = round(linspace(1, floor(n / 16), shares + 1)), share i has the vectors t_i to t_(i+1) - 1, counted from 1, or t_i
 * where that is none; the last vector and the frames after it get 0.
 */
export function officialFrames(values: Float32Array, frames: number): Float32Array {
  const out = new Float32Array(frames);
  const vectors = Math.floor(frames / SEGMENT_FRAMES);
  const bound = (i: number): number => Math.round(1 + ((vectors - 1) * i) / values.length);
  for (let i = 0; vectors > 0 && i < values.length; i++) {
    const [first, next] = [bound(i), bound(i + 1)];
    out.fill(values[i], (first - 1) * SEGMENT_FRAMES, (Math.max(next, first + 1) - 1) * SEGMENT_FRAMES);
  }
  // What the widening of empty shares may have written there.
  if (vectors > values.length) out.fill(0, (vectors - 1) * SEGMENT_FRAMES);
  return out;
}
