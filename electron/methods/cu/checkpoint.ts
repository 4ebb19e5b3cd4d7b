// Checkpoints of a CU-Net run: everything it needs to go on as if it had never stopped.
// Role: to bytes and back. Limits: where the bytes go is the caller's business.
import { z } from 'zod';
import { curvePoint } from '../../../shared/contract/entities.ts';
import { writeBundle } from '../../compute/bundle.ts';
import type { Values } from '../../compute/device.ts';
import { openCheckpoint } from '../checkpoint.ts';
import { epochPosition } from '../epochs.ts';
import type { Labelling } from './soft-labels.ts';

/** What is known of the labels that a round began with. */
export const roundSummary = z.object({
  /** Counted from 1; those of round 1 come from the first stage. */
  round: z.int().positive(),
  clips: z.int(),
  kept: z.int(),
  /** Over the clips of labelled videos. */
  meanUncertainty: z.number(),
  /** What the soft labels of the clips of anomalous videos add up to: how many of them are expected to be anomalous. */
  expected: z.number(),
  /** Clips of anomalous videos per tenth of the soft label. */
  histogram: z.array(z.int()),
});
export type RoundSummary = z.infer<typeof roundSummary>;

const content = z.object({
  format: z.literal('cu 4'),
  /** What the run has to have in common with the one that goes on: settings, seed, shapes, video labels. */
  run: z.string(),
  /** 0 = the first stage, else the round of the classifier. */
  round: z.int().nonnegative(),
  /** How far it is. */
  position: epochPosition,
  curve: z.array(curvePoint),
  rounds: z.array(roundSummary),
});

export interface Checkpoint extends Omit<z.infer<typeof content>, 'format'> {
  /** Parameters and slots of the network in training. */
  values: Record<string, Values>;
  /** Labels the round is trained on; null in the first stage. */
  labelling: Labelling | null;
}

const LABEL = 'labelling/label';
const UNCERTAINTY = 'labelling/uncertainty';

export function writeCheckpoint({ values, labelling, ...rest }: Checkpoint): Uint8Array {
  const flat = (data: Float32Array): Values => ({ shape: [data.length], data });
  return writeBundle({ format: 'cu 4', ...rest } satisfies z.infer<typeof content>, {
    ...values,
    ...(labelling && { [LABEL]: flat(labelling.label), [UNCERTAINTY]: flat(labelling.uncertainty) }),
  });
}

/**
 * @param run identity of the run that wants to go on.
 * @throws AppError `damaged` for broken bytes, `conflict` for the checkpoint of another run.
 */
export function readCheckpoint(bytes: Uint8Array, run: string): Checkpoint {
  const { content: rest, arrays } = openCheckpoint(bytes, content, run);
  const { [LABEL]: label, [UNCERTAINTY]: uncertainty, ...values } = arrays;
  const labelling = label && uncertainty ? { label: label.data, uncertainty: uncertainty.data } : null;
  return { ...rest, values, labelling };
}
