// Stage 1 of CU-Net: the multi-head generator, trained on pairs of videos (methods.md 4.2).
// Role: pools videos, draws pairs, trains. Limits: labels no clips; course.ts does, with the network left here.
import type { ComputeDevice, Values, Variables } from '../../compute/device.ts';
import { sizeOf } from '../../compute/graph/graph.ts';
import { allZeros } from '../../compute/init.ts';
import { createOptimiser, type Optimiser } from '../../compute/optimisers.ts';
import type { Random } from '../../compute/random.ts';
import { poolCrops } from '../../features/fixed-number.ts';
import type { Watch } from '../../features/passes.ts';
import { segmentPool } from '../../features/segment-pool.ts';
import type { FeatureVideo } from '../../features/types.ts';
import {
  initMultiHead,
  type MultiHeadExtent,
  type MultiHeadShape,
  multiHeadMasks,
  multiHeadParameters,
  multiHeadScoreStep,
  multiHeadTrainStep,
} from '../../nets/multi-head.ts';
import { drawEvenly, type EpochState, type Epochs, epochsFor, type Reports, runEpochs } from '../epochs.ts';
import type { VideoLabels } from '../video-labels.ts';
import { type ClipSource, clipSource } from './clips.ts';
import type { CuConfig } from './config.ts';
import type { ClipNetwork } from './passes.ts';

const FEWEST_EPOCHS = 100;
const FEWEST_STEPS = 400;

const optimiserOf = ({ generatorOptimiser: name }: Pick<CuConfig, 'generatorOptimiser'>): Optimiser =>
  createOptimiser(
    name === 'adam'
      ? { name, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 }
      : { name, rho: 0.9, eps: 1e-6 },
  );

/** One head and no extra losses for the variants without completeness. */
export function headsOf({ variant, heads, alpha }: Pick<CuConfig, 'variant' | 'heads' | 'alpha'>): {
  heads: number;
  alpha: number;
} {
  return variant === 'baseline' || variant === 'uncertainty' ? { heads: 1, alpha: 0 } : { heads, alpha };
}

export function generatorShape(config: CuConfig, dim: number): MultiHeadShape {
  const { generatorHidden1: hidden1, generatorHidden2: hidden2 } = config;
  return { heads: headsOf(config).heads, dim, hidden1, hidden2 };
}

/** Fresh weights and optimiser state. */
export function initGenerator(
  shape: MultiHeadShape,
  config: CuConfig,
  random: Random,
): Record<string, Values> {
  const slots = optimiserOf(config).slots(multiHeadParameters(shape));
  return { ...initMultiHead(shape, random), ...allZeros(slots) };
}

/** Labels of single clips: the network that was trained on pooled segments sees clips of the same dimension. */
export function generatorOverClips(
  shape: MultiHeadShape,
  videos: readonly FeatureVideo[],
): Pick<ClipNetwork, 'source' | 'step' | 'masks'> {
  const source: ClipSource = clipSource(videos, null);
  const extent = (batch: number): MultiHeadExtent => ({ videos: batch, crops: source.crops, segments: 1 });
  return {
    source,
    step: (batch, dropout) => multiHeadScoreStep(shape, extent(batch), dropout),
    masks: (batch, dropout) => multiHeadMasks(shape, extent(batch), dropout),
  };
}

export interface GeneratorPlan {
  /** Videos of each kind per step. */
  pairs: number;
  /** Steps per epoch. */
  steps: number;
  epochs: number;
  /** Segments that each video is pooled to. */
  segments: number;
}

/**
 * Videos are never pooled to more segments than the longest has: the rest would be repetitions.
 * @param divisor of the batches.
 */
export function generatorPlan(
  videos: readonly FeatureVideo[],
  { abnormal, normal }: Pick<VideoLabels, 'abnormal' | 'normal'>,
  config: Pick<CuConfig, 'pairs' | 'epochs' | 'segments'>,
  divisor: number,
): GeneratorPlan {
  const most = Math.max(abnormal.length, normal.length);
  const pairs = Math.min(Math.max(1, Math.floor(config.pairs / divisor)), most);
  const steps = Math.ceil(most / pairs);
  const epochs = epochsFor(config.epochs, steps, FEWEST_EPOCHS, FEWEST_STEPS);
  const longest = [...abnormal, ...normal].reduce((length, v) => Math.max(length, videos[v].segments), 1);
  return { pairs, steps, epochs, segments: Math.min(config.segments, longest) };
}

