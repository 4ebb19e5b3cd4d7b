import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binned,
  niceTicks,
  scoreRange,
  thin,
  thumbnailAt,
} from '../../../../renderer/components/chart-math.ts';

describe('ticks', () => {
  it('are round and cover the range', () => {
    expect(niceTicks(0, 1, 5)).toEqual([0, 0.5, 1]);
    expect(niceTicks(1.23, 2.38, 4)).toEqual([1, 1.5, 2, 2.5]);
  });
  it('cover any range with a bounded number of steps', () => {
    const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        finite,
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (low, width, wanted) => {
          const ticks = niceTicks(low, low + width, wanted);
          expect(ticks[0]).toBeLessThanOrEqual(low + width * 1e-6);
          expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(low + width * (1 - 1e-6));
          expect(ticks.length).toBeLessThanOrEqual(wanted + 2);
          for (let i = 1; i < ticks.length; i++) expect(ticks[i]).toBeGreaterThan(ticks[i - 1]);
        },
      ),
    );
  });
  it('open a range around a single value', () => {
    const ticks = niceTicks(0.7, 0.7, 4);
    expect(ticks[0]).toBeLessThan(0.7);
    expect(ticks[ticks.length - 1]).toBeGreaterThan(0.7);
  });
});

describe('thinning', () => {
  const noise = Array.from(
    { length: 10_000 },
    (_, i) => [i, (Math.sin(i * 12.9898) * 43758.5453) % 1] as const,
  );
  it('keeps first, last, highest and lowest and the order of x', () => {
    const spiky = noise.map(([x, y]) => [x, x === 5000 ? 9 : x === 7001 ? -9 : y] as const);
    const kept = thin(spiky, 200);
    expect(kept.length).toBeLessThanOrEqual(200);
    expect(kept[0]).toEqual(spiky[0]);
    expect(kept[kept.length - 1]).toEqual(spiky[9999]);
    expect(kept).toContainEqual([5000, 9]);
    expect(kept).toContainEqual([7001, -9]);
    for (let i = 1; i < kept.length; i++) expect(kept[i][0]).toBeGreaterThan(kept[i - 1][0]);
  });
  it('leaves short lines as they are', () => {
    expect(thin(noise.slice(0, 5), 10)).toEqual(noise.slice(0, 5));
  });
});

it('bins count every value once, those outside at the ends', () => {
  expect(binned([0, 0.24, 0.25, 0.5, 1, -1, 7], 4, { low: 0, high: 1 })).toEqual([3, 1, 1, 2]);
  expect(binned([0.2, 0.29, 0.31, 0.5], 2, { low: 0.2, high: 0.4 })).toEqual([2, 2]);
});

it('thumbnails are spread evenly over the width', () => {
  expect([0, 0.49, 0.5, 0.999, 1, -0.2].map((share) => thumbnailAt(share, 4))).toEqual([0, 1, 2, 3, 3, 0]);
});

it('scores fill the height unless they lie close together', () => {
  expect(scoreRange([0.1, 0.9], [0.5])).toEqual({ low: 0, high: 1 });
  const { low, high } = scoreRange([0.2, 0.3], [0.25]);
  expect([low, high].map((v) => Number(v.toFixed(3)))).toEqual([0.19, 0.31]);
  expect(scoreRange([0.2, 0.21], [0.9])).toEqual({ low: 0, high: 1 });
  expect(scoreRange([], [])).toEqual({ low: 0, high: 1 });
  expect(scoreRange([0.4], [])).toEqual({ low: 0, high: 1 });
});
