// Every SIMD kernel against the same operation in plain float64.
// Tolerances: kernels add at most 81 float32 terms, so errors stay below 100 * 2^-24 (6e-6) of the largest value.
import { describe, expect, it } from 'vitest';
import { createKernels } from '../../../../electron/features/cellmotion/kernels.ts';
import { planeBytes } from '../../../../electron/features/cellmotion/planes.ts';
import { arenaFor, fromPlane, largestDifference, numbers, toPlane } from './planes.ts';
import * as reference from './reference.ts';
import { picture, pixel, sample } from './reference.ts';

const size = { width: 24, height: 14 };
const small = { width: 12, height: 7 };

function setup(seed: number, range = 255) {
  const next = numbers(seed);
  const arena = arenaFor(size, 16);
  const kernels = createKernels(size, arena);
  const random = (s = size, from = 0, to = range) =>
    picture(s.width, s.height, () => Math.fround(from + (to - from) * next()));
  const empty = (s = size) => arena.allocate(planeBytes(s));
  const load = (image: reference.Picture) => toPlane(arena, image);
  return { arena, kernels, random, empty, load };
}

describe('kernels', () => {
  it('widen turns bytes into floats', () => {
    const { arena, kernels, empty } = setup(1);
    const bytes = Uint8Array.from({ length: size.width * size.height }, (_, i) => (i * 37) % 256);
    const address = arena.allocate(bytes.length);
    new Uint8Array(arena.memory.buffer).set(bytes, address);
    const out = empty();
    kernels.widen(address, out);
    expect(fromPlane(arena, out, size).data).toEqual(Float64Array.from(bytes));
  });

  it.each([
    ['mirror', reference.mirrored],
    ['extend', reference.extended],
  ] as const)('%s fills the margin on all sides and corners', (name, border) => {
    const { arena, kernels, random, load } = setup(2);
    const image = random();
    const plane = load(image);
    kernels[name](plane);
    const expected = picture(size.width + 8, size.height + 8, (x, y) => pixel(image, x - 4, y - 4, border));
    expect(fromPlane(arena, plane, size, 4)).toEqual(expected);
  });

  it('filter5 is a separable filter with mirrored borders', () => {
    const { arena, kernels, random, empty, load } = setup(3);
    const image = random();
    const [plane, scratch, out] = [load(image), empty(), empty()];
    kernels.mirror(plane);
    const [outer, inner, centre] = reference.GAUSS;
    kernels.filter5(plane, scratch, out, outer, inner, centre);
    expect(
      largestDifference(fromPlane(arena, out, size), reference.filter(image, reference.GAUSS)),
    ).toBeLessThan(2e-4);
  });

  it('halve takes pixels 0, 2, 4, ... of rows 0, 2, 4, ...', () => {
    const { arena, kernels, random, empty, load } = setup(4);
    const image = random();
    const out = empty(small);
    kernels.halve(load(image), out);
    expect(fromPlane(arena, out, small)).toEqual(picture(12, 7, (x, y) => pixel(image, 2 * x, 2 * y)));
  });

  it('gradients are central differences, zero across the border, and their products', () => {
    const { arena, kernels, random, empty, load } = setup(5);
    const image = random();
    const plane = load(image);
    kernels.mirror(plane);
    const [gx, gy, xx, xy, yy] = [empty(), empty(), empty(), empty(), empty()];
    kernels.gradients(plane, gx, gy, xx, xy, yy);
    const x = picture(
      size.width,
      size.height,
      (i, j) => (pixel(image, i + 1, j) - pixel(image, i - 1, j)) / 2,
    );
    const y = picture(
      size.width,
      size.height,
      (i, j) => (pixel(image, i, j + 1) - pixel(image, i, j - 1)) / 2,
    );
    expect(pixel(fromPlane(arena, gx, size), 0, 3)).toBe(0);
    expect(pixel(fromPlane(arena, gy, size), 3, size.height - 1)).toBe(0);
    expect(largestDifference(fromPlane(arena, gx, size), x)).toBeLessThan(1e-4);
    expect(largestDifference(fromPlane(arena, gy, size), y)).toBeLessThan(1e-4);
    const product = (a: reference.Picture, b: reference.Picture) =>
      picture(size.width, size.height, (i, j) => pixel(a, i, j) * pixel(b, i, j));
    expect(largestDifference(fromPlane(arena, xx, size), product(x, x))).toBeLessThan(0.02); // values to 16,000
    expect(largestDifference(fromPlane(arena, xy, size), product(x, y))).toBeLessThan(0.02);
    expect(largestDifference(fromPlane(arena, yy, size), product(y, y))).toBeLessThan(0.02);
  });

  it('mean9 is the mean of 81 pixels, and may write onto its input', () => {
    const { arena, kernels, random, empty, load } = setup(6);
    const image = random();
    const [plane, scratch] = [load(image), empty()];
    kernels.mirror(plane);
    kernels.mean9(plane, scratch, plane);
    expect(largestDifference(fromPlane(arena, plane, size), reference.mean9(image))).toBeLessThan(1e-3);
  });

  it('mismatch warps bilinearly, far outside too', () => {
    const { arena, kernels, random, empty, load } = setup(7);
    const [first, second, u, v, gx, gy] = [
      random(),
      random(),
      random(size, -9, 9),
      random(size, -9, 9),
      random(),
      random(),
    ];
    const planes = [first, second, u, v, gx, gy].map(load);
    const [bx, by] = [empty(), empty()];
    kernels.mismatch(planes[0], planes[1], planes[2], planes[3], planes[4], planes[5], bx, by);
    const difference = (x: number, y: number) =>
      sample(second, x + pixel(u, x, y), y + pixel(v, x, y)) - pixel(first, x, y);
    const weighted = (g: reference.Picture) =>
      picture(size.width, size.height, (x, y) => pixel(g, x, y) * difference(x, y));
    // Products to 65,000; a position near 20 has steps of 2e-6, and a picture of noise changes by 255 a pixel.
    expect(largestDifference(fromPlane(arena, bx, size), weighted(gx))).toBeLessThan(0.5);
    expect(largestDifference(fromPlane(arena, by, size), weighted(gy))).toBeLessThan(0.5);
  });

  it('solve gives the least-squares step, damped and clipped', () => {
    const { arena, kernels, empty } = setup(8);
    const constant = (value: number) =>
      toPlane(
        arena,
        picture(size.width, size.height, () => value),
      );
    const [u, v] = [constant(1), empty()];
    kernels.solve(constant(150), constant(50), constant(50), constant(-100), constant(200), u, v);
    // [200 50; 50 100] (du, dv) = (100, -200): du = 20000 / 17500, dv = -45000 / 17500, clipped to -2.
    expect(pixel(fromPlane(arena, u, size), 5, 5)).toBeCloseTo(1 + 8 / 7, 5);
    expect(pixel(fromPlane(arena, v, size), 23, 13)).toBe(-2);
  });

  it('median25 is exact, with ties and on sorted, reversed and random pixels', () => {
    const { arena, kernels, random, empty, load } = setup(9);
    const out = empty();
    for (const image of [
      random(),
      random(size, -1, 1),
      picture(size.width, size.height, (x, y) => y * size.width + x),
      picture(size.width, size.height, (x, y) => -y * size.width - x),
      picture(size.width, size.height, (x, y) => (x * x + 3 * y) % 4),
    ]) {
      const plane = load(image);
      kernels.extend(plane);
      kernels.median25(plane, out);
      expect(largestDifference(fromPlane(arena, out, size), reference.median25(image))).toBe(0);
    }
  });

  it('enlarge doubles size and values', () => {
    const { arena, random, empty, load } = setup(10);
    const image = random(small);
    const kernels = createKernels(size, arena);
    // The margin of the coarse plane, as its own kernels would fill it.
    const padded = picture(small.width + 8, small.height + 8, (x, y) =>
      pixel(image, x - 4, y - 4, reference.extended),
    );
    const plane = load(image);
    const floats = new Float32Array(arena.memory.buffer, plane, padded.data.length);
    floats.set(padded.data);
    const out = empty();
    kernels.enlarge(plane, out);
    expect(largestDifference(fromPlane(arena, out, size), reference.enlarged(image))).toBeLessThan(2e-4);
  });
});
