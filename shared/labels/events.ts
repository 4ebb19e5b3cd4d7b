// From segment scores to events, by a rule with two thresholds.
// Role: the events of a run over one video, fast enough to recompute on every move of a slider (a day of video is
// 160,000 segments). Limits: one video; nothing is stored.
import { dropShort, mergeGaps, subtract } from './intervals.ts';
import { scoredRange } from './segments.ts';
import { smoothedBy } from './smooth.ts';
import { type EventRule, type FrameRange, SEGMENT_FRAMES } from './types.ts';

export interface ScoredEvent extends FrameRange {
  /** Highest segment score of the event. */
  max: number;
  /** Mean score of its frames. */
  mean: number;
}

/** Frames where the rule is on before merging: from a segment at or above `on` while segments stay at or above `off`. */
function activeRanges(scores: ArrayLike<number>, frames: number, rule: EventRule): FrameRange[] {
  const off = Math.min(rule.on, rule.off); // an `off` above `on` would end an event on the segment that starts it
  const out: FrameRange[] = [];
  for (let k = 0; k < scores.length; k++) {
    if (!(scores[k] >= rule.on)) continue;
    const { start } = scoredRange(k, scores.length, frames);
    while (k + 1 < scores.length && scores[k + 1] >= off) k++;
    const { end } = scoredRange(k, scores.length, frames);
    if (start < end) out.push({ start, end });
  }
  return out;
}

/** A range with the highest and the mean score of its frames. @param scores one per segment, `[T]`, at least one. */
export function scoredOver(scores: ArrayLike<number>, range: FrameRange): ScoredEvent {
  const last = scores.length - 1;
  let max = -Infinity;
  let sum = 0;
  for (let f = range.start; f < range.end; ) {
    const k = Math.min(Math.floor(f / SEGMENT_FRAMES), last);
    const end = k === last ? range.end : Math.min((k + 1) * SEGMENT_FRAMES, range.end);
    max = Math.max(max, scores[k]);
    sum += scores[k] * (end - f);
    f = end;
  }
  return { start: range.start, end: range.end, max, mean: sum / (range.end - range.start) };
}

/**
 * Events of one video. Where the rule says so, scores are evened out first. An event starts where a segment reaches `on` and
 * goes on while segments stay at or above `off`; events with fewer than `gapFrames` frames between them become one; then those shorter than `minFrames` are dropped.
 * Frames after the last segment belong to it (methods.md 0.3).
 * @param scores one per segment, `[T]`. @param frames N of the video.
 * @returns ascending, never touching: at least one segment below `off` lies between two events. Their highest and mean
 *   scores are those of the run, not evened out.
 */
export function eventsOf(scores: ArrayLike<number>, frames: number, rule: EventRule): ScoredEvent[] {
  const merged = mergeGaps(activeRanges(smoothedBy(scores, rule.smooth), frames, rule), rule.gapFrames);
  return dropShort(merged, rule.minFrames).map((range) => scoredOver(scores, range));
}

/** What the two lengths of a rule do to a video. */
export interface LengthEffects {
  /** Gaps between stretches above the thresholds that are closed, inside events or not. */
  closed: FrameRange[];
  /** What would be events if they were longer. */
  dropped: FrameRange[];
}

/**
 * Which gaps a rule closes and which events it drops as too short: what is looked at while its lengths are changed.
 * @param scores one per segment, `[T]`. @param frames N of the video.
 */
export function lengthEffects(scores: ArrayLike<number>, frames: number, rule: EventRule): LengthEffects {
  const active = activeRanges(smoothedBy(scores, rule.smooth), frames, rule);
  const merged = mergeGaps(active, rule.gapFrames);
  return {
    closed: subtract(merged, active),
    dropped: merged.filter(({ start, end }) => end - start < rule.minFrames),
  };
}

/** Whether two rules make the same events of any scores, and are written the same. */
export const sameRule = (a: EventRule, b: EventRule): boolean =>
  a.on === b.on &&
  a.off === b.off &&
  a.minFrames === b.minFrames &&
  a.gapFrames === b.gapFrames &&
  a.smooth?.by === b.smooth?.by &&
  a.smooth?.segments === b.smooth?.segments;
