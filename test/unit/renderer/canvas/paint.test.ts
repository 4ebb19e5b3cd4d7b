import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Curve,
  eachColumn,
  eachRange,
  firstEndingAfter,
  yOf,
} from '../../../../renderer/canvas/paint.ts';
import { buildPyramid } from '../../../../renderer/canvas/pyramid.ts';
import { wholeVideo } from '../../../../renderer/canvas/viewport.ts';

const curveOf = (values: number[], frames: number): Curve => ({
  pyramid: buildPyramid(Float32Array.from(values)),
  frames,
});
function columns(curve: Curve, view: { from: number; to: number }, width: number) {
  const out: { x0: number; x1: number; min: number; max: number }[] = [];
  eachColumn(curve, view, width, (x0, x1, { min, max }) => out.push({ x0, x1, min, max }));
  return out;
}

describe('columns of a curve', () => {
  it('draws one step per segment when zoomed in, and the last one to the end of the video', () => {
    const out = columns(curveOf([0.25, 0.5, 1], 60), wholeVideo(60), 600);
    expect(out).toEqual([
      { x0: 0, x1: 160, min: 0.25, max: 0.25 },
      { x0: 160, x1: 320, min: 0.5, max: 0.5 },
      { x0: 320, x1: 600, min: 1, max: 1 },
    ]);
  });

  it('shows the last score where the view begins behind the last segment', () => {
    expect(columns(curveOf([0.25, 0.75], 400), { from: 300, to: 400 }, 100).map((c) => c.max)).toEqual([
      0.75,
    ]);
  });

  it('loses no peak and invents none at any zoom of the whole video', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 700, max: 30_000 }),
        fc.nat(),
        fc.integer({ min: 0, max: 15 }),
        (segments, pick, cut) => {
          const values = new Array<number>(segments).fill(0.125);
          values[pick % segments] = 0.875;
          const frames = segments * 16 - cut;
          const out = columns(curveOf(values, frames), wholeVideo(frames), 640);
          expect(out).toHaveLength(640);
          expect(out.filter((c) => c.max === 0.875)).toHaveLength(1);
          expect(out.every((c) => c.min <= c.max && c.min >= 0.125)).toBe(true);
        },
      ),
    );
  });

  it('draws nothing without segments', () => {
    expect(columns(curveOf([], 100), wholeVideo(100), 300)).toEqual([]);
  });
});

describe('ranges on a strip', () => {
  const ranges = [
    { start: 0, end: 16 },
    { start: 32, end: 48 },
    { start: 160, end: 320 },
  ];

  it('finds the first range that ends after a frame', () => {
    expect([0, 15, 16, 47, 48, 319, 320].map((f) => firstEndingAfter(ranges, f))).toEqual([
      0, 0, 1, 1, 2, 2, 3,
    ]);
  });

  it('draws only what is visible, a pixel wide at least', () => {
    const drawn: [number, number][] = [];
    eachRange(ranges, { from: 40, to: 200 }, 160, (a, b) => drawn.push([a, b]));
    expect(drawn).toEqual([
      [-8, 8],
      [120, 280],
    ]);
    drawn.length = 0;
    eachRange(ranges, { from: 0, to: 1e6 }, 100, (a, b) => drawn.push([a, b]));
    expect(drawn).toEqual([[0, 1]]);
  });

  it('places scores on the middle of a pixel and inside the strip', () => {
    const strip = { y: 10, width: 1, height: 82 };
    expect([0, 0.5, 1, 7, -1].map((v) => yOf(strip, v))).toEqual([91.5, 51.5, 10.5, 10.5, 91.5]);
  });
});
