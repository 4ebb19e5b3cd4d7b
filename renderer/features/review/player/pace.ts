// Smart playback: fast through low scores, at the chosen speed in what may be an event.
// Role: the pace at a frame, from scores and events. Limits: pure arithmetic; the player decides when it holds.
import { segmentOfFrame } from '../../../../shared/labels/segments.ts';
import type { EventRule, FrameRange } from '../../../../shared/labels/types.ts';
import { firstEndingAfter } from '../../../canvas/paint.ts';
import type { Pace } from './player.ts';

/** Where scores are far below the lower threshold. */
const FAST = 16;
/** Just below it, where something might be. */
const BRISK = 4;

export interface PaceInputs {
  /** One per segment, `[T]`. */
  scores: Float32Array;
  /** Ascending and apart. */
  events: readonly FrameRange[];
  rule: EventRule;
  /** Frames before and after an event that are watched at the chosen speed too. */
  context: number;
}

/**
 * The pace of a frame: 1 inside an event and its context, 16 where the score is at most half of the lower threshold, in
 * between falling to 4. At 16 times the speed one reaction of the screen is up to 20 frames, so keep `context` above that.
 */
export function smartPace({ scores, events, rule, context }: PaceInputs): Pace {
  const off = Math.min(rule.on, rule.off);
  return (frame) => {
    const next = events[firstEndingAfter(events, frame - context)];
    if (next && frame >= next.start - context && frame < next.end + context) return 1;
    if (scores.length === 0) return 1;
    const score = scores[segmentOfFrame(frame, scores.length)];
    const near = off <= 0 ? 1 : Math.min(1, Math.max(0, (2 * score) / off - 1));
    return FAST + (BRISK - FAST) * near;
  };
}
