// Frames as pyramids of blurred planes. Role: step 1 of the extractor and the pictures its flow works on
// (default-extractor.md section 2, items 1 and 2). Limits: no motion.
import type { Arena } from '../wasm/instance.ts';
import { createKernels, type Kernels } from './kernels.ts';
import { FRAME_SIZE } from './layout.ts';
import { half, planeBytes, type Size } from './planes.ts';

/** Sizes of the pyramid, finest first: 160 x 120, 80 x 60, 40 x 30. */
export const LEVEL_SIZES: readonly Size[] = [FRAME_SIZE, half(FRAME_SIZE), half(half(FRAME_SIZE))];

/** Gaussian of sigma 1 pixel on five taps, normalised. */
const gauss = [2, 1, 0].map((distance) => Math.exp(-(distance ** 2) / 2));
const BLUR = gauss.map((weight) => weight / (2 * gauss[0] + 2 * gauss[1] + gauss[2]));
/** The binomial filter before every second pixel is taken. */
const BINOMIAL = [1 / 16, 4 / 16, 6 / 16];

export interface Level {
  size: Size;
  kernels: Kernels;
  /** Planes for whoever needs one for a moment. */
  scratch: number;
  spare: number;
}

/** Planes of one frame, finest first, with mirrored margins. */
export type Pyramid = number[];

/** Bytes that `createLevels` and `count` pyramids take. */
export function pyramidMemory(count: number): number {
  const bytes = LEVEL_SIZES.reduce((total, size) => total + planeBytes(size), 0);
  return FRAME_SIZE.width * FRAME_SIZE.height + (2 + count) * bytes;
}

export function createLevels(arena: Arena): Level[] {
  return LEVEL_SIZES.map((size) => ({
    size,
    kernels: createKernels(size, arena),
    scratch: arena.allocate(planeBytes(size)),
    spare: arena.allocate(planeBytes(size)),
  }));
}

export function createPyramid(arena: Arena): Pyramid {
  return LEVEL_SIZES.map((size) => arena.allocate(planeBytes(size)));
}

/** @param pixels address of 160 x 120 bytes */
export function fillPyramid(levels: readonly Level[], pixels: number, out: Pyramid): void {
  const [finest] = levels;
  finest.kernels.widen(pixels, finest.spare);
  finest.kernels.mirror(finest.spare);
  finest.kernels.filter5(finest.spare, finest.scratch, out[0], BLUR[0], BLUR[1], BLUR[2]);
  finest.kernels.mirror(out[0]);
  for (let i = 1; i < levels.length; i++) {
    const { kernels, scratch, spare } = levels[i - 1];
    kernels.filter5(out[i - 1], scratch, spare, BINOMIAL[0], BINOMIAL[1], BINOMIAL[2]);
    kernels.halve(spare, out[i]);
    levels[i].kernels.mirror(out[i]);
  }
}
