// The two histograms of a cell against values worked out by hand.
import { describe, expect, it } from 'vitest';
import { describePair } from '../../../../electron/features/cellmotion/blocks.ts';
import { finishers } from '../../../../electron/features/cellmotion/finishers.ts';
import { CELL_DIM, CELLS, FRAME_SIZE, SPEED_BINS } from '../../../../electron/features/cellmotion/layout.ts';
import { pixelOffset, planeBytes } from '../../../../electron/features/cellmotion/planes.ts';
import type { ExtractorName } from '../../../../electron/features/extractors.ts';

type Field = (x: number, y: number) => number;
const floatsPerPlane = planeBytes(FRAME_SIZE) / 4;

/** Vectors `[48][19]` for frames and flow given as functions of the pixel; margins are the functions continued. */
function vectors(
  fields: { first: Field; second: Field; u: Field; v?: Field },
  extractor: ExtractorName = 'cellmotion-v1',
): number[][] {
  const floats = new Float32Array(4 * floatsPerPlane);
  [fields.first, fields.second, fields.u, fields.v ?? (() => 0)].forEach((field, i) => {
    for (let y = -4; y < FRAME_SIZE.height + 4; y++) {
      for (let x = -4; x < FRAME_SIZE.width + 4; x++) {
        floats[i * floatsPerPlane + pixelOffset(FRAME_SIZE, x, y) / 4] = field(x, y);
      }
    }
  });
  const out = new Float64Array(CELLS * CELL_DIM).fill(Number.NaN);
  const [first, second, u, v] = [0, 1, 2, 3].map((i) => i * floatsPerPlane);
  describePair({ floats, first, second, u, v }, finishers[extractor], out);
  return Array.from({ length: CELLS }, (_, cell) => [
    ...out.subarray(cell * CELL_DIM, (cell + 1) * CELL_DIM),
  ]);
}

/** True in the first `n` pixels, row by row, of the cell in column 3, row 2. */
const CELL = 2 * 8 + 3;
const inCell = (n: number) => (x: number, y: number) =>
  x >= 60 && x < 80 && y >= 40 && y < 60 && (y - 40) * 20 + (x - 60) < n;
const flat = () => 100;

