// What moves in a cell, and how: a speed histogram (7 numbers) and a 3D-gradient histogram (12 numbers) per cell.
// Role: default-extractor.md section 2, items 3 and 4. Limits: one pair of frames; segments.ts averages over time.
// Plain loops, because only the few cells in which something moves are looked at closely.
import { CELL, CELL_COLUMNS, CELL_DIM, CELLS, FRAME_SIZE, SPEED_BINS } from './layout.ts';
import { MARGIN, strideOf } from './planes.ts';

const PIXELS = CELL * CELL;

/** A pixel moves when the blurred frames differ by more. Grey levels. */
const MOVING = 6;
/** Pixels that differ by no more are left out of the gradient histogram. Grey levels. */
const CHANGING = 3;
/** Where the next speed bin begins. Pixels per step. */
const SPEED_EDGES = [0.5, 1, 1.75, 2.5, 3.5, 5];
/** The 95th percentile is ascending rank 380 of 400, which is the 20th largest. */
const TOP = 20;
const EPSILON = 1e-6;
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
 * Describes a pair of frames.
 * @param out `[48, 19]`; each block is its histogram scaled to unit length, times the 95th-percentile speed of the cell.
 *   Cells without motion get exact zeros.
 */
export function describePair(planes: PairPlanes, out: Float64Array): void {
  out.fill(0);
  for (let cell = 0; cell < CELLS; cell++) {
    const x = MARGIN + CELL * (cell % CELL_COLUMNS);
    const y = MARGIN + CELL * Math.floor(cell / CELL_COLUMNS);
    describeCell(planes, y * STRIDE + x, out.subarray(cell * CELL_DIM, (cell + 1) * CELL_DIM));
  }
}

const speeds = new Float32Array(PIXELS);

/** @param start of the cell's first pixel, counted in floats from the start of a plane */
function describeCell(planes: PairPlanes, start: number, out: Float64Array): void {
  const { floats, first, second, u, v } = planes;
  let moving = 0;
  for (let i = start; i < start + CELL * STRIDE; i += STRIDE) {
    for (let at = i; at < i + CELL; at++) {
      if (Math.abs(floats[second + at] - floats[first + at]) <= MOVING) continue;
      const du = floats[u + at];
      const dv = floats[v + at];
      speeds[moving++] = Math.sqrt(du * du + dv * dv);
    }
  }
  if (moving < TOP) return; // so the 95th percentile is 0, and with it both blocks
  const sorted = speeds.subarray(0, moving).sort();
  const s95 = sorted[moving - TOP];
  for (const speed of sorted) out[speedBin(speed)] += 1 / PIXELS;
  addGradients(planes, start, out);
  scaleBlock(out, 0, SPEED_BINS, s95);
  scaleBlock(out, SPEED_BINS, CELL_DIM, s95);
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

/** Scales out[from .. to) to the length `length` (very nearly: see EPSILON in the definition). */
function scaleBlock(out: Float64Array, from: number, to: number, length: number): void {
  let squares = 0;
  for (let i = from; i < to; i++) squares += out[i] * out[i];
  const factor = length / (Math.sqrt(squares) + EPSILON);
  for (let i = from; i < to; i++) out[i] *= factor;
}
