// What moves in a cell, and how: a speed histogram (7 numbers) and a 3D-gradient histogram (12 numbers) per cell.
// Role: default-extractor.md section 2, items 3 and 4. Limits: one pair of frames; finishers.ts makes the vector of an
// extractor from the histograms, segments.ts averages over time.
// Plain loops, because few pixels move or change.
import { CELL, CELL_COLUMNS, CELL_DIM, CELLS, FRAME_SIZE, SPEED_BINS } from './layout.ts';
import { MARGIN, strideOf } from './planes.ts';

const PIXELS = CELL * CELL;

/** A pixel moves when the blurred frames differ by more. Grey levels. */
const MOVING = 6;
/** Pixels that differ by no more are left out of the gradient histogram. Grey levels. */
const CHANGING = 3;
/** Where the next speed bin begins. Pixels per step. */
const SPEED_EDGES = [0.5, 1, 1.75, 2.5, 3.5, 5];
const TAN_22_5 = Math.tan(Math.PI / 8);
const STRIDE = strideOf(FRAME_SIZE);

/** The planes of one pair of frames: index of the first float of each in `floats`. */
export interface PairPlanes {
  floats: Float32Array;
  /** Blurred frames. The margin of `first` is filled. */
  first: number;
  second: number;
  /** Flow from `first` to `second`. Pixels per step. */
  u: number;
  v: number;
}

/**
 * Turns the histograms of one cell into the vector of an extractor, in place.
 * @param cell `[19]`: the share of pixels per speed, then the gradient lengths per direction divided by 400
 * @param speeds of the moving pixels, any order; may be reordered, valid during the call only. Pixels per step.
 */
export type CellFinisher = (cell: Float64Array, speeds: Float32Array) => void;

/**
 * Describes a pair of frames.
 * @param finish called for every cell
 * @param out `[48, 19]`
 */
export function describePair(planes: PairPlanes, finish: CellFinisher, out: Float64Array): void {
  out.fill(0);
  for (let cell = 0; cell < CELLS; cell++) {
    const x = MARGIN + CELL * (cell % CELL_COLUMNS);
    const y = MARGIN + CELL * Math.floor(cell / CELL_COLUMNS);
    const start = y * STRIDE + x; // the cell's first pixel, counted in floats from the start of a plane
    const vector = out.subarray(cell * CELL_DIM, (cell + 1) * CELL_DIM);
    const moving = movingSpeeds(planes, start);
    for (const speed of moving) vector[speedBin(speed)] += 1 / PIXELS;
    addGradients(planes, start, vector);
    finish(vector, moving);
  }
}

const speeds = new Float32Array(PIXELS);

/** Speeds of the moving pixels of a cell; overwritten by the next call. */
function movingSpeeds({ floats, first, second, u, v }: PairPlanes, start: number): Float32Array {
  let moving = 0;
  for (let i = start; i < start + CELL * STRIDE; i += STRIDE) {
    for (let at = i; at < i + CELL; at++) {
      if (Math.abs(floats[second + at] - floats[first + at]) <= MOVING) continue;
      const du = floats[u + at];
      const dv = floats[v + at];
      speeds[moving++] = Math.sqrt(du * du + dv * dv);
    }
  }
  return speeds.subarray(0, moving);
}

function speedBin(speed: number): number {
  let bin = 0;
  while (bin < SPEED_EDGES.length && speed >= SPEED_EDGES[bin]) bin++;
  return bin;
}

/** Adds the lengths of the (x, y, t) gradients of changing pixels to 4 orientations x 3 elevations. */
function addGradients({ floats, first, second }: PairPlanes, start: number, out: Float64Array): void {
  for (let i = start; i < start + CELL * STRIDE; i += STRIDE) {
    for (let at = i; at < i + CELL; at++) {
      const p = first + at;
      const change = Math.abs(floats[second + at] - floats[p]);
      if (change <= CHANGING) continue;
      const up = p - STRIDE;
      const down = p + STRIDE;
      // Sobel / 8
      const gx =
        (floats[up + 1] -
          floats[up - 1] +
          2 * (floats[p + 1] - floats[p - 1]) +
          floats[down + 1] -
          floats[down - 1]) /
        8;
      const gy =
        (floats[down - 1] -
          floats[up - 1] +
          2 * (floats[down] - floats[up]) +
          floats[down + 1] -
          floats[up + 1]) /
        8;
      const g = Math.sqrt(gx * gx + gy * gy);
      const time = change / 2;
      out[SPEED_BINS + 3 * orientationBin(gx, gy) + elevationBin(g, time)] +=
        Math.sqrt(g * g + time * time) / PIXELS;
    }
  }
}

/** Bins of 45 degrees around 0, 45, 90 and 135 degrees; opposite directions are the same. */
function orientationBin(gx: number, gy: number): number {
  const x = Math.abs(gx);
  const y = Math.abs(gy);
  if (y < TAN_22_5 * x || y === 0) return 0;
  if (x <= TAN_22_5 * y) return 2;
  return gx > 0 === gy > 0 ? 1 : 3;
}

/** 0 below 22.5 degrees out of the picture plane, 1 below 45, else 2. */
function elevationBin(inPlane: number, time: number): number {
  if (time < TAN_22_5 * inPlane) return 0;
  return time < inPlane ? 1 : 2;
}
