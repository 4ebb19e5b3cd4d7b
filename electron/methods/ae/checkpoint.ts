// Checkpoints of an ensemble: the networks that are done, and the one in training with everything it needs to go on.
// Role: to bytes and back. Limits: where the bytes go is the caller's business.
import { z } from 'zod';
import { writeBundle } from '../../compute/bundle.ts';
import type { Values } from '../../compute/device.ts';
import { openCheckpoint } from '../checkpoint.ts';

const content = z.object({
  format: z.literal('ae checkpoint 3'),
  /** What the run has to have in common with the one that goes on: settings, seed, features. */
  run: z.string(),
  /** Steps the network in training has made. */
  step: z.int().nonnegative(),
  /** Sum of its losses since the last point of the curve. */
  sum: z.number(),
  /** State of its random numbers before the batches of the running hundred steps were drawn. */
  random: z.array(z.int()),
  /** Points of the curves so far: mean loss of each stretch of steps, per network. */
  losses: z.array(z.array(z.number())).min(1),
});

export interface EnsembleCheckpoint extends Omit<z.infer<typeof content>, 'format'> {
  /** Parameters of the networks that are done, one after the other. */
  members: Record<string, Values>[];
  /** Parameters and optimiser slots of the network in training. */
  current: Record<string, Values>;
}

/** Names of the arrays of one network, in checkpoints and model files. */
export const memberPrefix = (index: number): string => `member${index}/`;
const CURRENT = 'current/';

export function withPrefix(prefix: string, values: Record<string, Values>): Record<string, Values> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

function withoutPrefix(prefix: string, values: Record<string, Values>): Record<string, Values> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

export function writeCheckpoint({ members, current, ...rest }: EnsembleCheckpoint): Uint8Array {
  const arrays = withPrefix(CURRENT, current);
  for (const [i, member] of members.entries()) Object.assign(arrays, withPrefix(memberPrefix(i), member));
  return writeBundle({ format: 'ae checkpoint 3', ...rest } satisfies z.infer<typeof content>, arrays);
}

/**
 * @param run identity of the run that wants to go on.
 * @throws AppError `damaged` for broken bytes, `conflict` for the checkpoint of another run.
 */
export function readCheckpoint(bytes: Uint8Array, run: string): EnsembleCheckpoint {
  const { content: rest, arrays } = openCheckpoint(bytes, content, run);
  const done = rest.losses.length - 1;
  return {
    ...rest,
    members: Array.from({ length: done }, (_member, i) => withoutPrefix(memberPrefix(i), arrays)),
    current: withoutPrefix(CURRENT, arrays),
  };
}
