// Seeded random numbers: xoshiro128** (Blackman and Vigna), its state seeded by splitmix32.
// Role: the one source of randomness of training; its state is part of every checkpoint. Limits: not for secrets.
import { AppError } from '../../shared/errors.ts';

export interface Random {
  /** An integer in [0, 2^32). */
  uint32(): number;
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** An integer in [0, n), n <= 2^32, without bias. */
  integer(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** The numbers 0 .. n-1 in random order. */
  permutation(n: number): Int32Array;
  /** Uniform in [low, high). */
  fillUniform(target: Float32Array, low: number, high: number): Float32Array;
  /** Normal with this mean and standard deviation. */
  fillNormal(target: Float32Array, mean: number, deviation: number): Float32Array;
  /**
   * A dropout mask (methods.md 0.6): 0 with probability `rate`, else 1/(1-rate). The probability is rounded to 16 bits,
   * so that one random word serves two elements.
   */
  fillDropout(target: Float32Array, rate: number): Float32Array;
  /** Four words that `restoreRandom` goes on from. */
  state(): number[];
}

function fromWords(words: Uint32Array): Random {
  function next(): number {
    const s1 = words[1]!;
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    words[2]! ^= words[0]!;
    words[3]! ^= s1;
    words[1]! = s1 ^ words[2]!;
    words[0]! ^= words[3]!;
    words[2]! ^= s1 << 9;
    const s3 = words[3]!;
    words[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  function integer(n: number): number {
    // Rejects the last, incomplete range of multiples of n.
    const limit = 2 ** 32 - (2 ** 32 % n);
    let x = next();
    while (x >= limit) x = next();
    return x % n;
  }

  /** Two independent standard normals (Box and Muller). */
  function normals(): [number, number] {
    const radius = Math.sqrt(-2 * Math.log((next() + 1) / 2 ** 32));
    const angle = (2 * Math.PI * next()) / 2 ** 32;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  }

  return {
    uint32: next,
    uniform: () => next() / 2 ** 32,
    integer,
    // The second one is given up, so that the state is four words and nothing else.
    normal: () => normals()[0],
    permutation(n) {
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = integer(i + 1);
        const x = order[i]!;
        order[i] = order[j]!;
        order[j] = x;
      }
      return order;
    },
    fillUniform(target, low, high) {
      const scale = (high - low) / 2 ** 32;
      for (let i = 0; i < target.length; i++) target[i] = low + scale * next();
      return target;
    },
    fillNormal(target, mean, deviation) {
      for (let i = 0; i < target.length; i += 2) {
        const [a, b] = normals();
        target[i] = mean + deviation * a;
        if (i + 1 < target.length) target[i + 1] = mean + deviation * b;
      }
      return target;
    },
    fillDropout(target, rate) {
      // Masks of millions of elements are made for every step, hence: the generator once more with its state in locals,
      // and floats written as bits, `sign & kept`, because a branch on a random number is guessed wrong half the time.
      const last = Math.round(rate * 65536) - 1;
      const bits = new Int32Array(target.buffer, target.byteOffset, target.length);
      const kept = new Int32Array(Float32Array.of(1 / (1 - rate)).buffer)[0]!;
      let [s0, s1, s2, s3] = [words[0]! | 0, words[1]! | 0, words[2]! | 0, words[3]! | 0];
      for (let i = 0; i < bits.length; i += 2) {
        const scrambled = Math.imul(s1, 5);
        const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
        s2 ^= s0;
        s3 ^= s1;
        const shifted = s1 << 9;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = (s3 << 11) | (s3 >>> 21);
        bits[i] = ((last - (result & 0xffff)) >> 31) & kept;
        // Past the end of an array of odd length nothing is written.
        bits[i + 1] = ((last - (result >>> 16)) >> 31) & kept;
      }
      words.set([s0, s1, s2, s3]);
      return target;
    },
    state: () => Array.from(words),
  };
}

/**
 * A generator whose whole sequence follows from the seed, an integer.
 * @param stream another number gives an independent sequence of the same seed, so that two users of one seed do not share.
 */
export function createRandom(seed: number, stream = 0): Random {
  const words = new Uint32Array(4);
  // The upper half of large seeds counts too.
  let mixed = 0;
  for (const part of [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, stream >>> 0])
    mixed = splitmix(mixed ^ part);
  for (let i = 0; i < 4; i++) {
    mixed = (mixed + 0x9e3779b9) | 0;
    words[i] = splitmix(mixed);
  }
  return fromWords(words);
}

function splitmix(x: number): number {
  let z = (x + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

/** Goes on where `state()` was taken. @throws AppError `damaged` if these are not four words. */
export function restoreRandom(state: readonly number[]): Random {
  const words = Uint32Array.from(state);
  if (words.length !== 4 || words.every((w) => w === 0) || state.some((s, i) => s !== words[i])) {
    throw new AppError('damaged', 'The random state of the checkpoint is broken. Start the run anew.');
  }
  return fromWords(words);
}
