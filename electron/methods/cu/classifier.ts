// Stage 2 of CU-Net: the clip classifier, trained on the soft labels of chosen clips (methods.md 4.5).
// Role: draws clips and crops, trains. Limits: chooses and labels no clips; course.ts does.
import type { ComputeDevice, Values, Variables } from '../../compute/device.ts';
import { sizeOf } from '../../compute/graph/graph.ts';
import { allZeros } from '../../compute/init.ts';
import { createOptimiser, type Optimiser } from '../../compute/optimisers.ts';
import type { Random } from '../../compute/random.ts';
import type { FeatureVideo } from '../../features/types.ts';
import {
  type ClipClassifierShape,
  clipClassifierMasks,
  clipClassifierParameters,
  clipClassifierScoreStep,
  clipClassifierTrainStep,
  initClipClassifier,
} from '../../nets/clip-classifier.ts';
import { drawEvenly, type EpochState, type Epochs, epochsFor, type Reports, runEpochs } from '../epochs.ts';
import { type ClipSource, clipSource } from './clips.ts';
import type { CuConfig } from './config.ts';
import type { ClipNetwork } from './passes.ts';

const FEWEST_EPOCHS = 10;
const FEWEST_STEPS = 300;

const optimiserOf = ({ weightDecay }: Pick<CuConfig, 'weightDecay'>): Optimiser =>
  createOptimiser({ name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay });

export function classifierShape(config: CuConfig, dim: number): ClipClassifierShape {
  const { classifierHidden1: hidden1, classifierHidden2: hidden2 } = config;
  return { inputDim: 2 * dim, hidden1, hidden2 };
}

/** Weights, fresh or as given, and a fresh optimiser state. */
export function initClassifier(
  shape: ClipClassifierShape,
  config: CuConfig,
  random: Random,
  previous: Record<string, Values> | null,
): Record<string, Values> {
  const parameters = clipClassifierParameters(shape);
  const kept = previous && Object.fromEntries(Object.keys(parameters).map((name) => [name, previous[name]]));
  return {
    ...(kept ?? initClipClassifier(shape, random)),
    ...allZeros(optimiserOf(config).slots(parameters)),
  };
}

/** The classifier over context features of all clips. */
export function classifierOverClips(
  shape: ClipClassifierShape,
  videos: readonly FeatureVideo[],
  { window }: Pick<CuConfig, 'window'>,
): Pick<ClipNetwork, 'source' | 'step' | 'masks'> {
  const source = clipSource(videos, window);
  const { crops } = source;
  return {
    source,
    step: (batch, dropout) => clipClassifierScoreStep(shape, { batch, crops }, dropout),
    masks: (batch, dropout) => clipClassifierMasks(shape, { batch, crops }, dropout),
  };
}

export interface ClassifierPlan {
  /** Clips per step. */
  batch: number;
  /** Steps per epoch. */
  steps: number;
  /** Epochs per round. */
  epochs: number;
}

/** @param chosen clips to train on. @param divisor of the batches. */
export function classifierPlan(
  chosen: number,
  config: Pick<CuConfig, 'batchSize' | 'roundEpochs'>,
  divisor: number,
): ClassifierPlan {
  const batch = Math.min(Math.max(1, Math.floor(config.batchSize / divisor)), chosen);
  const steps = Math.ceil(chosen / batch);
  return { batch, steps, epochs: epochsFor(config.roundEpochs, steps, FEWEST_EPOCHS, FEWEST_STEPS) };
}

export interface ClassifierTraining {
  device: ComputeDevice;
  variables: Variables;
  shape: ClipClassifierShape;
  source: ClipSource;
  /** Clips to train on. */
  chosen: readonly number[];
  /** Soft labels of all clips, `[M]`. */
  targets: Float32Array;
  config: CuConfig;
  round: number;
  plan: ClassifierPlan;
}

/** Trains the classifier of one round over `variables`, from `state` on. An epoch shows every chosen clip at least once. */
export async function trainClassifier(
  { device, variables, shape, source, chosen, targets, config, round, plan }: ClassifierTraining,
  state: EpochState,
  reports: Reports,
  write: () => Promise<Uint8Array>,
): Promise<void> {
  const { classifierDropout: dropout, classifierCrops, rounds } = config;
  const { batch, steps, epochs } = plan;
  const seen = classifierCrops === 'all' ? source.crops : 1;
  const extent = { batch, crops: seen };
  const compiled = await device.compile(
    clipClassifierTrainStep(shape, extent, optimiserOf(config), dropout),
    variables,
  );
  const { dim } = source;
  const features = new Float32Array(batch * seen * dim);
  const labels = new Float32Array(batch);
  const learningRate = Float32Array.of(config.learningRate);
  const masks = Object.fromEntries(
    Object.entries(clipClassifierMasks(shape, extent, dropout)).map(([name, spec]) => [
      name,
      new Float32Array(sizeOf(spec.shape)),
    ]),
  );
  let order = new Int32Array();
  const loop: Epochs<'loss'> = {
    title: `Stage 2, round ${round} of ${rounds}`,
    kind: 'Stage 2',
    epochs,
    steps,
    draw(random, from) {
      order = drawEvenly(chosen, steps * batch, random);
      source.expect(order.subarray(from * batch));
    },
    async run(index, random) {
      for (let i = 0; i < batch; i++) {
        const clip = order[index * batch + i];
        labels[i] = targets[clip];
        for (let c = 0; c < seen; c++) {
          const crop = seen === source.crops ? c : random.integer(source.crops);
          source.write(clip, crop, features, (i * seen + c) * dim);
        }
      }
      for (const mask of Object.values(masks)) random.fillDropout(mask, dropout);
      const { loss } = await compiled.run({ features, labels, learningRate, ...masks });
      return { loss: loss[0] / steps };
    },
    curve: (epoch, { loss }) => [
      { series: 'stage 2: classifier loss', x: (round - 1) * epochs + epoch, y: loss },
    ],
  };
  try {
    await runEpochs(loop, state, reports, write);
  } finally {
    source.expect(new Int32Array(0));
    await compiled.dispose();
  }
}
