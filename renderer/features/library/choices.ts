// How a person likes to see the library. Role: remembered choices. Limits: filters last as long as the screen.
import { z } from 'zod';
import { choice } from '../../state/choices.ts';

export const libraryForm = choice('library-form', z.enum(['table', 'grid']), 'table');

/** Frames are looked at on all cores; else on one, so that the machine stays free for other work. */
export const allCores = choice('extract-all-cores', z.boolean(), true);

/** Scores beside the usual level of their own camera. */
export const perCamera = choice('per-camera', z.boolean(), false);