describe('describePair', () => {
  it('gives exact zeros where fewer than 20 of 400 pixels move, and only there', () => {
    for (const n of [0, 19, 20]) {
      const moving = inCell(n);
      const all = vectors({ first: flat, second: (x, y) => (moving(x, y) ? 110 : 100), u: () => 2 });
      expect(all.map((vector) => vector.some((value) => value !== 0))).toEqual(
        all.map((_, cell) => cell === CELL && n === 20),
      );
    }
  });

  it('bins speeds of moving pixels, edges belonging to the bin above, times the 95th-percentile speed', () => {
    // 100 pixels of each speed 0.4, 0.5, 3.49, 6: the 20 fastest end at 6.
    const speeds = [0.4, 0.5, 3.49, 6];
    const moving = inCell(400);
    const [vector] = vectors({
      first: flat,
      second: (x, y) => (moving(x, y) ? 93.9 : 100),
      u: (_, y) => 0.6 * speeds[Math.floor((((y % 20) + 20) % 20) / 5)],
      v: (_, y) => -0.8 * speeds[Math.floor((((y % 20) + 20) % 20) / 5)],
    }).slice(CELL);
    // hypot(0.6 s, 0.8 s) in float32 may fall a hair below the edge 0.5; both sides of it are checked below.
    const histogram = vector.slice(0, SPEED_BINS).map((value) => value / 3); // length 0.5 -> 6: unit is 0.25 / 0.5 * 6 = 3
    expect(histogram[0] + histogram[1]).toBeCloseTo(2, 4);
    expect(histogram.slice(2)).toEqual([0, 0, expect.closeTo(1, 4), 0, expect.closeTo(1, 4)]);
    const exact = vectors({ first: flat, second: (x, y) => (moving(x, y) ? 110 : 100), u: () => 0.5 })[CELL];
    expect(exact.slice(0, SPEED_BINS)).toEqual([0, expect.closeTo(0.5, 5), 0, 0, 0, 0, 0]);
  });

  it('takes ascending rank 380 of 400 as the 95th percentile', () => {
    // 19 pixels at speed 4, 21 at speed 1: the 20th largest is 1.
    const moving = inCell(40);
    const fast = inCell(19);
    const vector = vectors({
      first: flat,
      second: (x, y) => (moving(x, y) ? 110 : 100),
      u: (x, y) => (fast(x, y) ? 4 : 1),
    })[CELL];
    const unit = Math.hypot(19, 21);
    expect(vector[2]).toBeCloseTo(21 / unit, 4);
    expect(vector[5]).toBeCloseTo(19 / unit, 4);
  });

  it.each([
    [0, 0], // brightness rises to the right
    [45, 1],
    [90, 2],
    [135, 3],
    [180, 0],
    [225, 1],
    [20, 0],
    [25, 1],
  ])(
    'puts a gradient of direction %i degrees into orientation %i, and steepness into elevation',
    (degrees, bin) => {
      const [gx, gy] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      const moving = inCell(400);
      for (const [slope, elevation] of [
        [40, 0], // atan(5 / 40) = 7 degrees
        [8, 1], // 32 degrees
        [2, 2], // 68 degrees
      ]) {
        const first: Field = (x, y) => slope * (gx * x + gy * y);
        const vector = vectors({
          first,
          second: (x, y) => first(x, y) + (moving(x, y) ? 10 : 0),
          u: () => 1,
        })[CELL];
        const gradients = vector.slice(SPEED_BINS);
        // Sobel / 8 of a plane is its slope, so all 400 pixels are alike and the block is one entry of length s95 = 1.
        expect(gradients).toEqual(
          gradients.map((_, i) => (i === 3 * bin + elevation ? expect.closeTo(1, 4) : 0)),
        );
      }
    },
  );

  it('counts gradients of pixels that change by more than 3 grey levels', () => {
    // Two flat rows move; from the seventh row on the picture is a slope that changes by a little.
    const moving = inCell(40);
    const first: Field = (x, y) => (y < 44 ? 100 : 40 * x);
    for (const change of [3, 3.5]) {
      const second: Field = (x, y) =>
        first(x, y) + (moving(x, y) ? 10 : inCell(400)(x, y) && y >= 46 ? change : 0);
      const gradients = vectors({ first, second, u: () => 1 })[CELL].slice(SPEED_BINS);
      expect(gradients[2]).toBeGreaterThan(0);
      expect(gradients[0] > 0).toBe(change > 3);
    }
  });
});

describe('cellmotion-v2', () => {
  it('takes the root of each share of pixels per speed', () => {
    // default-extractor-v2.md section 9: 100 of 400 pixels at speed 0.3 and 4 at 6.0.
    const moving = inCell(104);
    const slow = inCell(100);
    const vector = vectors(
      {
        first: flat,
        second: (x, y) => (moving(x, y) ? 110 : 100),
        u: (x, y) => (slow(x, y) ? 0.3 : 6),
      },
      'cellmotion-v2',
    )[CELL];
    expect(vector.slice(0, SPEED_BINS)).toEqual([0.5, 0, 0, 0, 0, 0, 0.1].map((x) => expect.closeTo(x, 12)));
  });

  it('takes the root of the raw gradient sums, whatever the speed', () => {
    const first: Field = (x) => 8 * x;
    for (const speed of [0.1, 4]) {
      const vector = vectors(
        { first, second: (x, y) => first(x, y) + (inCell(100)(x, y) ? 10 : 0), u: () => speed },
        'cellmotion-v2',
      )[CELL];
      // 100 of 400 pixels with a gradient of length hypot(8, 10 / 2), brightness rising to the right, elevation 32 degrees.
      const root = Math.sqrt(Math.hypot(8, 5) / 4);
      expect(vector.slice(SPEED_BINS)).toEqual(
        Array.from({ length: 12 }, (_, i) => (i === 1 ? expect.closeTo(root, 6) : 0)),
      );
    }
  });

  it('keeps cells in which few pixels move, and has exact zeros where nothing changes', () => {
    const all = vectors(
      { first: flat, second: (x, y) => (inCell(1)(x, y) ? 110 : 100), u: () => 2 },
      'cellmotion-v2',
    );
    expect(all.map((vector) => vector.some((value) => value !== 0))).toEqual(
      all.map((_, cell) => cell === CELL),
    );
    expect(all[CELL][3]).toBeCloseTo(0.05, 12);
  });
});
