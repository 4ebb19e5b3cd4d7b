// What lists show of a video's scores: extremes, a sparkline, events under a rule.
import type { VideoRow } from '../../shared/contract/index.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import type { EventRule } from '../../shared/labels/types.ts';

const SPARK = 96;

/** @param scores one per segment. @param frames N of the video. */
export function summarise(
  scores: Float32Array,
  rule: EventRule,
  frames: number,
): NonNullable<VideoRow['score']> {
  const parts = Math.min(SPARK, scores.length);
  const spark = new Array<number>(parts).fill(0);
  let max = 0;
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const part = Math.floor((i * parts) / scores.length);
    if (scores[i] > spark[part]) spark[part] = scores[i];
    if (scores[i] > max) max = scores[i];
    sum += scores[i];
  }
  const events = eventsOf(scores, frames, rule);
  return {
    max,
    mean: scores.length === 0 ? 0 : sum / scores.length,
    // A sparkline is a few pixels high; all digits of ten thousand of them would be megabytes.
    spark: spark.map((value) => Math.round(value * 1000) / 1000),
    events: events.length,
    eventFrames: events.reduce((total, event) => total + event.end - event.start, 0),
  };
}
