// Segments: 16 consecutive frames, stride 16, no overlap (methods.md 0.1).
// Role: the arithmetic between frames and segments. Limits: the number of segments of a run is T of its features; frames
// after the last segment belong to it, for scores and for events alike.
import { type FrameRange, SEGMENT_FRAMES } from './types.ts';

/** Segments of an n-frame video when a short last one counts: ceil(n / 16). */
export function segmentCount(frames: number): number {
  return Math.ceil(frames / SEGMENT_FRAMES);
}

/** Frames [16k, min(16k + 16, N)) of segment k; empty at N when the segment begins behind the end of the video. */
export function segmentRange(segment: number, frames: number): FrameRange {
  const start = Math.min(segment * SEGMENT_FRAMES, frames);
  return { start, end: Math.min(start + SEGMENT_FRAMES, frames) };
}

/**
 * Whether T features can be those of an n-frame video: extractors differ by a short last segment, and by a few frames
 * where they decode or sample times themselves; what differs by more than two segments and 5 % counts something else.
 */
export function segmentsFit(segments: number, frames: number): boolean {
  const off = Math.abs(segments * SEGMENT_FRAMES - frames);
  return off <= 2 * SEGMENT_FRAMES || off <= frames / 20;
}

/** The segment whose score frame n has: floor(n / 16), and the last of the `segments` for all frames after it. */
export function segmentOfFrame(frame: number, segments: number): number {
  return Math.max(0, Math.min(Math.floor(frame / SEGMENT_FRAMES), segments - 1));
}

/**
 * Frames that take their score from segment k of `segments`: its own 16, and for the last segment everything up to the
 * end of the video (methods.md 0.3).
 */
export function scoredRange(segment: number, segments: number, frames: number): FrameRange {
  const { start, end } = segmentRange(segment, frames);
  return { start, end: segment === segments - 1 ? frames : end };
}
