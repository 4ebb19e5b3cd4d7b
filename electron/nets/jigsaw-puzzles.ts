// Puzzles of object cubes (Jigsaw; methods.md 3.6). Role: cubes of bytes to what the network sees: laid out on 3 x 3
// patches, shuffled in time or in space, with the answers. Limits: draws from the random numbers it is handed.
import type { Random } from '../compute/random.ts';
import { CUBE_SIZE, PATCHES } from './jigsaw.ts';

/** Height and width of a patch, and of the empty border around the nine. Pixels. */
const PATCH = 20;
const BORDER = 2;
const GRID = 3;
/** How often a puzzle is left as it is. */
const IDENTITY = 1e-4;
/** A cube counts as still when no value of its first and last frame differs by this, of 1. */
const STILL = 0.2;
const FACE = CUBE_SIZE * CUBE_SIZE * 3;

const inOrder = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

/** Whether first and last frame hardly differ: the order of frames cannot be told, so it is not shuffled. */
function isStill(cube: Uint8Array, timeLength: number): boolean {
  const last = (timeLength - 1) * FACE;
  for (let i = 0; i < FACE; i++) if (Math.abs(cube[i] - cube[last + i]) >= STILL * 255) return false;
  return true;
}

/**
 * Lays a cube out for the network: frame `frames[t]` stands at place t, patch k at cell `cells[k]`, values in [0, 1], zeros
 * around the patches. @param cube and @param target `[T, 64, 64, 3]`. @param mirrored flips left and right before.
 */
export function layOut(
  cube: Uint8Array,
  frames: Int32Array,
  cells: Int32Array,
  mirrored: boolean,
  target: Float32Array,
): void {
  target.fill(0);
  for (let t = 0; t < frames.length; t++) {
    const from = frames[t] * FACE;
    const to = t * FACE;
    for (let k = 0; k < PATCHES; k++) {
      const [y, x] = [BORDER + PATCH * Math.floor(k / GRID), BORDER + PATCH * (k % GRID)];
      const [v, u] = [BORDER + PATCH * Math.floor(cells[k] / GRID), BORDER + PATCH * (cells[k] % GRID)];
      for (let row = 0; row < PATCH; row++) {
        for (let column = 0; column < PATCH; column++) {
          const source = mirrored ? CUBE_SIZE - 1 - (x + column) : x + column;
          const a = from + ((y + row) * CUBE_SIZE + source) * 3;
          const b = to + ((v + row) * CUBE_SIZE + u + column) * 3;
          target[b] = cube[a] / 255;
          target[b + 1] = cube[a + 1] / 255;
          target[b + 2] = cube[a + 2] / 255;
        }
      }
    }
  }
}

/** The cube as it is, laid out: what is scored. */
export function wholeCube(cube: Uint8Array, timeLength: number, target: Float32Array): void {
  layOut(cube, inOrder(timeLength), inOrder(PATCHES), false, target);
}

/** Writes a row with one 1 for every answer into `target` `[n, n]`. */
function answer(answers: Int32Array, target: Float32Array): void {
  target.fill(0);
  for (const [row, place] of answers.entries()) target[row * answers.length + place] = 1;
}

/**
 * A puzzle of a cube: its frames shuffled, or the patches of all frames alike; left and right are swapped half the time.
 * @param cube `[T, 64, 64, 3]`. @param target of the same shape. @param answers `[T, T]` (frames) or `[9, 9]` (patches).
 */
export function makePuzzle(
  kind: 'frames' | 'patches',
  cube: Uint8Array,
  timeLength: number,
  random: Random,
  target: Float32Array,
  answers: Float32Array,
): void {
  const mirrored = random.uniform() < 0.5;
  const shuffled = random.uniform() >= IDENTITY;
  let frames = inOrder(timeLength);
  let cells = inOrder(PATCHES);
  if (kind === 'frames') {
    const order = random.permutation(timeLength);
    if (shuffled && !isStill(cube, timeLength)) frames = order;
    answer(frames, answers);
  } else {
    const order = random.permutation(PATCHES);
    if (shuffled) cells = order;
    answer(cells, answers);
  }
  layOut(cube, frames, cells, mirrored, target);
}
