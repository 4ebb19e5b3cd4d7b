// The extractors that come with the product, as data. Role: shape and meaning of their features, for whoever stores,
// scales or trains on them. Limits: runs nothing; cellmotion/ does. Imported features have no record here.
import { CELL_DIM, CELLS, GRADIENT_BINS, SPEED_BINS } from './cellmotion/layout.ts';

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
  /** How the crops of a segment become one magnitude or score. */
  aggregation: CropAggregation;
}

export const extractors = {
  /** default-extractor.md section 2. */
  'cellmotion-v1': {
    name: 'cellmotion-v1',
    crops: CELLS,
    dim: CELL_DIM,
    blocks: [
      { name: 'speed', dims: SPEED_BINS },
      { name: 'gradients', dims: GRADIENT_BINS },
    ],
    directed: true,
    aggregation: 'top3',
  },
} as const satisfies Record<string, Extractor>;

export type ExtractorName = keyof typeof extractors;

/** The record of an extractor, or null for features made elsewhere. */
export function extractorNamed(name: string): Extractor | null {
  return Object.hasOwn(extractors, name) ? extractors[name as ExtractorName] : null;
}
