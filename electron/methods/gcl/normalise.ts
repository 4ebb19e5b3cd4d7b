// Features on the scale that the networks see (methods.md 1.1). Role: the five ways and what they were fitted to.
// Limits: stored features stay as they are; the fitted numbers belong to the model of the run.
import { extractorNamed } from '../../features/extractors.ts';
import { applyScale, type FeatureScale, poolScale } from '../../features/scaling.ts';
import { changed, stretches } from '../../features/stretches.ts';
import type { FeatureVideo, VideoFeatures } from '../../features/types.ts';
import type { GclConfig } from './config.ts';

export interface Normalised<V extends FeatureVideo = FeatureVideo> {
  videos: V[];
  /** For `pool` and `video`. */
  scale: FeatureScale | null;
  /** For `minmax`: smallest and largest value of each dimension, `[dim]`. */
  range: { low: Float32Array; high: Float32Array } | null;
}

function toLengthOne(video: FeatureVideo): FeatureVideo {
  return changed(video, (data) => {
    for (let start = 0; start < data.length; start += video.dim) {
      const row = data.subarray(start, start + video.dim);
      const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
      // A vector of zeros has no direction and stays.
      if (length > 0) for (let i = 0; i < row.length; i++) row[i] /= length;
    }
  });
}

function rangeOf(videos: readonly FeatureVideo[]): { low: Float32Array; high: Float32Array } {
  const { dim } = videos[0];
  const low = new Float32Array(dim).fill(Number.POSITIVE_INFINITY);
  const high = new Float32Array(dim).fill(Number.NEGATIVE_INFINITY);
  for (const video of videos) {
    for (const { data } of stretches(video)) {
      for (let i = 0; i < data.length; i++) {
        const d = i % dim;
        if (data[i] < low[d]) low[d] = data[i];
        if (data[i] > high[d]) high[d] = data[i];
      }
    }
  }
  return { low, high };
}

/** @param videos at least one, all with the same crops and dimensions. */
export function normalised(
  videos: readonly VideoFeatures[],
  extractor: string,
  how: GclConfig['normalise'],
): Normalised<VideoFeatures>;
export function normalised(
  videos: readonly FeatureVideo[],
  extractor: string,
  how: GclConfig['normalise'],
): Normalised;
export function normalised(
  videos: readonly FeatureVideo[],
  extractor: string,
  how: GclConfig['normalise'],
): Normalised {
  switch (how) {
    case 'none':
      return { videos: [...videos], scale: null, range: null };
    case 'l2':
      return { videos: videos.map(toLengthOne), scale: null, range: null };
    case 'minmax': {
      const range = rangeOf(videos);
      const spread = range.high.map((high, d) => high - range.low[d]);
      return {
        videos: videos.map((video) =>
          changed(video, (data) => {
            for (let i = 0; i < data.length; i++) {
              const d = i % video.dim;
              data[i] = spread[d] > 0 ? (data[i] - range.low[d]) / spread[d] : 0;
            }
          }),
        ),
        scale: null,
        range,
      };
    }
    case 'pool':
    case 'video': {
      const scale = poolScale(videos, extractorNamed(extractor)?.blocks ?? null);
      return { videos: applyScale(videos, scale, how), scale, range: null };
    }
  }
}
