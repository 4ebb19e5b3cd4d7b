// How far the review of a video has come, how long it takes, and how far runs are apart. Role: counts over the layers of one
// video, for lists of many. Limits: bulk verdicts are counted by themselves: nobody looked at those events.
import { frameCount, intersect, normalize, subtract, union } from './intervals.ts';
import { decisionOn, framesOf, ignoredOn, type Layers, ruleOn } from './layers.ts';
import type { FrameRange } from './types.ts';

/** Seconds a decision takes on top of watching. */
const DECISION_SECONDS = 2;

/**
 * The time it takes to look at events and to decide on them.
 * @param seconds length of their footage. @param speed how many times faster than the footage. @param events how many
 */
export const secondsToReview = (seconds: number, speed: number, events = 1): number =>
  seconds / speed + DECISION_SECONDS * events;

export interface Progress {
  /** Of the run under its rule. */
  events: number;
  /** Of these: decided by people, by a bulk verdict alone, and not to be decided because people ignore their frames. */
  decided: number;
  rule: number;
  ignored: number;
  /** Share of the frames that people spoke about: decided, watched or ignored; in [0, 1]. */
  watched: number;
}

/** Of a video with so many events of which nobody said anything. */
export const nobodySpoke = (events: number): Progress => ({
  events,
  decided: 0,
  rule: 0,
  ignored: 0,
  watched: 0,
});

/** @param layers of one video and one pass. @param frames N of the video */
export function progressOf({ model, rule, human }: Layers, frames: number): Progress {
  const out = nobodySpoke(model.length);
  for (const { start, end } of model) {
    const event = { start, end };
    if (decisionOn(event, human)) out.decided++;
    else if (ignoredOn(event, human)) out.ignored++;
    else if (ruleOn(event, rule)) out.rule++;
  }
  const spoken = human.filter((row) => row.kind !== 'note' && (row.kind !== 'event' || row.verdict !== null));
  const seen = intersect(normalize(spoken.flatMap(framesOf)), [{ start: 0, end: frames }]);
  out.watched = frames > 0 ? frameCount(seen) / frames : 0;
  return out;
}

/** Events that people have not decided on; those of bulk verdicts are among them. */
export const leftOf = ({ events, decided, ignored }: Progress): number => events - decided - ignored;

export const REVIEW_STATES = ['untouched', 'begun', 'done'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/**
 * `untouched`: has events, and no person said anything about them; `begun`; `done`: people decided on every event, or, where
 * there is none, watched all of it. Null for a video without events of which nobody said anything: nothing asks for a look.
 */
export function reviewStateOf(progress: Progress): ReviewState | null {
  const { events, watched } = progress;
  if (watched === 0) return events > 0 ? 'untouched' : null;
  if (events > 0) return leftOf(progress) === 0 ? 'done' : 'begun';
  return watched >= 1 ? 'done' : 'begun';
}

/**
 * Share of the frames that are in an event of some runs and not of all.
 * @param runs events of each run under its own rule, ascending and disjoint. @returns null for fewer than two runs
 */
export function disagreement(runs: readonly (readonly FrameRange[])[], frames: number): number | null {
  if (runs.length < 2 || frames === 0) return null;
  const some = runs.reduce<FrameRange[]>((all, events) => union(all, normalize(events)), []);
  const every = runs.slice(1).reduce<FrameRange[]>((all, events) => intersect(all, events), [...runs[0]]);
  return frameCount(subtract(some, every)) / frames;
}
