// Settings that belong to the features of the paper and mean nothing on others, said with figures.
// Role: measures the features and writes the sentences. Limits: changes no setting.
import { everyPart, type Watch } from '../../features/passes.ts';
import type { FeatureVideo } from '../../features/types.ts';
import type { Cleaning } from './cleaning.ts';

const MESSAGE = 'Measuring features';

export interface FeatureFigures {
  /** Mean of all numbers. */
  mean: number;
  /** Root mean square distance of a sample to the mean sample: how far samples are from each other. */
  spread: number;
  /** Root mean square distance of a sample to the vector of ones. */
  toOnes: number;
  /** Standard deviation of each dimension, `[dim]`. */
  deviations: Float32Array;
}

/** @param videos at least one sample. @throws AppError `cancelled` */
export async function measure(videos: readonly FeatureVideo[], watch: Watch): Promise<FeatureFigures> {
  const { dim } = videos[0];
  const sums = new Float64Array(dim);
  let samples = 0;
  for await (const { segments, crops, data } of everyPart(videos, watch, MESSAGE)) {
    samples += segments * crops;
    for (let i = 0; i < data.length; i++) sums[i % dim] += data[i];
  }
  const means = sums.map((sum) => sum / samples);
  // A second pass: squares of numbers of one size would cancel.
  const squares = new Float64Array(dim);
  for await (const { data } of everyPart(videos, watch, MESSAGE)) {
    for (let i = 0; i < data.length; i++) squares[i % dim] += (data[i] - means[i % dim]) ** 2;
  }
  const spread = squares.reduce((a, b) => a + b, 0) / samples;
  const offset = means.reduce((sum, mean) => sum + (1 - mean) ** 2, 0);
  return {
    mean: means.reduce((a, b) => a + b, 0) / dim,
    spread: Math.sqrt(spread),
    toOnes: Math.sqrt(spread + offset),
    deviations: Float32Array.from(squares, (sum) => Math.sqrt(sum / samples)),
  };
}

const figure = (x: number): string => String(Number(x.toPrecision(2)));
const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Below this many times the spread a vector of ones lies among the features. */
const AMONG = 2;
/** Above it nothing but the target decides what the generator learns. */
const FAR = 100;

/** Whether a vector of ones is something that normal samples are not. */
export function onesNote({ mean, spread, toOnes }: FeatureFigures): string | null {
  const ratio = toOnes / spread;
  const figures = `the features average ${figure(mean)}, lie ${figure(spread)} from each other and ${figure(toOnes)} from a vector of ones`;
  if (ratio < AMONG) {
    return `A vector of ones is no unusual target for these features: ${figures}. Negative learning then teaches the generator little; choose another scale of the features or another target.`;
  }
  if (ratio > FAR) {
    return `A vector of ones is very far from these features: ${figures}. Pulling anomalous samples there may be all the generator learns; compare with the target "Normal sample of the batch".`;
  }
  return null;
}

/** Whether a fixed largest difference separates anything. */
export function cleaningNote(limit: number, samples: number, { kept, quantiles }: Cleaning): string | null {
  const share = kept.length / samples;
  if (share >= 0.1 && share <= 0.99) return null;
  const [low, middle, high] = quantiles.map(figure);
  return `A largest difference of ${figure(limit)} keeps ${percent(share)} of the samples for pre-training: the differences of these features are ${low}, ${middle} and ${high} at 10, 50 and 90 %. Choose "A share that changes least" instead.`;
}
