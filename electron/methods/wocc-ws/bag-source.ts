// Batches of bags for the weakly supervised model (methods.md 3.4). Role: which snippets are in the i-th batch of a step.
// Limits: one pool (anomalous or normal) at a time. A batch follows from its number alone, so nothing has to be kept for a
// run that goes on later.
import { AppError } from '../../../shared/errors.ts';
import type { Random } from '../../compute/random.ts';
import { BAG_SIZE, drawBags, planBags } from './bags.ts';

/** `paper`: all random. `code`: the highest scores are spread over the bags, the others are filled in at random. */
export type BagMode = 'paper' | 'code';

export interface BagPool {
  /** Snippets that bags are filled from. */
  snippets: Int32Array;
  /** Their scores, which `code` sorts by. `[n]`. */
  scores: ArrayLike<number>;
}

export interface BagOptions {
  mode: BagMode;
  /** B: bags of a batch. */
  bags: number;
  /** Random numbers of the k-th pass over the pool, an independent sequence each. */
  random(pass: number): Random;
}

export interface BagSource {
  /** Snippets of batch `i`, from 0: bag after bag, `[B, 16]`. */
  batch(i: number): Int32Array;
}

/** Fewer snippets than this cannot fill one bag by repeats in `code` mode; they are drawn at random. */
const FEWEST_FOR_CODE = BAG_SIZE / 2;

function randomBag({ snippets }: BagPool, random: Random): Int32Array {
  const n = snippets.length;
  if (n < BAG_SIZE) return Int32Array.from({ length: BAG_SIZE }, () => snippets[random.integer(n)]);
  // The beginning of a random order is a draw without replacement.
  const order = new Map<number, number>();
  return Int32Array.from({ length: BAG_SIZE }, (_, i) => {
    const j = i + random.integer(n - i);
    const taken = order.get(j) ?? j;
    order.set(j, order.get(i) ?? i);
    return snippets[taken];
  });
}

/** @throws AppError `bad_input` when the pool is empty. */
export function bagSource(pool: BagPool, { mode, bags, random }: BagOptions): BagSource {
  if (pool.snippets.length === 0) {
    throw new AppError(
      'bad_input',
      'There are no snippets to fill the bags of one kind with. Choose a share of anomalous snippets between the extremes.',
    );
  }
  if (mode === 'paper' || pool.snippets.length < FEWEST_FOR_CODE) {
    return {
      batch(i) {
        const source = random(i);
        const filled = new Int32Array(bags * BAG_SIZE);
        for (let b = 0; b < bags; b++) filled.set(randomBag(pool, source), b * BAG_SIZE);
        return filled;
      },
    };
  }
  const plan = planBags(pool.scores);
  const perPass = Math.floor(plan.bags / bags);
  let known: { pass: number; filled: Int32Array; order: Int32Array } | null = null;
  /** All bags of a pass, and the order in which they come. */
  const passOf = (pass: number): NonNullable<typeof known> => {
    if (known?.pass === pass) return known;
    const source = random(pass);
    const filled = drawBags(plan, source);
    const order =
      perPass > 0
        ? source.permutation(plan.bags)
        : Int32Array.from({ length: bags }, () => source.integer(plan.bags));
    known = { pass, filled, order };
    return known;
  };
  return {
    batch(i) {
      // Bags that do not fill a batch wait for the next pass; with fewer bags than a batch holds they are drawn with repeats.
      const each = Math.max(1, perPass);
      const { filled, order } = passOf(Math.floor(i / each));
      const batch = new Int32Array(bags * BAG_SIZE);
      for (let b = 0; b < bags; b++) {
        const bag = order[(i % each) * bags + b] * BAG_SIZE;
        for (let t = 0; t < BAG_SIZE; t++) batch[b * BAG_SIZE + t] = pool.snippets[filled[bag + t]];
      }
      return batch;
    },
  };
}
