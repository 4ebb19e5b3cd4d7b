// Stretches of video that are compared with each other, about eight segments long. Role: default-extractor-v2.md 3.2.
// Limits: knows numbers of segments only.

/** Segments of a block, about. */
const BLOCK = 8;

/** Segments [from, to) of one video. */
export interface Block {
  /** Index of the video. */
  video: number;
  /** Number of the block inside its video. */
  index: number;
  from: number;
  to: number;
}

/** Rounds halves to the even neighbour. */
function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** Splits each video of T segments into max(1, T / 8) blocks; segment t lies in block floor(t m / T). */
export function blocksOf(segments: readonly number[]): Block[] {
  return segments.flatMap((count, video) => {
    if (count === 0) return [];
    const m = Math.max(1, roundHalfToEven(count / BLOCK));
    const first = (index: number): number => Math.ceil((index * count) / m);
    return Array.from({ length: m }, (_, index) => ({
      video,
      index,
      from: first(index),
      to: first(index + 1),
    }));
  });
}

/** At most about `segments` of segments in whole blocks, evenly spread over all blocks. */
export function sampleBlocks(blocks: readonly Block[], segments: number): Block[] {
  const total = blocks.reduce((sum, { from, to }) => sum + to - from, 0);
  if (total <= segments) return [...blocks];
  const kept = Math.max(1, Math.floor((blocks.length * segments) / total));
  return Array.from({ length: kept }, (_, i) => blocks[Math.floor(((i + 0.5) * blocks.length) / kept)]);
}
