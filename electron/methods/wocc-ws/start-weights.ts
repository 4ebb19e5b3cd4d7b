// Weights of objects before anything is known about them (methods.md 3.2). Role: draws v = 1 - w, w ~ Beta(1, 5).
// Limits: numbers only.
import type { Random } from '../../compute/random.ts';

/**
 * `paper`: one draw for each object. `perFrameMin`, the published code: one for each of its frames, of which the least
 * counts; objects of 24 frames then weigh .484 on average instead of .833.
 */
export type StartForm = 'paper' | 'perFrameMin';

/** The second parameter of the Beta distribution. */
const BETA = 5;

/** @param count O. @param length frames of an object. @returns v of each, `[O]`. */
export function startWeights(count: number, length: number, form: StartForm, random: Random): Float64Array {
  // 1 - w of w ~ Beta(1, 5) is the fifth root of a uniform number, and roots keep the order.
  const draws = form === 'paper' ? 1 : length;
  return Float64Array.from({ length: count }, () => {
    let least = 1;
    for (let i = 0; i < draws; i++) least = Math.min(least, random.uniform());
    return least ** (1 / BETA);
  });
}
