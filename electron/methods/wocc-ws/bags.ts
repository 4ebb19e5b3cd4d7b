// Bags of snippets for the weakly supervised model, as the published code fills them (Joint-VAD; methods.md 3.4).
// Role: spreads the highest scores of a pool over its bags and fills up with random others. Limits: one pool (anomalous or
// normal) at a time; the order inside a bag means nothing.
import { AppError } from '../../../shared/errors.ts';
import type { Random } from '../../compute/random.ts';

export const BAG_SIZE = 16;
/** Of the highest scores each bag gets so many. */
export const HARD_PER_BAG = 3;

export interface BagPlan {
  /** K. */
  bags: number;
  /** Snippets that were repeated to fill the last bag. */
  padding: number;
  /** The pool from the highest score down, repeats among it. `[16 K]`, indices into the pool. */
  order: Int32Array;
  /** Entries k, k + K and k + 2K of `order` for bag k. `[K, 3]`. */
  hard: Int32Array;
  /** What bags draw the others from. `[13 K]`. */
  rest: Int32Array;
}

/**
 * Plans the bags of a pool: sorted by score, filled up to a multiple of 16 by repeats of the highest.
 * @param scores of the snippets of the pool, `[n]`.
 * @throws AppError `bad_input` with fewer than 8 snippets, whose repeats would not fill one bag.
 */
export function planBags(scores: ArrayLike<number>): BagPlan {
  const n = scores.length;
  if (n < BAG_SIZE / 2) {
    throw new AppError(
      'bad_input',
      `Only ${n} snippets are left to train with; at least ${BAG_SIZE / 2} are needed. Add videos or label more snippets as anomalous.`,
      { snippets: n },
    );
  }
  const ascending = Int32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => scores[a] - scores[b] || a - b,
  );
  const padding = (BAG_SIZE - (n % BAG_SIZE)) % BAG_SIZE;
  // Repeats begin 16 from the end; in a pool of fewer than 16 that place counts from the end once more.
  const from = n >= BAG_SIZE ? n - BAG_SIZE : 2 * n - BAG_SIZE;
  const order = Int32Array.of(...ascending, ...ascending.subarray(from, from + padding)).reverse();
  const bags = order.length / BAG_SIZE;
  const hard = Int32Array.from(
    { length: bags * HARD_PER_BAG },
    (_, i) => order[Math.floor(i / HARD_PER_BAG) + (i % HARD_PER_BAG) * bags],
  );
  return { bags, padding, order, hard, rest: order.slice(bags * HARD_PER_BAG) };
}

/** Fills the bags of a plan: 3 hard snippets each and 13 of the rest, drawn without replacement. `[K, 16]`, indices into the pool. */
export function drawBags(plan: BagPlan, random: Random): Int32Array {
  const filled = new Int32Array(plan.bags * BAG_SIZE);
  const others = BAG_SIZE - HARD_PER_BAG;
  const drawn = random.permutation(plan.rest.length);
  for (let k = 0; k < plan.bags; k++) {
    filled.set(plan.hard.subarray(k * HARD_PER_BAG, (k + 1) * HARD_PER_BAG), k * BAG_SIZE);
    for (let i = 0; i < others; i++)
      filled[k * BAG_SIZE + HARD_PER_BAG + i] = plan.rest[drawn[k * others + i]];
  }
  return filled;
}
