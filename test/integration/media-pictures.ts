// Test pictures that carry their own frame number, so that a decoded frame says which one it is.
import type { RgbFrame } from '../../electron/media/types.ts';

const BITS = 12;
const COLUMNS = 4;

/** The picture of frame `number`: a grid of 4 x 3 black and white blocks, the bits of the number, over a moving ramp. */
export function numberedPicture(number: number, width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x * COLUMNS) / width);
      const row = Math.floor((y * (BITS / COLUMNS)) / height);
      const bit = (number >> (row * COLUMNS + column)) & 1;
      const ramp = (x + 2 * y + 7 * number) % 40;
      data.fill(bit ? 215 + ramp : ramp, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return data;
}

/** Frames 0 ... times.length - 1 at the given times in milliseconds. */
export function* numberedFrames(times: number[], width: number, height: number): Generator<RgbFrame> {
  for (const [number, timeMs] of times.entries())
    yield { timeMs, data: numberedPicture(number, width, height) };
}

/** Where to look for each bit, lowest first, in a picture of any size: `[x, y]`, the middle of its block. */
export function bitPoints(width: number, height: number): [number, number][] {
  return Array.from({ length: BITS }, (_, bit) => [
    Math.floor((((bit % COLUMNS) + 0.5) * width) / COLUMNS),
    Math.floor(((Math.floor(bit / COLUMNS) + 0.5) * height) / (BITS / COLUMNS)),
  ]);
}

/** Reads the number back from a grey picture of any size. */
export function numberIn(grey: Uint8Array, width: number, height: number): number {
  return bitPoints(width, height).reduce(
    (number, [x, y], bit) => (grey[y * width + x] > 128 ? number | (1 << bit) : number),
    0,
  );
}

/** `count` times at a constant rate. */
export function constantTimes(count: number, fps: number, startMs = 0): number[] {
  return Array.from({ length: count }, (_, i) => startMs + (i * 1000) / fps);
}

/** `count` times whose intervals go through 33, 40, 120 and 17 ms. */
export function variableTimes(count: number, startMs = 0): number[] {
  const intervals = [33, 40, 120, 17];
  let time = startMs;
  return Array.from({ length: count }, (_, i) => {
    const now = time;
    time += intervals[i % intervals.length];
    return now;
  });
}
