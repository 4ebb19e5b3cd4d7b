// What lists show of a video's scores: extremes, a sparkline, events under a rule.
import type { VideoRow } from '../../shared/contract/index.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import { encodeSpark } from '../../shared/labels/spark.ts';
import type { EventRule } from '../../shared/labels/types.ts';

const short = (value: number): number => Math.round(value * 10_000) / 10_000;

/** @param scores one per segment. @param frames N of the video. */
export function summarise(
  scores: Float32Array,
  rule: EventRule,
  frames: number,
): NonNullable<VideoRow['score']> {
  let max = 0;
  let sum = 0;
  for (const score of scores) {
    if (score > max) max = score;
    sum += score;
  }
  const events = eventsOf(scores, frames, rule);
  return {
    // Lists show two digits; all seventeen of ten thousand videos would be half of what is sent.
    max: short(max),
    mean: scores.length === 0 ? 0 : short(sum / scores.length),
    spark: encodeSpark(scores),
    events: events.length,
    eventFrames: events.reduce((total, event) => total + event.end - event.start, 0),
  };
}
