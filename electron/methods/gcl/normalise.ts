// Features on the scale that the networks see (methods.md 1.1). Role: the five ways and what they were fitted to.
// Limits: stored features stay as they are; the fitted numbers belong to the model of the run.
import { everyPart, type Watch } from '../../features/passes.ts';
import { type ScaledFeatures, scaleFeatures } from '../../features/scaling.ts';
import { changed } from '../../features/stretches.ts';
import type { FeatureVideo } from '../../features/types.ts';
import type { GclConfig } from './config.ts';

export interface Normalised extends ScaledFeatures {
  /** For `minmax`: smallest and largest value of each dimension, `[dim]`. */
  range: { low: Float32Array; high: Float32Array } | null;
}

async function rangeOf(
  videos: readonly FeatureVideo[],
  watch: Watch,
): Promise<{ low: Float32Array; high: Float32Array }> {
  const { dim } = videos[0];
  const low = new Float32Array(dim).fill(Number.POSITIVE_INFINITY);
  const high = new Float32Array(dim).fill(Number.NEGATIVE_INFINITY);
  for await (const { data } of everyPart(videos, watch, 'Scaling features')) {
    for (let i = 0; i < data.length; i++) {
      const d = i % dim;
      if (data[i] < low[d]) low[d] = data[i];
      if (data[i] > high[d]) high[d] = data[i];
    }
  }
  return { low, high };
}

/** @param videos at least one, all with the same crops and dimensions. @throws AppError `cancelled` */
export async function normalised(
  videos: readonly FeatureVideo[],
  extractor: string,
  how: GclConfig['normalise'],
  watch: Watch,
): Promise<Normalised> {
  if (how !== 'minmax') {
    const scaling = how === 'l2' ? 'unit' : how;
    return { ...(await scaleFeatures(videos, extractor, scaling, watch)), range: null };
  }
  const range = await rangeOf(videos, watch);
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
