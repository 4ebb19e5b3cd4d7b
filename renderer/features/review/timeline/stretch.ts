// What a place on the timeline is part of. Role: the event there, else the stretch in which the runs together reach one half,
// else the segment. Limits: pure arithmetic.
import { scoredRange, segmentOfFrame } from '../../../../shared/labels/segments.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';

/**
 * @param events of the chosen run. @param consensus `[T]`, one half is the threshold; null without one
 * @param frames N of the video
 */
export function stretchAt(
  frame: number,
  events: readonly FrameRange[],
  consensus: Float32Array | null,
  frames: number,
): FrameRange {
  const event = events.find(({ start, end }) => start <= frame && frame < end);
  if (event) return { start: event.start, end: event.end };
  if (!consensus || consensus.length === 0) {
    const start = Math.floor(frame / 16) * 16;
    return { start, end: Math.min(start + 16, frames) };
  }
  const at = segmentOfFrame(frame, consensus.length);
  let [first, last] = [at, at];
  if (consensus[at] >= 0.5) {
    while (first > 0 && consensus[first - 1] >= 0.5) first--;
    while (last + 1 < consensus.length && consensus[last + 1] >= 0.5) last++;
  }
  return {
    start: scoredRange(first, consensus.length, frames).start,
    end: scoredRange(last, consensus.length, frames).end,
  };
}
