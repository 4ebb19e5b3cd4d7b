// Brings features of a training set to one scale: no centring, one factor per block of the vector.
// Role: default-extractor.md section 2, item 6, and `scaleBy` of section 6. Limits: needs the whole training set, so it
// runs when one is put together; stored features stay unscaled. The scale is plain data and belongs to the run.
import { type Extractor, extractorNamed } from './extractors.ts';
import { everyPart, turns, type Watch } from './passes.ts';
import { changed } from './stretches.ts';
import type { FeatureVideo, VideoFeatures } from './types.ts';

/** Root mean square length of a scaled crop vector over the training set (`pool`) or each video (`video`). */
export const SCALED_RMS = 0.5;

/** What those who wait are told. */
const MESSAGE = 'Scaling features';

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
 * @throws AppError `cancelled`
 */
export async function poolScale(
  videos: readonly FeatureVideo[],
  blocks: Extractor['blocks'] | null,
  watch: Watch,
): Promise<FeatureScale> {
  const parts = blocks ?? [{ name: 'all', dims: videos[0]?.dim ?? 0 }];
  const sums = parts.map(() => 0);
  let vectors = 0;
  for await (const { segments, crops, dim, data } of everyPart(videos, watch, MESSAGE)) {
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

/** Every vector at length 1; zero vectors stay zero. What is in memory is copied. */
export function unitLength(video: FeatureVideo): FeatureVideo {
  const { dim } = video;
  return changed(video, (data) => {
    for (let at = 0; at < data.length; at += dim) {
      let squares = 0;
      for (let d = 0; d < dim; d++) squares += data[at + d] * data[at + d];
      const length = Math.sqrt(squares);
      if (length > 0) for (let d = 0; d < dim; d++) data[at + d] /= length;
    }
  });
}

/** Multiplies the numbers of a vector by `factors`, one each, over and over. */
function multiplied(video: FeatureVideo, factors: readonly number[]): FeatureVideo {
  const { length } = factors;
  return changed(video, (data) => {
    for (let i = 0, d = 0; i < data.length; i++) {
      data[i] *= factors[d];
      if (++d === length) d = 0;
    }
  });
}

/**
 * The videos scaled: block b is divided by r_b and by the square root of the number of blocks, and all is brought to a
 * root mean square length of 0.5. A block that is zero everywhere stays zero. What is in memory is copied.
 * @param scaleBy `video` divides each video by its own root mean square length afterwards
 * @throws AppError `cancelled`
 */
export async function applyScale(
  videos: readonly VideoFeatures[],
  scale: FeatureScale,
  scaleBy: ScaleBy,
  watch: Watch,
): Promise<VideoFeatures[]>;
export async function applyScale(
  videos: readonly FeatureVideo[],
  scale: FeatureScale,
  scaleBy: ScaleBy,
  watch: Watch,
): Promise<FeatureVideo[]>;
export async function applyScale(
  videos: readonly FeatureVideo[],
  scale: FeatureScale,
  scaleBy: ScaleBy,
  watch: Watch,
): Promise<FeatureVideo[]> {
  const factors = scale.blocks.flatMap(({ dims }, b) =>
    Array<number>(dims).fill(scale.r[b] > 0 ? SCALED_RMS / scale.r[b] / Math.sqrt(scale.blocks.length) : 0),
  );
  const turn = turns(watch, 'videos', MESSAGE);
  const scaled: FeatureVideo[] = [];
  let known = false;
  for (const video of videos) {
    known ||=
      watch.rehearsal?.enough({ kind: 'scaling', done: scaled.length, total: videos.length }) ?? false;
    scaled.push(known ? video : multiplied(video, factors));
    await turn(scaled.length, videos.length);
  }
  if (scaleBy === 'pool') return scaled;
  const sums = new Float64Array(videos.length);
  for await (const { video, data } of everyPart(scaled, watch, MESSAGE)) {
    for (let i = 0; i < data.length; i++) sums[video] += data[i] * data[i];
  }
  return scaled.map((video, v) => {
    const rms = Math.sqrt(sums[v] / (video.segments * video.crops));
    return rms > 0 ? multiplied(video, [SCALED_RMS / rms]) : video;
  });
}

/** As they are, each vector at length 1, or on a scale that is measured over all of them. */
export type Scaling = 'none' | 'unit' | ScaleBy;

export interface ScaledFeatures {
  videos: FeatureVideo[];
  /** Null where nothing was measured. */
  scale: FeatureScale | null;
}

/**
 * The features of a training set on the scale that a method wants.
 * @param extractor whose blocks are scaled one by one; features made elsewhere are one block
 * @throws AppError `cancelled`
 */
export async function scaleFeatures(
  videos: readonly FeatureVideo[],
  extractor: string,
  scaling: ScaleBy,
  watch: Watch,
): Promise<ScaledFeatures & { scale: FeatureScale }>;
export async function scaleFeatures(
  videos: readonly FeatureVideo[],
  extractor: string,
  scaling: Scaling,
  watch: Watch,
): Promise<ScaledFeatures>;
export async function scaleFeatures(
  videos: readonly FeatureVideo[],
  extractor: string,
  scaling: Scaling,
  watch: Watch,
): Promise<ScaledFeatures> {
  if (scaling === 'none') return { videos: [...videos], scale: null };
  if (scaling === 'unit') return { videos: videos.map(unitLength), scale: null };
  const scale = await poolScale(videos, extractorNamed(extractor)?.blocks ?? null, watch);
  return { videos: await applyScale(videos, scale, scaling, watch), scale };
}
