// Opening the checkpoint of a method. Role: is it whole, is it of this kind, is it of this run. Limits: what a
// checkpoint holds is the business of the method.
import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { readBundle } from '../compute/bundle.ts';
import type { Values } from '../compute/device.ts';

/**
 * @param bytes what `writeBundle` made of the content and the arrays.
 * @param content schema of the content, which names the kind of checkpoint and the run it belongs to.
 * @param run identity of the run that wants to go on: settings, seed, shapes, labels.
 * @throws AppError `damaged` for broken bytes, `conflict` for the checkpoint of another run.
 */
export function openCheckpoint<Content extends { format: string; run: string }>(
  bytes: Uint8Array,
  content: z.ZodType<Content>,
  run: string,
): { content: Omit<Content, 'format'>; arrays: Record<string, Values> } {
  const { content: raw, arrays } = readBundle(bytes, 'The checkpoint of this run');
  const parsed = content.safeParse(raw);
  if (!parsed.success)
    throw new AppError('damaged', 'The checkpoint of this run cannot be read. Start the run anew.');
  const { format: _, ...rest } = parsed.data;
  if (rest.run !== run)
    throw new AppError(
      'conflict',
      'The checkpoint belongs to a run with other settings, features or labels. Start the run anew.',
    );
  return { content: rest, arrays };
}
