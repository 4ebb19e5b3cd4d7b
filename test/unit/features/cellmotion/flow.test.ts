// Flow of textured pictures that move by a known amount, and against the plain float64 extractor.
import { describe, expect, it } from 'vitest';
import { createPairDescriber } from '../../../../electron/features/cellmotion/cellmotion.ts';
import { createFlow, flowMemory } from '../../../../electron/features/cellmotion/flow.ts';
import { FRAME_SIZE } from '../../../../electron/features/cellmotion/layout.ts';
import {
  createLevels,
  createPyramid,
  fillPyramid,
  pyramidMemory,
} from '../../../../electron/features/cellmotion/pyramid.ts';
import { createArena } from '../../../../electron/features/wasm/instance.ts';
import { fromPlane, largestDifference, numbers } from './planes.ts';
import * as reference from './reference.ts';
import { picture, pixel } from './reference.ts';

const { width, height } = FRAME_SIZE;

/** A smooth texture; waves shorter than about eight pixels would not survive the pyramid. */
const texture = (x: number, y: number) =>
  128 +
  40 * Math.sin(x / 5) +
  30 * Math.sin(y / 6 + 1) +
  25 * Math.sin((x + y) / 9) +
  20 * Math.cos((x - 2 * y) / 11);

function bytes(value: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from(
    picture(width, height, (x, y) => Math.min(255, Math.max(0, Math.round(value(x, y))))).data,
  );
}

function flowBetween(first: Uint8Array, second: Uint8Array) {
  const arena = createArena(pyramidMemory(2) + flowMemory());
  const levels = createLevels(arena);
  const flow = createFlow(levels, arena);
  const pixels = arena.allocate(width * height);
  const pyramids = [first, second].map((frame) => {
    new Uint8Array(arena.memory.buffer).set(frame, pixels);
    const pyramid = createPyramid(arena);
    fillPyramid(levels, pixels, pyramid);
    return pyramid;
  });
  flow.between(pyramids[0], pyramids[1]);
  const [u, v] = [flow.u, flow.v].map((plane) => fromPlane(arena, plane, FRAME_SIZE));
  const blurred = pyramids.map((pyramid) => fromPlane(arena, pyramid[0], FRAME_SIZE));
  return { u, v, blurred };
}

function asPicture(frame: Uint8Array) {
  return { width, height, data: Float64Array.from(frame) };
}

describe('flow', () => {
  it.each([
    [0.5, 0],
    [-1.25, 0.75],
    [3, -2],
    [6, 4],
  ])('finds a shift by (%f, %f) pixels', (du, dv) => {
    const { u, v } = flowBetween(
      bytes(texture),
      bytes((x, y) => texture(x - du, y - dv)),
    );
    const errors: number[] = [];
    for (let y = 15; y < height - 15; y++) {
      for (let x = 15; x < width - 15; x++) errors.push(Math.hypot(pixel(u, x, y) - du, pixel(v, x, y) - dv));
    }
    errors.sort((a, b) => a - b);
    // Damping draws the flow towards zero where the texture is weak.
    expect(errors[Math.floor(0.9 * errors.length)]).toBeLessThan(0.1 + 0.1 * Math.hypot(du, dv));
  });

  it('is exactly zero between equal frames', () => {
    const { u, v } = flowBetween(bytes(texture), bytes(texture));
    expect([...u.data, ...v.data].every((value) => value === 0)).toBe(true);
  });

  it('agrees with the plain extractor, flow and vectors, frame after frame', () => {
    const next = numbers(77);
    const noise = Array.from({ length: width * height }, () => 8 * next() - 4);
    // Two things move over a still, noisy ground: one fast to the right, one slowly down.
    const frame = (t: number) =>
      bytes((x, y) => {
        const inFirst = Math.abs(x - 30 - 4 * t) < 14 && Math.abs(y - 40) < 12;
        const inSecond = Math.abs(x - 110) < 10 && Math.abs(y - 60 - 1.5 * t) < 16;
        const ground = 100 + noise[y * width + x] + 20 * Math.sin(x / 7) * Math.cos(y / 9);
        if (inFirst) return 180 + 50 * Math.sin((x - 4 * t) / 2.5) * Math.sin(y / 3);
        return inSecond ? 60 + 40 * Math.sin(x / 3) * Math.cos((y - 1.5 * t) / 2) : ground;
      });
    const frames = [0, 1, 2].map(frame);
    const describer = createPairDescriber('cellmotion-v1');
    expect(describer.next(frames[0])).toBeNull();
    for (const t of [1, 2]) {
      const vector = Float64Array.from(describer.next(frames[t])!);
      const { u, v, blurred } = flowBetween(frames[t - 1], frames[t]);
      const [first, second] = [frames[t - 1], frames[t]].map((f) =>
        reference.filter(asPicture(f), reference.GAUSS),
      );
      expect(largestDifference(blurred[0], first)).toBeLessThan(1e-4);
      const motion = reference.flow(first, second);
      // Float32 throughout: 1e-7 relative in each of some hundred operations, magnified by the 2 x 2 solution.
      expect(largestDifference(u, motion.u)).toBeLessThan(2e-3);
      expect(largestDifference(v, motion.v)).toBeLessThan(2e-3);
      const expected = reference.describe(first, second, motion);
      expect(expected.filter((value) => value > 0).length).toBeGreaterThan(50);
      // A pixel at a threshold or bin edge may fall on the other side: 1 of 400, a few thousandths of the vector's length.
      for (const [i, value] of expected.entries()) expect(Math.abs(vector[i] - value)).toBeLessThan(0.02);
    }
  });
});
