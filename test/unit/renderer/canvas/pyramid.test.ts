import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPyramid, extentOf } from '../../../../renderer/canvas/pyramid.ts';

const scan = (values: ArrayLike<number>, start: number, end: number) => {
  const part = Array.from(values).slice(Math.max(0, start), Math.max(0, end));
  return { min: Math.min(...part), max: Math.max(...part) };
};
const extent = { min: 0, max: 0 };

describe('min/max pyramid', () => {
  it('equals a plain scan over any range', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, maxLength: 700, noNaN: true }),
        fc.integer({ min: -5, max: 710 }),
        fc.integer({ min: -5, max: 710 }),
        (values, a, b) => {
          const [start, end] = a < b ? [a, b] : [b, a];
          expect(extentOf(buildPyramid(values), start, end, extent)).toEqual(scan(values, start, end));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('has levels a quarter of the size of the one below, down to at most four values', () => {
    const pyramid = buildPyramid(new Float32Array(54_000));
    expect(pyramid.min.map((level) => level.length)).toEqual([54_000, 13_500, 3375, 844, 211, 53, 14, 4]);
  });

  it('keeps the curve itself as the lowest level', () => {
    const values = Float32Array.of(0.1, 0.9);
    expect(buildPyramid(values).max[0]).toBe(values);
  });

  it('gives an inside-out extent for an empty range or an empty curve', () => {
    expect(extentOf(buildPyramid(new Float32Array(8)), 3, 3, extent)).toEqual({
      min: Infinity,
      max: -Infinity,
    });
    expect(extentOf(buildPyramid(new Float32Array(0)), 0, 4, extent)).toEqual({
      min: Infinity,
      max: -Infinity,
    });
  });

  it('reads few values for a long range', () => {
    let reads = 0;
    const n = 160_000;
    const pyramid = buildPyramid(new Float32Array(n).map((_, i) => (i * 7919) % 1000));
    const counted = {
      length: n,
      max: pyramid.max,
      min: pyramid.min.map(
        (level) =>
          new Proxy(level, {
            get(target, key) {
              if (typeof key === 'string' && /^\d+$/.test(key)) reads++;
              return Reflect.get(target, key, target);
            },
          }),
      ),
    };
    extentOf(counted, 3, n - 3, extent);
    expect(reads).toBeLessThan(150);
  });
});
