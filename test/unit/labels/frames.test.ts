import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { framesFromSegments, meanOverCrops, padLast, repeatSegments } from '../../../shared/labels/expand.ts';
import { poolSegments } from '../../../shared/labels/pool.ts';
import { scoredRange, segmentCount, segmentOfFrame, segmentRange } from '../../../shared/labels/segments.ts';
import { smoothGaussian } from '../../../shared/labels/smooth.ts';

describe('segments', () => {
  test('segments cut a video into all its frames', () => {
    fc.assert(
      fc.property(fc.nat(500), (frames) => {
        const count = segmentCount(frames);
        let next = 0;
        for (let k = 0; k < count; k++) {
          const { start, end } = segmentRange(k, frames);
          expect(start).toBe(next);
          expect(segmentOfFrame(start, count)).toBe(k);
          expect(segmentOfFrame(end - 1, count)).toBe(k);
          next = end;
        }
        expect(next).toBe(frames);
      }),
    );
  });

  test('the last segment of a run has all frames up to the end', () => {
    expect(scoredRange(1, 2, 45)).toEqual({ start: 16, end: 45 });
    expect(scoredRange(0, 2, 45)).toEqual({ start: 0, end: 16 });
    expect(segmentOfFrame(44, 2)).toBe(1);
    expect(segmentRange(4, 40)).toEqual({ start: 40, end: 40 });
  });
});

describe('expansion', () => {
  test('every frame has the value of its segment', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 9 }), fc.nat(200), (values, frames) => {
        const out = framesFromSegments(Float32Array.from(values), frames);
        expect(out).toHaveLength(frames);
        expect(out.every((v, f) => v === values[segmentOfFrame(f, values.length)])).toBe(true);
        expect(framesFromSegments(Float32Array.from(values), 16 * values.length)).toEqual(
          repeatSegments(Float32Array.from(values)),
        );
      }),
    );
    expect(framesFromSegments(new Uint8Array(0), 3)).toEqual(new Uint8Array(3));
  });

  test('crops are averaged, tails are cut or continued', () => {
    expect(Array.from(meanOverCrops([1, 3, 10, 20], 2))).toEqual([2, 15]);
    expect(Array.from(padLast(new Uint8Array([0, 1]), 4))).toEqual([0, 1, 1, 1]);
    expect(Array.from(padLast(new Uint8Array([0, 1, 1]), 2))).toEqual([0, 1]);
    expect(Array.from(padLast(new Uint8Array(0), 2))).toEqual([0, 0]);
  });
});

describe('pooling', () => {
  const ramp = (n: number) => Float32Array.from({ length: n }, (_, i) => i);
  test('the two ramps of methods.md 0.2', () => {
    const one = { crops: 1, dim: 1 };
    expect(Array.from(poolSegments(ramp(10), { segments: 10, ...one }, 4).pooled)).toEqual([0.5, 3, 5.5, 8]);
    expect(Array.from(poolSegments(ramp(5), { segments: 5, ...one }, 8).pooled)).toEqual([
      0, 0, 1, 1, 2, 3, 3, 4,
    ]);
  });

  test('as Sultani has it: rounded borders, halves up, without the last segment unless there are few', () => {
    const one = { crops: 1, dim: 1 };
    const ten = poolSegments(ramp(10), { segments: 10, ...one }, 4, 'sultani');
    expect([...ten.boundaries]).toEqual([0, 2, 5, 7, 9]);
    expect([...ten.pooled]).toEqual([0.5, 3, 5.5, 7.5]);
    const five = poolSegments(ramp(5), { segments: 5, ...one }, 8, 'sultani');
    expect([...five.pooled]).toEqual([0, 1, 1, 2, 2, 3, 3, 4]);
    expect([...poolSegments(ramp(1), { segments: 1, ...one }, 3, 'sultani').pooled]).toEqual([0, 0, 0]);
    // MATLAB: round(linspace(1, 50, 33)).
    const { boundaries } = poolSegments(ramp(50), { segments: 50, ...one }, 32, 'sultani');
    expect([...boundaries].slice(0, 9).map((t) => t + 1)).toEqual([1, 3, 4, 6, 7, 9, 10, 12, 13]);
    expect(boundaries[32] + 1).toBe(50);
  });

  test('boundaries run from 0 to T and are floor(iT / S) for any T', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70_000 }), (segments) => {
        const { boundaries } = poolSegments(new Float32Array(segments), { segments, crops: 1, dim: 1 }, 32);
        expect(boundaries[0]).toBe(0);
        expect(boundaries[32]).toBe(segments);
        for (let i = 0; i <= 32; i++)
          expect(BigInt(boundaries[i])).toBe((BigInt(i) * BigInt(segments)) / 32n);
      }),
      { numRuns: 50 },
    );
  });
});

describe('smoothing', () => {
  test('the impulses of methods.md section 10', () => {
    const x = new Float64Array(40);
    x[3] = 2;
    x[20] = 1;
    const y = smoothGaussian(x, [1, 2, 3, 4, 5, 6]);
    const expected = {
      0: 0.16457427,
      3: 0.15786609,
      10: 0.11675194,
      20: 0.06245419,
      30: 0.02621582,
      39: 0.01050789,
    };
    for (const [i, value] of Object.entries(expected)) expect(y[Number(i)]).toBeCloseTo(value, 7);
  });

  test('keeps the sum, constants and mirror images, also where the kernel is longer than the video', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 30 }), (x) => {
        const y = smoothGaussian(x, [2.5]);
        const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
        expect(sum(y)).toBeCloseTo(sum(x), 9);
        const mirrored = smoothGaussian([...x].reverse(), [2.5]).reverse();
        for (let i = 0; i < x.length; i++) expect(mirrored[i]).toBeCloseTo(y[i], 10);
        expect(smoothGaussian(new Array(x.length).fill(3), [2.5]).every((v) => Math.abs(v - 3) < 1e-12)).toBe(
          true,
        );
      }),
    );
    expect(smoothGaussian([], [1])).toHaveLength(0);
    expect(Array.from(smoothGaussian([1, 5], [0]))).toEqual([1, 5]);
  });
});
