// Where a run's scores reach its threshold. Limits: pure arithmetic over the scores of one video; how high they are there is
// `scoredOver` in shared/labels.
import { normalize } from '../../../shared/labels/intervals.ts';
import { scoredRange, segmentOfFrame } from '../../../shared/labels/segments.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';

/** Where in a range a run's scores reach its threshold: whole segments, cut to the range. */
export function firedIn(
  scores: Float32Array,
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
