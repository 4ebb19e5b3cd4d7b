import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  averageRate,
  buildFrameTable,
  isVariableRate,
  type PresentedFrame,
  reduced,
  showsEveryFrame,
} from '../../../electron/media/frame-table.ts';

const tick = (den: number) => ({ num: 1, den });
const framesAt = (times: (number | null)[], duration = 0): PresentedFrame[] =>
  times.map((pts) => ({ pts, duration, key: false }));
const tableAt = (times: number[], den: number, duration = 0) =>
  buildFrameTable(framesAt(times, duration), tick(den), null).table;

describe('building', () => {
  test('keeps times and key flags; the end is the last duration, or the usual interval', () => {
    const frames = [
      { pts: 100, duration: 10, key: true },
      { pts: 110, duration: 12, key: false },
      { pts: 122, duration: 7, key: true },
    ];
    const { table, moved } = buildFrameTable(frames, tick(1000), null);
    expect([[...table.pts], [...table.key], table.endPts, moved]).toEqual([
      [100, 110, 122],
      [1, 0, 1],
      129,
      0,
    ]);
    expect(tableAt([0, 40, 80, 200], 1000).endPts).toBe(240);
  });

  test('times that are missing or go back are placed after the frame before', () => {
    const { table, moved } = buildFrameTable(framesAt([null, null, 80, 80, 70, 160]), tick(1000), {
      num: 25,
      den: 1,
    });
    expect([[...table.pts], moved]).toEqual([[0, 40, 80, 81, 82, 160], 4]);
  });

  test('always ascends strictly, one entry per frame', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -50, max: 50 }))), (times) => {
        const { pts, endPts } = buildFrameTable(framesAt(times), tick(25), { num: 25, den: 1 }).table;
        expect(pts.length).toBe(times.length);
        for (let i = 1; i < pts.length; i++) expect(pts[i]).toBeGreaterThan(pts[i - 1]);
        if (pts.length > 0) expect(endPts).toBeGreaterThan(pts[pts.length - 1]);
      }),
    );
  });

  test('no frames', () => {
    const { table } = buildFrameTable([], tick(25), null);
    expect([table.pts.length, table.endPts]).toEqual([0, 0]);
    expect(averageRate(table, null)).toEqual({ num: 0, den: 1 });
  });
});

describe('rate', () => {
  test('is (n - 1) / (last - first), in lowest terms', () => {
    expect(averageRate(tableAt([0, 40, 80, 120], 1000), null)).toEqual({ num: 25, den: 1 });
    expect(averageRate(tableAt([7, 10, 20], 30), null)).toEqual({ num: 60, den: 13 });
  });

  test('takes the nominal rate where only rounding lies between', () => {
    const times = Array.from({ length: 100 }, (_, i) => Math.round((i * 1001) / 30));
    expect(averageRate(tableAt(times, 1000), { num: 30_000, den: 1001 })).toEqual({ num: 30_000, den: 1001 });
    expect(averageRate(tableAt(times, 1000), { num: 30, den: 1 })).not.toEqual({ num: 30, den: 1 });
  });

  test('of a single frame comes from the container, or from its duration', () => {
    expect(averageRate(tableAt([5], 1000, 40), { num: 50, den: 2 })).toEqual({ num: 25, den: 1 });
    expect(averageRate(tableAt([5], 1000, 40), null)).toEqual({ num: 25, den: 1 });
  });

  test('fractions are equal after reducing, and have no common divisor', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (num, den) => {
        const small = reduced({ num, den });
        expect(small.num * den).toBe(num * small.den);
        for (const prime of [2, 3, 5, 7, 11, 13])
          expect(small.num % prime === 0 && small.den % prime === 0).toBe(false);
      }),
    );
  });
});

describe('regularity', () => {
  test('rounding is not variable rate; a longer interval is, also by one long tick', () => {
    expect(isVariableRate(tableAt([0, 33, 67, 100, 133], 1000))).toBe(false);
    expect(isVariableRate(tableAt([0, 33, 67, 120], 1000))).toBe(true);
    expect(isVariableRate(tableAt([0, 1, 2, 4], 25))).toBe(true); // AVI with a frame left out
    expect(isVariableRate(tableAt([0, 1], 25))).toBe(false);
  });

  test('every frame is shown when durations fill the intervals, also roughly', () => {
    const exact = [0, 33, 73, 193].map((pts, i, all) => ({
      pts,
      duration: (all[i + 1] ?? 210) - pts,
      key: false,
    }));
    expect(showsEveryFrame(exact)).toBe(true);
    expect(showsEveryFrame(framesAt([0, 33, 67, 100], 34))).toBe(true);
    expect(showsEveryFrame(framesAt([0, 17, 200], 0))).toBe(true); // not stored
  });

  test('a stored duration that ends before the middle or reaches past the next middle is told', () => {
    expect(showsEveryFrame(framesAt([0, 100, 200], 50))).toBe(false);
    expect(showsEveryFrame(framesAt([0, 100, 200], 51))).toBe(true);
    expect(showsEveryFrame(framesAt([0, 40, 60, 120], 40))).toBe(true);
    expect(showsEveryFrame(framesAt([0, 17, 34, 51], 40))).toBe(false);
  });
});
