import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activityBalance } from '../../../electron/statistics/activity-balance.ts';

const crops = (scores: number[], norm = 1) => ({ scores, norms: scores.map(() => norm) });

describe('activity balance', () => {
  test('divides by the median of the active crops over that of the pool, to a power', () => {
    const low = Array.from({ length: 11 }, (_, i) => 1 + (i - 5) / 100); // median 1
    const high = low.map((x) => 16 * x); // median 16
    // Pool of 22: the median lies half way between the largest of `low` and the smallest of `high`.
    const pool = (1.05 + 16 * 0.95) / 2;
    const { divisors, levels, level } = activityBalance([crops(low), crops(high)], 0.75);
    expect(levels).toEqual([1, 16]);
    expect(level).toBeCloseTo(pool, 12);
    expect(divisors[0]).toBeCloseTo((1 / pool) ** 0.75, 12);
    expect(divisors[1] / divisors[0]).toBeCloseTo(8, 10);
    expect(activityBalance([crops(low), crops(high)], 0).divisors).toEqual([1, 1]);
  });

  test('looks at active crops only, and leaves videos with fewer than ten of them as they are', () => {
    const scores = Array.from({ length: 100 }, (_, i) => (i < 10 ? 4 : 0.01));
    const mostlyEmpty = { scores, norms: scores.map((_, i) => (i < 10 ? 0.0501 : 0.05)) };
    expect(activityBalance([mostlyEmpty, crops(Array(10).fill(2))], 1)).toEqual({
      levels: [4, 2],
      level: 3,
      divisors: [4 / 3, 2 / 3],
    });
    const nine = { scores, norms: scores.map((_, i) => (i < 9 ? 1 : 0)) };
    expect(activityBalance([nine, crops(Array(10).fill(2))], 1).divisors).toEqual([1, 1]);
    expect(activityBalance([crops(Array(20).fill(2), 0)], 1)).toEqual({
      levels: [null],
      level: null,
      divisors: [1],
    });
    expect(activityBalance([crops(Array(20).fill(0))], 1).divisors).toEqual([1]);
  });

  test('is unchanged by one object, and brings videos of equal shape to one level with exponent 1', () => {
    const values = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 21, maxLength: 21 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.1, max: 10, noNaN: true }), (scores, factor) => {
        const scaled = scores.map((x) => x * factor);
        const { divisors } = activityBalance([crops(scores), crops(scaled)], 1);
        for (const [i, x] of scores.entries()) {
          expect(scaled[i] / divisors[1]).toBeCloseTo(x / divisors[0], 8);
        }
        const sorted = scores.toSorted((a, b) => a - b);
        const outlier = crops([...sorted.slice(0, 20), 1e6]);
        expect(activityBalance([outlier], 1).levels).toEqual(activityBalance([crops(scores)], 1).levels);
      }),
    );
  });
});
