// From the histograms of a cell to its vector: what tells the two cellmotion extractors apart.
// Role: default-extractor.md section 2, item 4 (v1) and default-extractor-v2.md section 2 (v2). Limits: one cell of one
// pair of frames at a time.
import type { ExtractorName } from '../extractors.ts';
import type { CellFinisher } from './blocks.ts';
import { CELL_DIM, SPEED_BINS } from './layout.ts';

/** The 95th percentile is ascending rank 380 of 400, which is the 20th largest. */
const TOP = 20;
const EPSILON = 1e-6;

/**
 * Each histogram at unit length, times the 95th-percentile speed of the cell: the length of the vector says how fast.
 * Cells in which fewer than 20 of 400 pixels move get exact zeros, because their percentile is 0.
 */
function timesSpeed(cell: Float64Array, speeds: Float32Array): void {
  if (speeds.length < TOP) {
    cell.fill(0);
    return;
  }
  const s95 = speeds.sort()[speeds.length - TOP];
  scaleBlock(cell, 0, SPEED_BINS, s95);
  scaleBlock(cell, SPEED_BINS, CELL_DIM, s95);
}

/** Scales cell[from .. to) to the length `length` (very nearly: see EPSILON in the definition). */
function scaleBlock(cell: Float64Array, from: number, to: number, length: number): void {
  let squares = 0;
  for (let i = from; i < to; i++) squares += cell[i] * cell[i];
  const factor = length / (Math.sqrt(squares) + EPSILON);
  for (let i = from; i < to; i++) cell[i] *= factor;
}

/** The square root of every number: frequent kinds of motion no longer drown the others, and length says little. */
function squareRoots(cell: Float64Array): void {
  for (let i = 0; i < cell.length; i++) cell[i] = Math.sqrt(cell[i]);
}

export const finishers: Record<ExtractorName, CellFinisher> = {
  'cellmotion-v1': timesSpeed,
  'cellmotion-v2': squareRoots,
};
