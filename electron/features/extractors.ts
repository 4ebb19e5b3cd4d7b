// The extractors that come with the product, as data. Role: shape and meaning of their features, for whoever stores,
// scales or trains on them. Limits: runs nothing; cellmotion/ does. Imported features have no record here.
import type { ExtractorName } from '../../shared/contract/entities.ts';
import { CELL_COLUMNS, CELL_DIM, CELLS, GRADIENT_BINS, SPEED_BINS } from './cellmotion/layout.ts';

export type { ExtractorName };

export type CropAggregation = 'top3' | 'mean';

export interface Extractor {
  name: string;
  /** Second axis of the features. */
  crops: number;
  /** Third axis: the blocks one after the other. */
  dim: number;
  /** Parts of a vector that are scaled each by itself (scaling.ts). */
  blocks: readonly { name: string; dims: number }[];
  /** A longer vector is more anomalous. */
  directed: boolean;
  /** Crops are cells of the picture, row by row, with so many in a row. */
  columns: number;
  /** How the crops of a segment become one magnitude or score. */
  aggregation: CropAggregation;
}

const blocks = [
  { name: 'speed', dims: SPEED_BINS },
  { name: 'gradients', dims: GRADIENT_BINS },
];
const cells = { crops: CELLS, columns: CELL_COLUMNS, dim: CELL_DIM, blocks, aggregation: 'top3' } as const;

export const extractors: Record<ExtractorName, Extractor> = {
  /** default-extractor.md section 2. */
  'cellmotion-v1': { name: 'cellmotion-v1', ...cells, directed: true },
  /** default-extractor-v2.md section 2. Its length says next to nothing: what matters is the kind of motion. */
  'cellmotion-v2': { name: 'cellmotion-v2', ...cells, directed: false },
};

/** The record of an extractor, or null for features made elsewhere. */
export function extractorNamed(name: string): Extractor | null {
  return Object.hasOwn(extractors, name) ? extractors[name as ExtractorName] : null;
}
