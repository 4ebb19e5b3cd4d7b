// How a person likes to see the library. Role: remembered choices. Limits: filters last as long as the screen.
import { z } from 'zod';
import { choice } from '../../state/choices.ts';

export const libraryForm = choice('library-form', z.enum(['table', 'grid']), 'table');

/** Scores beside the usual level of their own camera. */
export const perCamera = choice('per-camera', z.boolean(), false);
