import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clearRows,
  coverRect,
  createRaster,
  over,
  packRgba,
  paintCovered,
  paintRect,
} from '../../../../renderer/canvas/raster.ts';

const red = packRgba(255, 0, 0, 1);
const half = packRgba(0, 0, 255, 0.5);

describe('pixels in memory', () => {
  it('mixes colours as a canvas does', () => {
    expect(over(half, 0)).toBe(half);
    expect(over(0, red)).toBe(red);
    expect(over(red, half)).toBe(red);
    expect(over(half, red)).toBe(packRgba(127, 0, 128, 1));
    // Half over half: three quarters opaque, and the upper one counts twice.
    const two = over(packRgba(255, 0, 0, 0.5), packRgba(0, 0, 0, 0.5));
    expect(two >>> 24).toBe(192);
    expect(two & 255).toBeGreaterThan(165);
    expect(two & 255).toBeLessThan(175);
  });

  it('paints what lies inside of a rectangle, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 9 }), { minLength: 4, maxLength: 4 }),
        ([x0, y0, x1, y1]) => {
          const raster = createRaster(6, 5, null);
          paintRect(raster, x0, y0, x1, y1, red);
          raster.pixels.forEach((pixel, i) => {
            const [x, y] = [i % 6, Math.floor(i / 6)];
            expect(pixel).toBe(x >= x0 && x < x1 && y >= y0 && y < y1 ? red : 0);
          });
        },
      ),
    );
  });

  it('mixes over each colour that lies below', () => {
    const raster = createRaster(4, 1, null);
    paintRect(raster, 1, 0, 2, 1, red);
    paintRect(raster, 0, 0, 4, 1, half);
    expect([...raster.pixels]).toEqual([half, over(half, red), half, half]);
    clearRows(raster, 0, 1);
    expect([...raster.pixels]).toEqual([0, 0, 0, 0]);
  });

  it('covers pixels by their share, overlapping parts once', () => {
    const raster = createRaster(3, 1, null);
    coverRect(raster, 0.5, 0, 2, 1);
    coverRect(raster, 0.75, 0, 2, 1);
    paintCovered(raster, 0, 1, red);
    expect([...raster.pixels].map((p) => p >>> 24)).toEqual([127, 255, 0]);
    paintCovered(raster, 0, 1, red); // nothing is left to be painted
    expect(raster.pixels[0] >>> 24).toBe(127);
  });
});
