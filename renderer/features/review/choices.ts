// How a person likes to review: remembered choices of the review page. Role: names, schemas and first values.
// Limits: lanes have their own (timeline/lanes.ts), keys too (state/keymap.ts).
import { z } from 'zod';
import { choice } from '../../state/choices.ts';

/** Whether edges stick to the grid of segments. */
export const snapping = choice('snap', z.boolean(), true);

/** Seconds of context before and after what is repeated. */
export const loopContext = choice('loop-context', z.number().min(0).max(60), 1);
export const LOOP_CONTEXTS = [0, 0.5, 1, 2, 5, 10] as const;
