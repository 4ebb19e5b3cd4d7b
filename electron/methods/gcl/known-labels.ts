// What a run may know about whole videos (methods.md 1.7). Role: draws the share of known labels and says where they are
// missing. Limits: only the variants that are meant to know something ask.
import { AppError } from '../../../shared/errors.ts';
import type { Random } from '../../compute/random.ts';

type Label = 0 | 1 | null;

/**
 * The labels a weakly supervised run sees: a share of the known ones, drawn at random; null for all others.
 * @throws AppError `bad_input` where nothing is known.
 */
export function infused(labels: readonly Label[], share: number, random: Random): Label[] {
  const known = labels.flatMap((label, v) => (label === null ? [] : [v]));
  if (known.length === 0) {
    throw new AppError(
      'bad_input',
      'This variant needs videos whose label is known, and none is. Choose where their labels come from, or a variant without labels.',
    );
  }
  const order = random.permutation(known.length);
  const used = new Set(Array.from(order.subarray(0, Math.round(share * known.length)), (i) => known[i]));
  return labels.map((label, v) => (used.has(v) ? label : null));
}

/** True for each video known to be normal. @throws AppError `bad_input` without any. */
export function normalVideos(labels: readonly Label[]): boolean[] {
  if (!labels.includes(0)) {
    throw new AppError(
      'bad_input',
      'This variant trains on videos known to be normal, and none is. Choose where their labels come from, or a variant without labels.',
    );
  }
  return labels.map((label) => label === 0);
}
