// What changed between the events of two runs over one video, and what contradicts people.
// Role: new, moved, gone; verdicts that a run contradicts. Limits: one video; pure.
import type { HumanEvent } from '../contract/review.ts';
import { frameCount, intersect, normalize, overlap } from './intervals.ts';
import { DECIDED_SHARE, decisionOn, verdictOf } from './layers.ts';
import type { FrameRange } from './types.ts';

export interface EventDiff<T extends FrameRange> {
  /** Events that touch none of the earlier run. */
  added: T[];
  /** Events with a common frame with an earlier one, and other edges. */
  moved: T[];
  /** Events of the earlier run that touch none of this one. */
  gone: T[];
  same: T[];
}

/** @param before @param after events of one video, each ascending and disjoint */
export function diffEvents<T extends FrameRange>(before: readonly T[], after: readonly T[]): EventDiff<T> {
  const diff: EventDiff<T> = { added: [], moved: [], gone: [], same: [] };
  for (const event of after) {
    const touching = before.filter((other) => overlap(event, other) > 0);
    if (touching.length === 0) diff.added.push(event);
    else if (touching.some((other) => other.start === event.start && other.end === event.end))
      diff.same.push(event);
    else diff.moved.push(event);
  }
  diff.gone = before.filter((event) => !after.some((other) => overlap(event, other) > 0));
  return diff;
}

export interface Contradictions<T extends FrameRange> {
  /** Events of the run that people rejected. */
  rejected: T[];
  /** Accepted rows of which the run sees less than half. */
  missed: HumanEvent[];
}

/** @param events of the run over one video @param rows of people, one pass */
export function contradictions<T extends FrameRange>(
  events: readonly T[],
  rows: readonly HumanEvent[],
): Contradictions<T> {
  const seen = normalize(events);
  return {
    rejected: events.filter((event) => {
      const row = decisionOn(event, rows);
      return row !== null && verdictOf(row) === 'rejected';
    }),
    missed: rows.filter(
      (row) =>
        row.kind === 'event' &&
        row.verdict === 'accepted' &&
        frameCount(intersect(seen, [row])) < DECIDED_SHARE * (row.end - row.start),
    ),
  };
}
