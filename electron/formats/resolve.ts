// Seconds to frames. Role: the edge between two frames that a time means, by the timestamps of the video itself. Limits:
// without a frame table a constant rate is all there is.
import type { FrameRange } from '../../shared/labels/types.ts';
import type { ReadEvent } from './read.ts';

/** When a video's frames are shown. */
export interface Timing {
  frames: number;
  /** Start of a frame in seconds of media time, of frame N the end; null where no timestamps are known. */
  secondsAt: ((frame: number) => number) | null;
  /** Frames per second; 0 where not known. */
  rate: number;
}

/** The frame in 0 to N whose start is nearest to a time; of two equally near ones the earlier. */
export function nearestEdge(seconds: number, secondsAt: (frame: number) => number, frames: number): number {
  let low = 0;
  let high = frames;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (secondsAt(middle) < seconds) low = middle + 1;
    else high = middle;
  }
  const before = low - 1;
  return before >= 0 && seconds - secondsAt(before) <= secondsAt(low) - seconds ? before : low;
}

/** Frames [start, end) that an event means; null when it means none or its times cannot be turned into frames. */
export function rangeOf(event: ReadEvent, { frames, secondsAt, rate }: Timing): FrameRange | null {
  const edge = (value: number): number | null => {
    if (event.unit === 'frames') return value;
    if (secondsAt) return nearestEdge(value, secondsAt, frames);
    return rate > 0 ? Math.round(value * rate) : null;
  };
  const start = edge(event.start);
  const end = event.end === null ? frames : edge(event.end);
  return start === null || end === null ? null : { start, end };
}
