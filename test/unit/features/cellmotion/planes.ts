// Pictures into planes of WebAssembly memory and back, for tests.
import { pixelOffset, planeBytes, type Size } from '../../../../electron/features/cellmotion/planes.ts';
import { type Arena, createArena } from '../../../../electron/features/wasm/instance.ts';
import { type Picture, picture } from './reference.ts';

export function arenaFor(size: Size, planes: number): Arena {
  return createArena(planes * (planeBytes(size) + 16));
}

export function toPlane(arena: Arena, image: Picture): number {
  const address = arena.allocate(planeBytes(image));
  const floats = new Float32Array(arena.memory.buffer);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++)
      floats[(address + pixelOffset(image, x, y)) / 4] = image.data[y * image.width + x];
  }
  return address;
}

/** Reads a part of a plane, which may reach into the margin. */
export function fromPlane(arena: Arena, address: number, size: Size, margin = 0): Picture {
  const floats = new Float32Array(arena.memory.buffer);
  return picture(
    size.width + 2 * margin,
    size.height + 2 * margin,
    (x, y) => floats[(address + pixelOffset(size, x - margin, y - margin)) / 4],
  );
}

/** The same numbers on every run, in [0, 1). Linear congruences modulo 2^32. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function largestDifference(a: Picture, b: Picture): number {
  if (a.width !== b.width || a.height !== b.height) throw new Error('Pictures of different sizes.');
  return a.data.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b.data[i])), 0);
}
