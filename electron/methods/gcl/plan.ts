// What a run will do: networks, stages, batches and epochs, with everything left to choose decided.
// Role: turns settings and the size of the pool into numbers. Limits: trains nothing.
import type { OptimiserConfig } from '../../compute/optimisers.ts';
import { type MlpShape, mlpParameterCount } from '../../nets/mlp.ts';
import type { GclConfig } from './config.ts';
import type { ThresholdRule } from './thresholds.ts';

export type StageName = 'autoencoder' | 'discriminator' | 'cooperation' | 'self';

export interface Stage {
  name: StageName;
  /** Samples it learns from. */
  samples: number;
  /** Samples per step; the last step of an epoch has the rest. */
  batch: number;
  stepsPerEpoch: number;
  epochs: number;
  learningRate: number;
  optimiser: OptimiserConfig;
}

export interface Plan {
  generator: MlpShape;
  /** Null for variants without one. */
  discriminator: MlpShape | null;
  stages: Stage[];
  score: GclConfig['score'];
  ruleG: ThresholdRule;
  ruleD: ThresholdRule;
  target: GclConfig['target'];
}

/** Dimensions from which the proportions of the paper make sense; below, its narrowest layers would have a few units. */
const MANY_DIMENSIONS = 256;
const PUBLISHED_EPOCHS = 15;
const PUBLISHED_BATCH = 8192;
/** Parameters from which the published learning rate suits; with far fewer it would hardly move them in a few hundred steps. */
const LARGE = 1e6;
/** Multiplications of one step that a processor of a few cores does in about a second. */
const WORK_PER_STEP = 4e10;

/** Which videos pre-train the generator; null for variants that do not. */
export function pretrainingOf(variant: GclConfig['variant']): 'all' | 'steady' | 'normal' | null {
  switch (variant) {
    case 'pt':
    case 'pt_only':
    case 'ws':
    case 'ae_td':
      return 'steady';
    case 'occ':
    case 'ae_occ':
      return 'normal';
    case 'ae_all':
      return 'all';
    default:
      return null;
  }
}

/** Widths of both networks for features of this dimension (methods.md 1.2). */
export function widthsFor(config: GclConfig, dim: number): { generator: number[]; discriminator: number[] } {
  const part = (divisor: number): number => Math.max(1, Math.floor(dim / divisor));
  const many = dim >= MANY_DIMENSIONS;
  const sizes = config.networks === 'auto' ? (many ? 'paper' : 'small') : config.networks;
  const hidden = {
    paper: { g: [part(2), part(4), part(8)], d: [part(4), part(64)] },
    small: many ? { g: [256, 64, 16], d: [128, 32] } : { g: [64, 16, 4], d: [64, 16] },
    custom: { g: [config.hiddenG1, config.hiddenG2, config.hiddenG3], d: [config.hiddenD1, config.hiddenD2] },
  }[sizes];
  const [outer, middle, narrow] = hidden.g;
  return {
    generator: [dim, outer, middle, narrow, middle, outer, dim],
    discriminator: [dim, ...hidden.d, 1],
  };
}

/** Batch size where none is set. */
function chosenBatch(samples: number, parameters: number): number {
  const affordable = Math.max(256, Math.floor(WORK_PER_STEP / (6 * parameters)));
  return Math.min(PUBLISHED_BATCH, affordable, Math.max(64, Math.ceil(samples / 4)));
}

/** A pool cut into batches of almost the same size, none above `largest`: a rest of a few samples has no statistics. */
export function cut(samples: number, largest: number): { batch: number; stepsPerEpoch: number } {
  const stepsPerEpoch = Math.max(1, Math.ceil(samples / largest));
  const batch = Math.ceil(samples / stepsPerEpoch);
  return { batch, stepsPerEpoch: Math.ceil(samples / batch) };
}

/**
 * @param dim of the features. @param samples of the pool: segments times crops. @param pretraining samples that pre-train
 * the generator. @param divisor of all batch sizes, above 1 where the device had too little memory.
 */
export function planFor(
  config: GclConfig,
  {
    dim,
    samples,
    pretraining,
    divisor,
  }: { dim: number; samples: number; pretraining: number; divisor: number },
): Plan {
  const { variant, momentum, steps } = config;
  const widths = widthsFor(config, dim);
  const generator: MlpShape = { widths: widths.generator, slope: config.slope };
  const alone = variant.startsWith('ae_') || variant === 'self_labels';
  const discriminator: MlpShape | null = alone ? null : { widths: widths.discriminator, slope: 0 };
  const parameters = mlpParameterCount(generator) + (discriminator ? mlpParameterCount(discriminator) : 0);
  const large = parameters > LARGE;
  const learningRate = config.learningRate || (large ? 2e-5 : 2e-4);
  const adam = config.optimiserA === 'adam';
  const rmsprop: OptimiserConfig = { name: 'rmsprop', alpha: config.rmspropAlpha, eps: 1e-8, momentum };
  const stage = (
    name: StageName,
    of: number,
    wanted: {
      batch: number;
      most: number;
      epochs: number;
      steps: number;
      learningRate: number;
      optimiser: OptimiserConfig;
    },
  ): Stage => {
    const largest = wanted.batch > 0 ? wanted.batch : Math.min(wanted.most, chosenBatch(of, parameters));
    const { batch, stepsPerEpoch } = cut(of, Math.max(1, Math.ceil(largest / divisor)));
    return {
      name,
      samples: of,
      batch,
      stepsPerEpoch,
      epochs:
        wanted.epochs > 0
          ? wanted.epochs
          : Math.max(PUBLISHED_EPOCHS, Math.ceil(wanted.steps / stepsPerEpoch)),
      learningRate: wanted.learningRate,
      optimiser: wanted.optimiser,
    };
  };

  const stages: Stage[] = [];
  if (pretrainingOf(variant) !== null) {
    stages.push(
      stage('autoencoder', pretraining, {
        batch: config.batchSizeA || config.batchSize,
        // Adam learns from small batches; labels, which need a mean and a spread, are not made here.
        most: adam ? 512 : PUBLISHED_BATCH,
        epochs: config.epochsA,
        steps: Math.ceil(1.5 * steps),
        learningRate: config.learningRateA || (adam ? (large ? 1e-4 : 1e-3) : learningRate),
        optimiser: adam ? { name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 } : rmsprop,
      }),
    );
  }
  if (discriminator && pretrainingOf(variant) !== null) {
    const last = variant === 'pt_only';
    stages.push(
      stage('discriminator', samples, {
        batch: config.batchSize,
        most: PUBLISHED_BATCH,
        epochs: config.epochsB,
        steps: last ? Math.ceil(1.5 * steps) : steps,
        learningRate: config.learningRateB || learningRate,
        optimiser: rmsprop,
      }),
    );
  }
  if (variant === 'self_labels' || (discriminator && variant !== 'pt_only')) {
    stages.push(
      stage(variant === 'self_labels' ? 'self' : 'cooperation', samples, {
        batch: config.batchSize,
        most: PUBLISHED_BATCH,
        epochs: config.epochs,
        steps,
        learningRate,
        optimiser: rmsprop,
      }),
    );
  }
  const rule = (kind: 'std' | 'share', factor: number, share: number): ThresholdRule =>
    kind === 'std' ? { kind, factor } : { kind, share };
  return {
    generator,
    discriminator,
    stages,
    score: discriminator ? config.score : 'generator',
    ruleG: rule(config.thresholdG, config.stdFactorG, config.shareG),
    ruleD: rule(config.thresholdD, config.stdFactorD, config.shareD),
    target: variant === 'no_nl' ? 'none' : config.target,
  };
}
