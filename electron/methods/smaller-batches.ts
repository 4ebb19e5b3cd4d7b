// Training anew with smaller batches where the device has too little memory.
// Role: halves until it fits, says so, and knows from a checkpoint how far that had gone. Limits: what becomes smaller is the
// method's business.
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { readBundle } from '../compute/bundle.ts';
import type { TrainInput } from './method.ts';

/** How the note about smaller batches begins. */
export const TOO_LARGE = 'The device has too little memory for larger batches';

export interface Attempt {
  /** Of all batch sizes: 1, 2, 4 and so on. */
  divisor: number;
  /** What the run is called in its checkpoints: one with smaller batches is another course of training. */
  run: string;
  /** The checkpoint to go on from, of this attempt's run or of a foreign one, which is refused when it is read. */
  saved: Uint8Array | null;
  /** What to tell of smaller batches, for example `batches of 4 segments`; nothing where they are as set. */
  note(used: string): string[];
}

export interface Batches extends Pick<TrainInput, 'loadCheckpoint' | 'progress' | 'rehearsal'> {
  /** What a checkpoint has to share with a run that goes on from it: settings, seed, shapes, labels. */
  run: string;
  /** With this divisor every batch is as small as it can be. */
  smallest: number;
}

const made = z.object({ run: z.string() });

/** The divisor that a checkpoint of this run was made with; 1 for one of another run. */
function divisorOf(bytes: Uint8Array, run: string): number {
  const content = made.safeParse(readBundle(bytes, 'The checkpoint of this run').content);
  const name = content.success ? content.data.run : '';
  return name.startsWith(`${run} / `) ? Math.max(1, Math.round(Number(name.slice(run.length + 3))) || 1) : 1;
}

/**
 * Trains, and again from the start with batches of half the size as long as the device runs out of memory. A run that goes on
 * from a checkpoint begins with the batches it was made with.
 * @throws AppError `damaged` for a checkpoint that cannot be read, `out_of_memory` when the smallest batches do not fit,
 *   and what `train` throws.
 */
export async function withSmallerBatches<T>(
  { run, smallest, loadCheckpoint, progress, rehearsal }: Batches,
  train: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  let saved = await loadCheckpoint();
  for (let divisor = saved ? divisorOf(saved, run) : 1; ; divisor *= 2) {
    try {
      return await train({
        divisor,
        run: divisor === 1 ? run : `${run} / ${divisor}`,
        saved,
        note: (used) => (divisor === 1 ? [] : [`${TOO_LARGE}; this run used ${used}.`]),
      });
    } catch (thrown) {
      const full = thrown instanceof AppError && thrown.code === 'out_of_memory';
      if (!full || divisor >= smallest) throw thrown;
      saved = null;
      rehearsal?.again();
      progress(0, 1, 'steps', 'Too little memory: beginning anew with batches of half the size');
    }
  }
}
