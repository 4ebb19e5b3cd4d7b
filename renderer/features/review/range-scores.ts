// What one run says about a range of frames. Role: how high its scores are there, and where they reach its threshold. Limits:
// pure arithmetic over the scores of one video.
import { normalize } from '../../../shared/labels/intervals.ts';
import { scoredRange, segmentOfFrame } from '../../../shared/labels/segments.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';

/** Highest and mean score over a range, per frame. */
export function scoresOver(
  scores: Float32Array,
  { start, end }: FrameRange,
  frames: number,
): { max: number; mean: number } {
  let max = -Infinity;
  let sum = 0;
  const last = segmentOfFrame(end - 1, scores.length);
  for (let k = segmentOfFrame(start, scores.length); k <= last; k++) {
    const range = scoredRange(k, scores.length, frames);
    max = Math.max(max, scores[k]);
    sum += scores[k] * (Math.min(end, range.end) - Math.max(start, range.start));
  }
  return { max, mean: sum / (end - start) };
}

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
