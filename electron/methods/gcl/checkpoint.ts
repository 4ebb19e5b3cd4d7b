// Checkpoints of GCL: everything a run needs to go on as if it had never stopped.
// Role: to bytes and back. Limits: where the bytes go is the caller's business.
import { z } from 'zod';
import { curvePoint } from '../../../shared/contract/entities.ts';
import { writeBundle } from '../../compute/bundle.ts';
import type { Values } from '../../compute/device.ts';
import { openCheckpoint } from '../checkpoint.ts';
import { epochPosition } from '../epochs.ts';

const FORMAT = 'gcl training 4';

const content = z.object({
  format: z.literal(FORMAT),
  /** What the run has to have in common with the one that goes on: settings, seed, shapes, known labels. */
  run: z.string(),
  /** The stage that was running, and how far it was. */
  stage: z.int().nonnegative(),
  position: epochPosition,
  /** All points of all curves so far. */
  curve: z.array(curvePoint),
});

export interface GclCheckpoint extends Omit<z.infer<typeof content>, 'format'> {
  /** Parameters of both networks and the slots of the stage's optimiser. */
  values: Record<string, Values>;
}

export function writeCheckpoint({ values, ...rest }: GclCheckpoint): Uint8Array {
  return writeBundle({ format: FORMAT, ...rest } satisfies z.infer<typeof content>, values);
}

/**
 * @param run identity of the run that wants to go on.
 * @throws AppError `damaged` for broken bytes, `conflict` for the checkpoint of another run.
 */
export function readCheckpoint(bytes: Uint8Array, run: string): GclCheckpoint {
  const { content: rest, arrays } = openCheckpoint(bytes, content, run);
  return { ...rest, values: arrays };
}
