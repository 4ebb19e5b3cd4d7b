// How a person likes to review: remembered choices of the review page. Role: names, schemas and first values.
// Limits: lanes have their own (timeline/lanes.ts), keys too (state/keymap.ts).
import { z } from 'zod';
import { choice } from '../../state/choices.ts';

/** Whether edges stick to the grid of segments. */
export const snapping = choice('snap', z.boolean(), true);

/** Seconds of context before and after what is repeated, or plays by itself. */
export const loopContext = choice('loop-context', z.number().min(0).max(60), 1);
export const LOOP_CONTEXTS = [0, 0.5, 1, 2, 5, 10] as const;

/** What is drawn over the picture. */
export const overlay = choice(
  'overlay',
  z.object({
    on: z.boolean(),
    score: z.boolean(),
    labels: z.boolean(),
    boxes: z.boolean(),
    poses: z.boolean(),
  }),
  { on: true, score: true, labels: true, boxes: true, poses: true },
);
export const OVERLAY_PARTS = [
  ['score', 'Score'],
  ['labels', 'Events and labels'],
  ['boxes', 'Boxes'],
  ['poses', 'Poses'],
] as const;

/** Whether playback goes fast through low scores. */
export const smartPlayback = choice('smart-playback', z.boolean(), false);

/** The speed that playing begins with, in every video. */
export const playbackRate = choice('rate', z.number().min(0.1).max(16), 1);

/** Whether what is marked, or the selected event, is repeated. */
export const looping = choice('loop', z.boolean(), false);

/** Whether an event of the queue plays when one goes there. */
export const playsNext = choice('play-next', z.boolean(), false);

/** What becomes of an event that plays by itself, at the end of it and its context. */
export const AFTER_PLAYED = ['stop', 'next', 'on'] as const;
export const afterPlayed = choice('after-played', z.enum(AFTER_PLAYED), 'stop');

/** How far keys go: the large step in frames, the step in time and the jump in seconds. */
export const FIRST_STEPS = { frames: 16, seconds: 1, jump: 60 };
export const steps = choice(
  'steps',
  z.object({
    frames: z.number().int().min(1).max(100_000),
    seconds: z.number().min(0.01).max(3600),
    jump: z.number().min(1).max(86_400),
  }),
  FIRST_STEPS,
);

/** Whether videos that the player cannot show get their playable copy without being asked. */
export const copiesByThemselves = choice('copies-by-themselves', z.boolean(), true);
