// Checkpoints of methods. Role: when one is written, and whether one that is read is whole, of this kind and of this run.
// Limits: what a checkpoint holds is the business of the method, where it goes that of the task.
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { readBundle } from '../compute/bundle.ts';
import type { Values, Variables } from '../compute/device.ts';
import type { TrainInput } from './method.ts';

/** Weights and optimiser state may have hundreds of megabytes: written too often they take longer than training. Seconds. */
const SAVE_EVERY = 30;

/** When the checkpoints of a run are written. */
export interface Saves {
  /**
   * After a step: writes the first time, whenever 30 seconds have passed, and when the run is cancelled, which then loses nothing.
   * @throws AppError `cancelled`, after writing.
   */
  offer(write: () => Promise<Uint8Array>): Promise<void>;
  /** At the end of a stage. */
  now(write: () => Promise<Uint8Array>): Promise<void>;
}

export function savesOf({
  signal,
  saveCheckpoint,
  saveEvery = SAVE_EVERY,
}: Pick<TrainInput, 'signal' | 'saveCheckpoint' | 'saveEvery'>): Saves {
  let last = Number.NEGATIVE_INFINITY;
  const now: Saves['now'] = async (write) => {
    await saveCheckpoint(await write());
    last = performance.now();
  };
  return {
    now,
    async offer(write) {
      if (signal.aborted || performance.now() - last >= saveEvery * 1000) await now(write);
      stopIfCancelled(signal);
    },
  };
}

/**
 * What a checkpoint has to share with a run that goes on from it, in short.
 * @param settings all that a step depends on: options, seed, shapes.
 * @param arrays labels and the like.
 */
export function identityOf(settings: object, ...arrays: NodeJS.ArrayBufferView[]): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const array of arrays) hash.update(array);
  return hash.digest('hex');
}

/** @throws AppError `cancelled`. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled. What is trained so far is kept.');
}

/** All variables with their shapes, as they are now. */
export async function valuesOf(variables: Variables): Promise<Record<string, Values>> {
  const arrays = await variables.read();
  return Object.fromEntries(
    Object.entries(arrays).map(([name, data]) => [name, { shape: variables.specs[name].shape, data }]),
  );
}

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
