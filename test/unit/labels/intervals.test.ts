import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clip,
  dropShort,
  frameCount,
  fromVector,
  intersect,
  mergeGaps,
  normalize,
  subtract,
  toVector,
  union,
} from '../../../shared/labels/intervals.ts';

const N = 80;
const anyRanges = fc.array(
  fc.tuple(fc.nat(N), fc.nat(12)).map(([start, length]) => ({ start, end: Math.min(start + length, N) })),
  { maxLength: 12 },
);
const ranges = anyRanges.map(normalize);
const vector = (r: Parameters<typeof toVector>[0]) => Array.from(toVector(r, N));
/** A frame-by-frame model of the same operation. */
const bitwise = (a: number[], b: number[], f: (x: number, y: number) => number) =>
  a.map((x, i) => f(x, b[i]));

describe('interval algebra', () => {
  test('normalize keeps the frames and yields ascending, separate, non-empty ranges', () => {
    fc.assert(
      fc.property(anyRanges, (any) => {
        const out = normalize(any);
        expect(vector(out)).toEqual(vector(any));
        expect(out.every((r) => r.start < r.end)).toBe(true);
        expect(out.slice(1).every((r, i) => r.start > out[i].end)).toBe(true);
        expect(normalize(out)).toEqual(out);
      }),
    );
  });

  test('vectors and ranges are two forms of one thing', () => {
    fc.assert(
      fc.property(ranges, (r) => {
        expect(fromVector(toVector(r, N))).toEqual(r);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(1), { maxLength: N }), (v) => {
        expect(Array.from(toVector(fromVector(v), v.length))).toEqual(v);
      }),
    );
  });

  test('union, intersection and difference equal their frame-by-frame models and stay normalized', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const [va, vb] = [vector(a), vector(b)];
        expect(union(a, b)).toEqual(fromVector(bitwise(va, vb, (x, y) => x | y)));
        expect(intersect(a, b)).toEqual(fromVector(bitwise(va, vb, (x, y) => x & y)));
        expect(subtract(a, b)).toEqual(fromVector(bitwise(va, vb, (x, y) => x & ~y)));
      }),
    );
  });

  test('laws: commutative, associative, absorbing, De Morgan, sizes', () => {
    fc.assert(
      fc.property(ranges, ranges, ranges, (a, b, c) => {
        expect(union(a, b)).toEqual(union(b, a));
        expect(intersect(a, b)).toEqual(intersect(b, a));
        expect(union(union(a, b), c)).toEqual(union(a, union(b, c)));
        expect(intersect(a, union(b, c))).toEqual(union(intersect(a, b), intersect(a, c)));
        expect(union(a, intersect(a, b))).toEqual(a);
        expect(subtract(a, union(b, c))).toEqual(subtract(subtract(a, b), c));
        expect(frameCount(union(a, b))).toBe(frameCount(a) + frameCount(b) - frameCount(intersect(a, b)));
      }),
    );
  });

  test('clip is intersection with one range', () => {
    fc.assert(
      fc.property(ranges, fc.nat(N), fc.nat(N), (a, start, end) => {
        expect(clip(a, start, end)).toEqual(
          fromVector(vector(a).map((x, i) => (i >= start && i < end ? x : 0))),
        );
      }),
    );
  });

  test('mergeGaps fills exactly the gaps below the limit, is idempotent and grows with the limit', () => {
    expect(
      mergeGaps(
        [
          { start: 0, end: 4 },
          { start: 8, end: 9 },
          { start: 12, end: 20 },
        ],
        4,
      ),
    ).toEqual([
      { start: 0, end: 4 },
      { start: 8, end: 20 },
    ]);
    fc.assert(
      fc.property(ranges, fc.nat(20), fc.nat(20), (a, g, more) => {
        const merged = mergeGaps(a, g);
        expect(mergeGaps(merged, g)).toEqual(merged);
        expect(subtract(a, merged)).toEqual([]);
        expect(subtract(merged, mergeGaps(a, g + more))).toEqual([]);
        const gaps = subtract(
          clip([{ start: 0, end: N }], merged[0]?.start ?? 0, merged.at(-1)?.end ?? 0),
          merged,
        );
        expect(gaps.every((r) => r.end - r.start >= Math.max(1, g))).toBe(true);
      }),
    );
  });

  test('dropShort keeps long ranges whole', () => {
    fc.assert(
      fc.property(ranges, fc.nat(20), (a, least) => {
        expect(dropShort(a, least)).toEqual(a.filter((r) => r.end - r.start >= least));
      }),
    );
  });

  test('inputs are left alone', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const before = JSON.stringify([a, b]);
        for (const op of [union, intersect, subtract]) op(a, b);
        for (const op of [mergeGaps, dropShort]) op(a, 5);
        normalize(a);
        expect(JSON.stringify([a, b])).toBe(before);
      }),
    );
  });
});
