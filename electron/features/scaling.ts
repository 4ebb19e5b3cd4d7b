// Brings features of a training set to one scale: no centring, one factor per block of the vector.
// Role: default-extractor.md section 2, item 6, and `scaleBy` of section 6. Limits: needs the whole training set, so it
// runs when one is put together; stored features stay unscaled. The scale is plain data and belongs to the run.
import type { Extractor } from './extractors.ts';
import type { VideoFeatures } from './types.ts';

/** Root mean square length of a scaled crop vector over the training set (`pool`) or each video (`video`). */
export const SCALED_RMS = 0.5;

/** `pool`: levels between videos are kept. `video`: every video gets the same level. */
export type ScaleBy = 'pool' | 'video';

export interface FeatureScale {
  blocks: { name: string; dims: number }[];
  /** Root mean square length of each block over all segments and crops of the training set. */
  r: number[];
}

/**
 * Measures the blocks of a training set.
 * @param blocks of the extractor, or null for features made elsewhere, which are one block
 */
export function poolScale(
  videos: readonly VideoFeatures[],
  blocks: Extractor['blocks'] | null,
): FeatureScale {
  const parts = blocks ?? [{ name: 'all', dims: videos[0]?.dim ?? 0 }];
  const sums = parts.map(() => 0);
  let vectors = 0;
  for (const { segments, crops, dim, data } of videos) {
    vectors += segments * crops;
    for (let start = 0; start < data.length; start += dim) {
      let at = start;
      for (let b = 0; b < parts.length; b++) {
        let squares = 0;
        for (const end = at + parts[b].dims; at < end; at++) squares += data[at] * data[at];
        sums[b] += squares;
      }
    }
  }
  return {
    blocks: parts.map(({ name, dims }) => ({ name, dims })),
    r: sums.map((sum) => Math.sqrt(sum / Math.max(1, vectors))),
  };
}

/**
 * Scaled copies: block b is divided by r_b and by the square root of the number of blocks, and all is brought to a root
 * mean square length of 0.5. A block that is zero everywhere stays zero.
 * @param scaleBy `video` divides each video by its own root mean square length afterwards
 */
export function applyScale(
  videos: readonly VideoFeatures[],
  scale: FeatureScale,
  scaleBy: ScaleBy,
): VideoFeatures[] {
  const factors = scale.blocks.flatMap(({ dims }, b) =>
    Array<number>(dims).fill(scale.r[b] > 0 ? SCALED_RMS / scale.r[b] / Math.sqrt(scale.blocks.length) : 0),
  );
  return videos.map((video) => {
    const data = video.data.map((value, i) => value * factors[i % video.dim]);
    if (scaleBy === 'video') {
      const rms = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / (video.segments * video.crops));
      if (rms > 0) for (let i = 0; i < data.length; i++) data[i] *= SCALED_RMS / rms;
    }
    return { ...video, data };
  });
}
