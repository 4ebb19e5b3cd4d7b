// Checkpoints of the loop: everything a run needs to go on as if it had never stopped.
// Role: to bytes and back. Limits: where the bytes go is the caller's business.
import { z } from 'zod';
import { curvePoint } from '../../../shared/contract/entities.ts';
import { writeBundle } from '../../compute/bundle.ts';
import type { Values } from '../../compute/device.ts';
import { openCheckpoint } from '../checkpoint.ts';
import type { ModelState } from './components.ts';

const FORMAT = 'wocc-ws training 2';

const position = z.object({
  /** From 1, as are steps inside a module. */
  module: z.int().positive(),
  step: z.int().positive(),
  /** What of the step is running: both models have their weights from before. */
  stage: z.enum(['oneClass', 'weak']),
  /** Complete epochs and batches of the epoch (one-class model), complete batches (weak model). */
  epoch: z.int().nonnegative(),
  batch: z.int().nonnegative(),
  /** Sum of the losses of these batches, for the curve. */
  loss: z.number(),
  /** Mean change of the one-class scores since the step before, once they are there. */
  change: z.number().nullable(),
});
export type Position = z.infer<typeof position>;

const content = z.object({
  format: z.literal(FORMAT),
  /** What the run has to have in common with the one that goes on: settings, seed, shapes, known labels. */
  run: z.string(),
  position,
  random: z.array(z.int()),
  thresholds: z.array(z.int().nonnegative()),
  reference: z.number(),
  curve: z.array(curvePoint),
  /** Videos whose score maps are shown. */
  shown: z.array(z.int()),
  /** Seconds of each module so far, the running one last. */
  seconds: z.array(z.number()),
  notes: z.array(z.string()),
});

export interface LoopCheckpoint extends Omit<z.infer<typeof content>, 'format'> {
  consensus: Uint8Array;
  /** Snippet scores of the models as they last were, `[N]`; null before there are any. */
  oneClassScores: Float64Array | null;
  weakScores: Float64Array | null;
  oneClass: ModelState;
  weak: ModelState;
}

const ONE_CLASS = 'oneClass/';
const WEAK = 'weak/';

const prefixed = (state: ModelState, prefix: string): ModelState =>
  Object.fromEntries(Object.entries(state).map(([name, values]) => [prefix + name, values]));
const without = (arrays: Record<string, Values>, prefix: string): ModelState =>
  Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, values]) => [name.slice(prefix.length), values]),
  );

/** Doubles as pairs of floats with the same bits: a container of float32 keeps them exactly. */
const asFloats = (values: Float64Array): Values => {
  const data = new Float32Array(values.length * 2);
  new Uint8Array(data.buffer).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return { shape: [values.length, 2], data };
};
const asDoubles = ({ data }: Values): Float64Array => {
  const values = new Float64Array(data.length / 2);
  new Uint8Array(values.buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return values;
};

export function writeCheckpoint(checkpoint: LoopCheckpoint): Uint8Array {
  const { consensus, oneClassScores, weakScores, oneClass, weak, ...rest } = checkpoint;
  return writeBundle({ format: FORMAT, ...rest } satisfies z.infer<typeof content>, {
    consensus: { shape: [consensus.length], data: Float32Array.from(consensus) },
    ...(oneClassScores && { oneClassScores: asFloats(oneClassScores) }),
    ...(weakScores && { weakScores: asFloats(weakScores) }),
    ...prefixed(oneClass, ONE_CLASS),
    ...prefixed(weak, WEAK),
  });
}

/**
 * @param run identity of the run that wants to go on.
 * @throws AppError `damaged` for broken bytes, `conflict` for the checkpoint of another run.
 */
export function readCheckpoint(bytes: Uint8Array, run: string): LoopCheckpoint {
  const { content: rest, arrays } = openCheckpoint(bytes, content, run);
  const { consensus, oneClassScores, weakScores } = arrays;
  return {
    ...rest,
    consensus: Uint8Array.from(consensus.data),
    oneClassScores: oneClassScores ? asDoubles(oneClassScores) : null,
    weakScores: weakScores ? asDoubles(weakScores) : null,
    oneClass: without(arrays, ONE_CLASS),
    weak: without(arrays, WEAK),
  };
}