export interface GeneratorTraining {
  device: ComputeDevice;
  variables: Variables;
  videos: readonly FeatureVideo[];
  labels: VideoLabels;
  config: CuConfig;
  plan: GeneratorPlan;
}

/**
 * Trains the generator over `variables`, from `state` on. An epoch shows every labelled video at least once; where one
 * kind has fewer videos than the other, they come again.
 */
export async function trainGenerator(
  { device, variables, videos, labels, config, plan }: GeneratorTraining,
  state: EpochState,
  reports: Reports & Watch,
  write: () => Promise<Uint8Array>,
): Promise<void> {
  const { generatorDropout: dropout, norm, pairing, generatorCrops } = config;
  const { dim, crops } = videos[0];
  const shape = generatorShape(config, dim);
  const { pairs, steps, epochs, segments } = plan;
  // [crops, segments, dim] per video, as the network takes them.
  const trained = [...labels.abnormal, ...labels.normal];
  const own = trained.map((v) => videos[v]);
  const pool = segmentPool(await poolCrops(own, segments, reports));
  const placeOf = new Map(trained.map((v, i) => [v, i]));
  const seen = generatorCrops === 'all' ? crops : 1;
  const extent: MultiHeadExtent = { videos: 2 * pairs, crops: seen, segments };
  const compiled = await device.compile(
    multiHeadTrainStep(
      shape,
      extent,
      { pairing, norm, alpha: headsOf(config).alpha },
      optimiserOf(config),
      dropout,
    ),
    variables,
  );
  const features = new Float32Array(2 * pairs * seen * segments * dim);
  const masks = Object.fromEntries(
    Object.entries(multiHeadMasks(shape, extent, dropout)).map(([name, spec]) => [
      name,
      new Float32Array(sizeOf(spec.shape)),
    ]),
  );
  const learningRate = Float32Array.of(config.generatorRate);
  let [abnormal, normal] = [new Int32Array(), new Int32Array()];
  /** Samples of a step, video after video. @param cropOf the first crop that is seen of each. */
  const samplesOf = (index: number, cropOf: () => number): Int32Array => {
    const samples = new Int32Array(2 * pairs * seen * segments);
    for (let i = 0; i < 2 * pairs; i++) {
      const at = index * pairs + (i % pairs);
      const first = pool.offsets[placeOf.get(i < pairs ? abnormal[at] : normal[at])!] + cropOf() * segments;
      for (let k = 0; k < seen * segments; k++) samples[i * seen * segments + k] = first + k;
    }
    return samples;
  };
  const loop: Epochs<'mil' | 'diversity' | 'norm' | 'total'> = {
    title: 'Stage 1',
    epochs,
    steps,
    draw(random, from) {
      abnormal = drawEvenly(labels.abnormal, steps * pairs, random);
      normal = drawEvenly(labels.normal, steps * pairs, random);
      // Which crop a step sees is drawn when it begins, so that only whole videos can be read ahead.
      if (seen < crops) return;
      const rest = Array.from({ length: steps - from }, (_, i) => [...samplesOf(from + i, () => 0)]);
      pool.expect(Int32Array.from(rest.flat()));
    },
    async run(index, random) {
      pool.copy(
        samplesOf(index, () => (seen === crops ? 0 : random.integer(crops))),
        features,
      );
      for (const mask of Object.values(masks)) random.fillDropout(mask, dropout);
      const out = await compiled.run({ features, learningRate, ...masks });
      const share = ([value]: Float32Array): number => value / steps;
      return {
        mil: share(out.mil),
        diversity: share(out.diversity),
        norm: share(out.norm),
        total: share(out.total),
      };
    },
    curve: (x, { mil, diversity, norm: balance }) => [
      { series: 'stage 1: MIL loss', x, y: mil },
      ...(shape.heads > 1
        ? [
            { series: 'stage 1: diversity', x, y: diversity },
            { series: 'stage 1: norm term', x, y: balance },
          ]
        : []),
    ],
  };
  try {
    await runEpochs(loop, state, reports, write);
  } finally {
    pool.expect(new Int32Array(0));
    await compiled.dispose();
  }
}
