import { describe, expect, test } from 'vitest';
import { createRandom, restoreRandom } from '../../../electron/compute/random.ts';

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe('random numbers', () => {
  test('are xoshiro128**', () => {
    // Computed by hand from the definition, state 1, 2, 3, 4: rotl(2 * 5, 7) * 9, and then 0 because s1 becomes 0.
    const random = restoreRandom([1, 2, 3, 4]);
    expect([random.uint32(), random.uint32()]).toEqual([11520, 0]);
    expect(random.state()).toHaveLength(4);
  });

  test('follow from the seed and the stream, for seeds of any size', () => {
    const first = (seed: number, stream?: number) => createRandom(seed, stream).uint32();
    expect(first(5)).toBe(first(5));
    const seeds = [0, 1, -1, 5, 2 ** 32, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER];
    expect(new Set(seeds.map((s) => first(s))).size).toBe(seeds.length);
    expect(first(5, 1)).not.toBe(first(5));
  });

  test('go on from their state as if they had never stopped', () => {
    const random = createRandom(3);
    random.normal();
    random.permutation(10);
    random.fillDropout(new Float32Array(7), 0.5);
    const other = restoreRandom(JSON.parse(JSON.stringify(random.state())));
    expect(Array.from({ length: 5 }, other.uint32)).toEqual(Array.from({ length: 5 }, random.uint32));
  });

  test('refuse a broken state', () => {
    for (const state of [
      [1, 2, 3],
      [0, 0, 0, 0],
      [1, 2, 3, -4],
      [1, 2, 3, 0.5],
    ]) {
      expect(() => restoreRandom(state)).toThrow('random state');
    }
  });

  test('have the distributions they are named after', () => {
    const random = createRandom(1);
    const uniform = random.fillUniform(new Float32Array(40_000), -1, 3);
    expect(mean(uniform)).toBeCloseTo(1, 1);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform)).toBeLessThan(3);
    const normal = random.fillNormal(new Float32Array(40_001), 2, 3);
    expect(mean(normal)).toBeCloseTo(2, 1);
    expect(Math.sqrt(mean(normal.map((x) => (x - 2) ** 2)))).toBeCloseTo(3, 1);
    const dice = Array.from({ length: 60_000 }, () => random.integer(6));
    for (let face = 0; face < 6; face++)
      expect(dice.filter((d) => d === face).length / 60_000).toBeCloseTo(1 / 6, 2);
    expect(mean(Array.from({ length: 20_000 }, random.normal))).toBeCloseTo(0, 1);
    expect(mean(Array.from({ length: 20_000 }, random.uniform))).toBeCloseTo(0.5, 1);
  });

  test('permute', () => {
    const random = createRandom(9);
    const order = random.permutation(100);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(random.permutation(100)).not.toEqual(order);
    expect(random.permutation(0)).toHaveLength(0);
  });

  test('drop the share they are told, and scale the rest', () => {
    const random = createRandom(4);
    const mask = random.fillDropout(new Float32Array(100_001), 0.6);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.4)]));
    expect(mask.filter((m) => m === 0).length / mask.length).toBeCloseTo(0.6, 2);
    expect(mean(mask)).toBeCloseTo(1, 1);
    expect(new Set(random.fillDropout(new Float32Array(99), 0))).toEqual(new Set([1]));
    // A part of a larger array: only that part.
    const buffer = new Float32Array(10).fill(7);
    random.fillDropout(buffer.subarray(2, 5), 0.5);
    expect([...buffer.subarray(0, 2), ...buffer.subarray(5)]).toEqual(Array(7).fill(7));
  });
});
