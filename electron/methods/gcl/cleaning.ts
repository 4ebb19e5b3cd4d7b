// Which segments may pre-train the generator (methods.md 1.5): those that differ little from the one before.
// Role: differences, and the samples that stay. Limits: knows no labels; samples are crops, each followed by itself.
import { everyPart, type Watch } from '../../features/passes.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { fitGaussian } from '../../statistics/gaussian.ts';
import { percentile } from '../../statistics/percentile.ts';
import type { GclConfig } from './config.ts';

/**
 * Length of the difference of each crop vector to that of the segment before; the first segment has the difference of the
 * second, and a video of one segment 0. Of each video `[segments, crops]`.
 * @throws AppError `cancelled`
 */
export async function temporalDifferences(
  videos: readonly FeatureVideo[],
  watch: Watch,
): Promise<Float64Array[]> {
  const differences = videos.map(({ segments, crops }) => new Float64Array(segments * crops));
  let before = new Float32Array(0);
  for await (const { video, from, to, crops, dim, data } of everyPart(videos, watch, 'Comparing segments')) {
    const out = differences[video];
    const row = crops * dim;
    for (let t = from; t < to; t++) {
      const last = t === from ? before : data.subarray((t - 1 - from) * row);
      for (let c = 0; c < crops && t > 0; c++) {
        let squares = 0;
        const at = (t - from) * row;
        for (let i = c * dim, end = i + dim; i < end; i++) squares += (data[at + i] - last[i]) ** 2;
        out[t * crops + c] = Math.sqrt(squares);
      }
    }
    before = data.slice(data.length - row);
  }
  for (const [v, { segments, crops }] of videos.entries())
    if (segments > 1) differences[v].copyWithin(0, crops, 2 * crops);
  return differences;
}

export interface Cleaning {
  /** Samples that stay, ascending, counted over all videos one after the other. */
  kept: Int32Array;
  /** Differences of all samples at 10, 50 and 90 %. */
  quantiles: [number, number, number];
}

/** Largest difference of one video: |mean + 0.1 standard deviations| of its own, not reached (methods.md 1.5). */
function ownLimit(differences: Float64Array): number {
  const { mean, variance } = fitGaussian(differences);
  return Math.abs(mean + 0.1 * Math.sqrt(variance));
}

/** @param videos at least one segment each. @throws AppError `cancelled` */
export async function cleanedSamples(
  videos: readonly FeatureVideo[],
  {
    cleaning,
    cleaningShare,
    cleaningDifference,
  }: Pick<GclConfig, 'cleaning' | 'cleaningShare' | 'cleaningDifference'>,
  watch: Watch,
): Promise<Cleaning> {
  const perVideo = await temporalDifferences(videos, watch);
  const all = new Float64Array(perVideo.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of perVideo) {
    all.set(part, at);
    at += part.length;
  }
  const limit = cleaning === 'fixed' ? cleaningDifference : percentile(all, 100 * cleaningShare);
  const kept: number[] = [];
  at = 0;
  for (const part of perVideo) {
    const own = cleaning === 'video' ? ownLimit(part) : limit;
    for (const difference of part) {
      // Where nothing ever changes the video's own limit is 0, and nothing lies below it.
      if (cleaning === 'video' && own > 0 ? difference < own : difference <= own) kept.push(at);
      at++;
    }
  }
  return {
    kept: Int32Array.from(kept),
    quantiles: [percentile(all, 10), percentile(all, 50), percentile(all, 90)],
  };
}
