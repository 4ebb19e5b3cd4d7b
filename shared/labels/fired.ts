// Where a run's scores reach its threshold. Limits: pure arithmetic over the scores of one video; how high they are there is
// `scoredOver` (events.ts).
import { normalize } from './intervals.ts';
import { scoredRange, segmentOfFrame } from './segments.ts';
import type { FrameRange } from './types.ts';

/** Where in a range a run's scores reach its threshold: whole segments, cut to the range. */
export function firedIn(
  scores: ArrayLike<number>,
  on: number,
  { start, end }: FrameRange,
  frames: number,
): FrameRange[] {
  const fired: FrameRange[] = [];
  const last = segmentOfFrame(end - 1, scores.length);
  for (let k = segmentOfFrame(start, scores.length); k <= last; k++) {
    if (scores[k] < on) continue;
    const range = scoredRange(k, scores.length, frames);
    fired.push({ start: Math.max(start, range.start), end: Math.min(end, range.end) });
  }
  return normalize(fired);
}
