// How rare the content of a crop is: the distance to the nearest similar content in other stretches of video, such that
// a quarter of them have something as near (default-extractor-v2.md 3.2).
// Role: scaled features in, one number per crop out; exact and the same every time. Limits: time grows with the number of
// segments times at most `LARGEST_POOL` of them.
import { turns, type Watch } from '../../features/passes.ts';
import { segmentsOf } from '../../features/stretches.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { percentile } from '../../statistics/percentile.ts';
import { type Block, blocksOf, sampleBlocks } from './blocks.ts';

/** Segments that others are compared with. */
export const LARGEST_POOL = 2000;
const QUANTILE = 25;

export interface Rarity {
  /** Float32 `[segments, crops]` of each video. */
  scores: Float32Array[];
  /** Blocks that others were compared with, of how many. */
  compared: number;
  blocks: number;
  /** Indices of videos with segments that had nothing to be compared with; their rarity is 0. */
  alone: number[];
}

export interface RarityOptions extends Watch {
  /** Crops are cells with so many in a row, and a cell is compared with the 3 x 3 cells around it; null: the same crop. */
  columns: number | null;
  largestPool?: number;
}

/** Cells around each cell and the cell itself, inside the grid; without a grid the crop itself. */
function neighbours(crops: number, columns: number | null): Int32Array[] {
  return Array.from({ length: crops }, (_, c) => {
    if (columns === null) return Int32Array.of(c);
    const rows = Math.ceil(crops / columns);
    const [row, column] = [Math.floor(c / columns), c % columns];
    const near: number[] = [];
    // The cell itself comes first: most often it is also the nearest, and the search can stop at distance 0.
    for (const dy of [0, -1, 1]) {
      for (const dx of [0, -1, 1]) {
        const [y, x] = [row + dy, column + dx];
        if (y >= 0 && y < rows && x >= 0 && x < columns && y * columns + x < crops)
          near.push(y * columns + x);
      }
    }
    return Int32Array.from(near);
  });
}

/** The vectors of a block, segment by segment and crop by crop, with their squared lengths. */
interface Vectors {
  crops: number;
  dim: number;
  data: Float32Array;
  norms: Float64Array;
}

function vectorsOf(video: FeatureVideo, { from, to }: Pick<Block, 'from' | 'to'>): Vectors {
  const { crops, dim } = video;
  const data = segmentsOf(video, from, to);
  const norms = new Float64Array(data.length / dim);
  for (let i = 0, at = 0; i < norms.length; i++) {
    let sum = 0;
    for (const end = at + dim; at < end; at++) sum += data[at] * data[at];
    norms[i] = sum;
  }
  return { crops, dim, data, norms };
}

/**
 * Rarity of every crop: the 0.25 quantile, over the blocks of all videos, of the smallest Euclidean distance to a vector
 * of the neighbouring crops in that block. The own block and the blocks beside it in the same video do not count.
 * @throws AppError `cancelled`
 */
export async function rarity(videos: readonly FeatureVideo[], options: RarityOptions): Promise<Rarity> {
  const { columns, largestPool = LARGEST_POOL } = options;
  const blocks = blocksOf(videos.map(({ segments }) => segments));
  const reference = sampleBlocks(blocks, largestPool);
  const vectors = new Map(reference.map((block) => [block, vectorsOf(videos[block.video], block)]));
  const near = neighbours(videos[0].crops, columns);
  const scores = videos.map(({ segments, crops }) => new Float32Array(segments * crops));
  const alone = new Set<number>();
  const total = blocks.reduce((sum, { from, to }) => sum + to - from, 0);
  let done = 0;
  const turn = turns(options, 'segments', 'Comparing segments');
  for (const block of blocks) {
    const others = reference.filter(
      ({ video, index }) => video !== block.video || Math.abs(index - block.index) > 1,
    );
    if (others.length === 0) alone.add(block.video);
    const distances = new Float64Array(others.length);
    const { crops } = videos[block.video];
    const own = vectorsOf(videos[block.video], block);
    const compared = others.map((other) => vectors.get(other)!);
    for (let t = block.from; t < block.to; t++) {
      for (let c = 0; c < crops && others.length > 0; c++) {
        const vector = (t - block.from) * crops + c;
        for (let b = 0; b < compared.length; b++) {
          distances[b] = nearestSquared(own, vector, compared[b], near[c]);
        }
        // Roots first: the quantile interpolates between distances, not between their squares.
        for (let b = 0; b < distances.length; b++) distances[b] = Math.sqrt(distances[b]);
        scores[block.video][t * crops + c] = percentile(distances, QUANTILE);
      }
      await turn(++done, total);
    }
  }
  return { scores, compared: reference.length, blocks: blocks.length, alone: [...alone] };
}

/** Smallest squared distance of a vector to those of the crops `near` in a block. */
function nearestSquared(
  { data, dim, crops, norms }: Vectors,
  query: number,
  { data: other, norms: otherNorms }: Vectors,
  near: Int32Array,
): number {
  const own = norms[query];
  const from = query * dim;
  let best = Number.POSITIVE_INFINITY;
  for (let t = 0; t < otherNorms.length; t += crops) {
    for (let n = 0; n < near.length; n++) {
      const vector = t + near[n];
      const norm = otherNorms[vector];
      // Most cells are empty: the distance to them is a length.
      if (own === 0 || norm === 0) {
        if (own + norm < best) best = own + norm;
      } else {
        const at = vector * dim;
        let sum = 0;
        for (let d = 0; d < dim; d++) {
          const difference = data[from + d] - other[at + d];
          sum += difference * difference;
        }
        if (sum < best) best = sum;
      }
      if (best === 0) return 0;
    }
  }
  return best;
}
