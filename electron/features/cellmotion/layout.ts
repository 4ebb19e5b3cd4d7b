// Numbers that fix the shape of cellmotion features. Role: shared by the extractor and its record in extractors.ts.
// Limits: data only, so that the engine can read it without loading the extractor.
import type { Size } from './planes.ts';

/** The size every frame is brought to before extraction, whatever its shape. */
export const FRAME_SIZE: Size = { width: 160, height: 120 };

/** Side of a cell. Pixels. */
export const CELL = 20;
export const CELL_COLUMNS = FRAME_SIZE.width / CELL;
/** 8 x 6 cells, row by row. */
export const CELLS = CELL_COLUMNS * (FRAME_SIZE.height / CELL);

export const SPEED_BINS = 7;
/** 4 orientations x 3 elevations. */
export const GRADIENT_BINS = 12;
export const CELL_DIM = SPEED_BINS + GRADIENT_BINS;
