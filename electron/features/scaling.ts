// Brings features of a training set to one scale: no centring, one factor per block of the vector.
// Role: default-extractor.md section 2, item 6, and `scaleBy` of section 6. Limits: needs the whole training set, so it
// runs when one is put together; stored features stay unscaled. The scale is plain data and belongs to the run.
import type { Extractor } from './extractors.ts';
import { changed, stretches } from './stretches.ts';
import type { FeatureVideo, VideoFeatures } from './types.ts';

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
export function poolScale(videos: readonly FeatureVideo[], blocks: Extractor['blocks'] | null): FeatureScale {
  const parts = blocks ?? [{ name: 'all', dims: videos[0]?.dim ?? 0 }];
  const sums = parts.map(() => 0);
  let vectors = 0;
  for (const video of videos) {
    const { segments, crops, dim } = video;
    vectors += segments * crops;
    for (const { data } of stretches(video)) {
      for (let start = 0; start < data.length; start += dim) {
        let at = start;
        for (let b = 0; b < parts.length; b++) {
          let squares = 0;
          for (const end = at + parts[b].dims; at < end; at++) squares += data[at] * data[at];
          sums[b] += squares;
        }
      }
    }
  }
  return {
    blocks: parts.map(({ name, dims }) => ({ name, dims })),
    r: sums.map((sum) => Math.sqrt(sum / Math.max(1, vectors))),
  };
}

/**
 * The videos scaled: block b is divided by r_b and by the square root of the number of blocks, and all is brought to a
 * root mean square length of 0.5. A block that is zero everywhere stays zero. What is in memory is copied.
 * @param scaleBy `video` divides each video by its own root mean square length afterwards
 */
export function applyScale(
  videos: readonly VideoFeatures[],
  scale: FeatureScale,
  scaleBy: ScaleBy,
): VideoFeatures[];
export function applyScale(
  videos: readonly FeatureVideo[],
  scale: FeatureScale,
  scaleBy: ScaleBy,
): FeatureVideo[];
export function applyScale(
  videos: readonly FeatureVideo[],
  scale: FeatureScale,
  scaleBy: ScaleBy,
): FeatureVideo[] {
  const factors = scale.blocks.flatMap(({ dims }, b) =>
    Array<number>(dims).fill(scale.r[b] > 0 ? SCALED_RMS / scale.r[b] / Math.sqrt(scale.blocks.length) : 0),
  );
  const { length } = factors;
  return videos.map((video) => {
    const scaled = changed(video, (data) => {
      for (let i = 0, d = 0; i < data.length; i++) {
        data[i] *= factors[d];
        if (++d === length) d = 0;
      }
    });
    if (scaleBy === 'pool') return scaled;
    let sum = 0;
    for (const { data } of stretches(scaled)) for (let i = 0; i < data.length; i++) sum += data[i] * data[i];
    const rms = Math.sqrt(sum / (video.segments * video.crops));
    if (!(rms > 0)) return scaled;
    const factor = SCALED_RMS / rms;
    return changed(scaled, (data) => {
      for (let i = 0; i < data.length; i++) data[i] *= factor;
    });
  });
}
