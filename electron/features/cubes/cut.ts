// Cuts cubes out of a video: the place of one box in the frames around it, at one size (RoIAlign; methods.md 3.6).
// Role: decodes once, keeps the frames that the next cubes need. Limits: the box does not move with the object.
import { AppError } from '../../../shared/errors.ts';
import { decodeRgb } from '../../media/decode.ts';
import type { PlannedCube } from './plan.ts';

/** Height and width of a cube in pixels. */
export const CUBE_SIDE = 64;

export interface Picture {
  /** RGB, `[height, width, 3]`. */
  data: Uint8Array;
  width: number;
  height: number;
}

/** Bytes of one cube `[T, 64, 64, 3]`. */
export const cubeBytes = (timeLength: number): number => timeLength * CUBE_SIDE * CUBE_SIDE * 3;

/** Where a row or column of a cube looks: two neighbouring pixels and the share of the second, sample by sample. */
interface Reading {
  samples: number;
  low: Int32Array;
  high: Int32Array;
  share: Float32Array;
}

/** Places from `start` to `end` in 64 parts, each read at as many points as it has pixels. @param limit pixels of the picture. */
function reading(start: number, end: number, limit: number): Reading {
  const part = (end - start) / CUBE_SIDE;
  const samples = Math.max(1, Math.ceil(part));
  const count = CUBE_SIDE * samples;
  const read = {
    samples,
    low: new Int32Array(count),
    high: new Int32Array(count),
    share: new Float32Array(count),
  };
  for (let i = 0; i < count; i++) {
    const at = Math.min(limit - 1, Math.max(0, start + ((i + 0.5) / samples) * part));
    read.low[i] = Math.floor(at);
    read.high[i] = Math.min(limit - 1, read.low[i] + 1);
    read.share[i] = at - read.low[i];
  }
  return read;
}

/** Writes the box of a picture, scaled to 64 x 64, as `[64, 64, 3]` into `target`. */
export function cropTo(picture: Picture, box: PlannedCube['box'], target: Uint8Array): void {
  const { data, width, height } = picture;
  const columns = reading(box[0], box[2], width);
  const rows = reading(box[1], box[3], height);
  const weight = 1 / (columns.samples * rows.samples);
  for (let y = 0; y < CUBE_SIDE; y++) {
    for (let x = 0; x < CUBE_SIDE; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let j = y * rows.samples; j < (y + 1) * rows.samples; j++) {
          const upper = rows.low[j] * width;
          const lower = rows.high[j] * width;
          const down = rows.share[j];
          for (let i = x * columns.samples; i < (x + 1) * columns.samples; i++) {
            const left = columns.low[i];
            const right = columns.high[i];
            const over = columns.share[i];
            const top =
              data[(upper + left) * 3 + channel] * (1 - over) + data[(upper + right) * 3 + channel] * over;
            const bottom =
              data[(lower + left) * 3 + channel] * (1 - over) + data[(lower + right) * 3 + channel] * over;
            sum += top * (1 - down) + bottom * down;
          }
        }
        target[(y * CUBE_SIDE + x) * 3 + channel] = Math.round(sum * weight);
      }
    }
  }
}

/** A video as far as cutting needs it. */
export interface CubeSource {
  path: string;
  width: number;
  height: number;
  frames: number;
}

/**
 * All cubes of a video, `[cubes, T, 64, 64, 3]`, in the order of the plan.
 * @param onFrame called with the number of frames decoded so far.
 * @throws AppError `damaged` when the video ends before the frames of a cube; as decoding; `cancelled`
 */
export async function cutCubes(
  { path, width, height }: CubeSource,
  plan: readonly PlannedCube[],
  timeLength: number,
  signal: AbortSignal,
  onFrame: (done: number) => void,
): Promise<Uint8Array> {
  const size = cubeBytes(timeLength);
  const face = size / timeLength;
  const half = (timeLength - 1) / 2;
  const cubes = new Uint8Array(plan.length * size);
  let next = 0;
  let open = 0;
  for await (const { index, data } of decodeRgb(path, { width, height, step: 1, signal })) {
    onFrame(index + 1);
    // Cubes that begin at or before this frame are open until it has left them behind.
    while (next < plan.length && plan[next].frame - half <= index) next++;
    while (open < next && plan[open].frame + half < index) open++;
    const picture = { data, width, height };
    for (let i = open; i < next; i++) {
      const t = index - (plan[i].frame - half);
      cropTo(picture, plan[i].box, cubes.subarray(i * size + t * face, i * size + (t + 1) * face));
    }
    if (next === plan.length && (plan.length === 0 || plan[plan.length - 1].frame + half <= index))
      return cubes;
  }
  if (plan.length === 0) return cubes;
  throw new AppError('damaged', `${path} ends before its boxes do. Import the video again, then its boxes.`, {
    path,
  });
}
