// Autoencoder ensemble: what small networks with a narrow middle cannot redraw (default-extractor-v2.md 3.1).
// Role: joins scaling, training and scores, and says what came out. Limits: each step is a module of its own.
import { AppError } from '../../../shared/errors.ts';
import { writeBundle } from '../../compute/bundle.ts';
import type { Values } from '../../compute/device.ts';
import { aggregateCrops, cropNorms } from '../../features/aggregate.ts';
import { extractorNamed } from '../../features/extractors.ts';
import { scaleFeatures } from '../../features/scaling.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { cropOutput } from '../crop-output.ts';
import type { Method, TrainInput, TrainOutput } from '../method.ts';
import { memberPrefix, withPrefix } from './checkpoint.ts';
import { type AeConfig, aeConfig, aeInfo } from './config.ts';
import { trainEnsemble } from './training.ts';

/** A network whose mean error is a larger part of the mean length of its inputs has learned next to nothing. */
const DEAD = 0.5;

export const ae: Method<AeConfig> = {
  info: aeInfo,
  config: aeConfig,
  needsDevice: true,
  defaultsFor(extractor) {
    const known = extractorNamed(extractor);
    return known
      ? {
          values: { aggregation: known.aggregation },
          why: `${known.name} divides the picture into ${known.crops} cells, and an object fills few of them.`,
        }
      : { values: { aggregation: 'mean' }, why: 'Crops of imported features all show most of the picture.' };
  },
  train: run,
};

function meanOf(parts: readonly Float32Array[]): number {
  let sum = 0;
  let count = 0;
  for (const part of parts) {
    for (const value of part) sum += value;
    count += part.length;
  }
  return count > 0 ? sum / count : 0;
}

/** Mean over networks of error / mean error of the network, so that each has the same say. */
function ensembleScores(errors: readonly Float32Array[][], means: readonly number[]): Float32Array[] {
  return errors[0].map((first, v) =>
    Float32Array.from(first, (_, i) => {
      let sum = 0;
      for (const [m, mean] of means.entries()) if (mean > 0) sum += errors[m][v][i] / mean;
      return sum / means.length;
    }),
  );
}

/** How much the networks disagree: standard deviation of a segment's score over them, on the scale of the scores. */
function disagreement(
  { segments, crops }: FeatureVideo,
  errors: readonly Float32Array[],
  means: readonly number[],
  aggregation: AeConfig['aggregation'],
  unit: number,
): Float32Array {
  const scores = errors.map((own) => aggregateCrops(own, segments, crops, aggregation));
  return Float32Array.from({ length: segments }, (_, t) => {
    const each = scores.map((own, m) => (means[m] > 0 ? own[t] / means[m] : 0));
    const mean = each.reduce((a, b) => a + b, 0) / each.length;
    const squares = each.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    return Math.sqrt(squares / (each.length - 1)) / unit;
  });
}

/** Indices of the `count` networks with the smallest mean error, in the order of their training. */
const bestOf = (means: readonly number[], count: number): number[] =>
  [...means.keys()]
    .sort((a, b) => means[a] - means[b] || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);

function deadNote(dead: readonly number[], config: AeConfig): string[] {
  if (config.steps === 0) {
    return ['The networks are untrained: this run is a control that shows what training adds.'];
  }
  if (dead.length === 0) return [];
  return [
    `Network ${dead.join(', ')} of ${config.members * config.starts} learned next to nothing: its mean error is more than half of the mean length of the features. Take more steps or another seed.`,
  ];
}

async function run(input: TrainInput, config: AeConfig): Promise<TrainOutput> {
  const { device, extractor } = input;
  if (input.videos.every(({ segments }) => segments === 0)) {
    throw new AppError(
      'bad_input',
      'None of the videos has a segment. Import videos of at least 16 frames, or features.',
    );
  }
  if (!device) throw new AppError('unavailable', 'The autoencoder ensemble needs a device to train on.');
  const { videos, scale } = await scaleFeatures(input.videos, extractor, 'pool', input);
  const trained = await trainEnsemble({
    ...input,
    videos,
    device,
    config: { ...config, members: config.members * config.starts },
    scale: scale.r,
  });
  const { shape, losses } = trained;
  const allMeans = trained.errors.map(meanOf);
  const kept = bestOf(allMeans, config.members);
  const [members, errors, means] = [trained.members, trained.errors, allMeans].map((list) =>
    kept.map((m) => list[m]),
  ) as [typeof trained.members, typeof trained.errors, number[]];
  const meanNorm = meanOf(await cropNorms(videos, input));
  // Counted from 1, as in the curves.
  const dead = kept.filter((m) => allMeans[m] > DEAD * meanNorm).map((m) => m + 1);
  const output = await cropOutput(videos, ensembleScores(errors, means), config, input);
  const { low, high } = output.range;
  const header = { extractor, shape, scale, means, range: output.range, divisors: output.divisors, config };
  const arrays: Record<string, Values> = {};
  for (const [m, member] of members.entries()) Object.assign(arrays, withPrefix(memberPrefix(m), member));
  return {
    videos: output.videos.map((video, v) => ({
      ...video,
      uncertainty:
        members.length > 1
          ? disagreement(
              videos[v],
              errors.map((own) => own[v]),
              means,
              config.aggregation,
              output.divisors[v] * (high - low),
            )
          : null,
    })),
    model: writeBundle({ format: 'ae model 1', ...header }, arrays),
    threshold: output.threshold,
    notes: [...trained.notes, ...deadNote(dead, config), ...output.notes],
    provenance: {
      scale,
      widths: shape.widths,
      meanErrors: means,
      /** Mean errors of all networks that were trained, and which of them are kept, counted from 1. */
      trainedMeanErrors: allMeans,
      keptNetworks: kept.map((m) => m + 1),
      meanNorm,
      deadNetworks: dead,
      finalLosses: losses.map((own) => own.at(-1) ?? null),
      ...output.provenance,
    },
  };
}
