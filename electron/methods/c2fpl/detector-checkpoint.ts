// Checkpoints of the detector: everything a run needs to go on as if it had never stopped.
// Role: to bytes and back. Limits: where the bytes go is the caller's business.
import { z } from 'zod';
import { writeBundle } from '../../compute/bundle.ts';
import type { Values } from '../../compute/device.ts';
import { openCheckpoint } from '../checkpoint.ts';
import { epochPosition } from '../epochs.ts';

const content = z.object({
  format: z.literal('c2fpl detector 3'),
  /** What the run has to have in common with the one that goes on: settings, seed, shapes, labels. */
  run: z.string(),
  position: epochPosition,
  /** Mean loss of each complete epoch. */
  losses: z.array(z.number()),
});

export interface DetectorCheckpoint extends Omit<z.infer<typeof content>, 'format'> {
  /** Parameters and the slots of the optimiser. */
  values: Record<string, Values>;
}

export function writeCheckpoint({ values, ...rest }: DetectorCheckpoint): Uint8Array {
  return writeBundle({ format: 'c2fpl detector 3', ...rest } satisfies z.infer<typeof content>, values);
}

/**
 * @param run identity of the run that wants to go on.
 * @throws AppError `damaged` for broken bytes, `conflict` for the checkpoint of another run.
 */
export function readCheckpoint(bytes: Uint8Array, run: string): DetectorCheckpoint {
  const { content: rest, arrays } = openCheckpoint(bytes, content, run);
  return { ...rest, values: arrays };
}
