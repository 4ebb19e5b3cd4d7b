// The training steps of generator and discriminator (methods.md 1.4, 1.5) as graphs.
// Role: whose turn it is, what labels pass from one to the other, and the update. Limits: no loop, no data, no schedule.
//
// Neither network receives gradients through the other: labels are comparisons, which have none. A whole iteration is one
// graph, so that labels never leave the device; only with `replace` it is cut in two, because a partner for every
// anomalous sample is drawn by the host.
import {
  cast,
  div,
  equal,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  reshape,
  scalar,
  sigmoid,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { differentiate, pick } from '../../compute/autodiff.ts';
import type { Spec, Step } from '../../compute/device.ts';
import type { Optimiser } from '../../compute/optimisers.ts';
import { type ErrorNorm, rowErrors } from '../../nets/autoencoder.ts';
import { binaryCrossEntropy } from '../../nets/layers.ts';
import { type MlpShape, mlp, mlpParameters } from '../../nets/mlp.ts';
import { generatorLoss, generatorTargets, type PseudoTarget } from './negative-learning.ts';
import { batchLabels, batchThreshold, type ThresholdRule } from './thresholds.ts';

/** Prefixes of the parameter names. */
export const G = 'G.';
export const D = 'D.';

export interface StepOptions {
  generator: MlpShape;
  discriminator: MlpShape;
  errorNorm: ErrorNorm;
  target: PseudoTarget;
  ruleG: ThresholdRule;
  ruleD: ThresholdRule;
  /** The discriminator learns the errors themselves, scaled to [0, 1], in place of labels. */
  softLabels: boolean;
  /** Dropout rate of the discriminator. */
  dropout: number;
  optimiser: Optimiser;
}

type Tensors = Record<string, Tensor>;

/** Dropout masks that a step takes in which the discriminator learns; empty without dropout. */
export function discriminatorMasks(
  { discriminator, dropout }: Pick<StepOptions, 'discriminator' | 'dropout'>,
  batch: number,
): Record<string, Spec> {
  if (dropout === 0) return {};
  const hidden = discriminator.widths.slice(1, -1);
  return Object.fromEntries(hidden.map((width, i) => [`mask${i + 1}`, { shape: [batch, width] }]));
}

/** Errors of the generator, `[B]`. */
function errorsOf(variables: Tensors, features: Tensor, { generator, errorNorm }: StepOptions): Tensor {
  return rowErrors(mlp(variables, features, generator, G), features, errorNorm);
}

/** Probabilities of the discriminator, `[B]`. */
function probabilitiesOf(
  parameters: Tensors,
  features: Tensor,
  shape: MlpShape,
  masks: Tensor[] = [],
): Tensor {
  return reshape(sigmoid(mlp(parameters, features, shape, D, masks)), [features.shape[0]!]);
}

/** Errors as labels in [0, 1]: from the least to the largest of the batch. */
function softened(errors: Tensor, counted: Tensor): Tensor {
  const least = min(errors);
  return mul(div(sub(errors, least), maximum(sub(max(errors), least), scalar(1e-12))), counted);
}

interface DiscriminatorTurn {
  changed: Tensors;
  outputs: { errors: Tensor; thresholdG: Tensor; y: Tensor; lossD: Tensor };
}

/** Labels from the errors of the generator, and one update of the discriminator on them. */
function discriminatorTurn(variables: Tensors, inputs: Tensors, options: StepOptions): DiscriminatorTurn {
  const { discriminator, ruleG, softLabels, optimiser } = options;
  const { features, counted, learningRate } = inputs as Record<string, Tensor> & {
    features: Tensor;
    counted: Tensor;
    learningRate: Tensor;
  };
  const errors = errorsOf(variables, features, options);
  const thresholdG = batchThreshold(errors, counted, ruleG);
  const y = batchLabels(errors, counted, thresholdG);
  const wanted = softLabels ? softened(errors, counted) : y;
  const masks = Object.keys(discriminatorMasks(options, features.shape[0]!)).map((name) => inputs[name]!);
  const parameters = pick(variables, mlpParameters(discriminator, D));
  const { loss, gradients } = differentiate(parameters, (p) => ({
    loss: binaryCrossEntropy(probabilitiesOf(p, features, discriminator, masks), wanted),
  }));
  const slots = pick(variables, optimiser.slots(mlpParameters(discriminator, D)));
  const updated = optimiser.update(parameters, gradients, slots, learningRate);
  return {
    changed: { ...updated.parameters, ...updated.slots },
    outputs: { errors, thresholdG, y, lossD: loss },
  };
}

/** Labels from the discriminator, after its update. */
function verdict(
  parameters: Tensors,
  { features, counted }: Tensors,
  { discriminator, ruleD }: StepOptions,
): { probabilities: Tensor; thresholdD: Tensor; z: Tensor } {
  const probabilities = probabilitiesOf(parameters, features!, discriminator);
  const thresholdD = batchThreshold(probabilities, counted!, ruleD);
  return { probabilities, thresholdD, z: batchLabels(probabilities, counted!, thresholdD) };
}

/** One update of the generator, with pseudo targets for the samples that z calls anomalous. */
function generatorTurn(
  variables: Tensors,
  inputs: Tensors,
  z: Tensor,
  { generator, errorNorm, target, optimiser }: StepOptions,
): { changed: Tensors; lossG: Tensor } {
  const { features, learningRate, partners, noise } = inputs;
  const targets = generatorTargets(target, { features: features!, z, partners, noise });
  const parameters = pick(variables, mlpParameters(generator, G));
  const { loss, gradients } = differentiate(parameters, (p) => ({
    loss: generatorLoss(target, mlp(p, features!, generator, G), targets, z, errorNorm).loss,
  }));
  const slots = pick(variables, optimiser.slots(mlpParameters(generator, G)));
  const updated = optimiser.update(parameters, gradients, slots, learningRate!);
  return { changed: { ...updated.parameters, ...updated.slots }, lossG: loss };
}

function withSlots(parameters: Record<string, Spec>, optimiser: Optimiser): Record<string, Spec> {
  return { ...parameters, ...optimiser.slots(parameters) };
}

function commonInputs({ generator }: StepOptions, batch: number): Record<string, Spec> {
  return {
    features: { shape: [batch, generator.widths[0]] },
    counted: { shape: [batch] },
    learningRate: { shape: [] },
  };
}

/** What negative learning needs from the host besides the batch. */
export function targetInputs({ target, generator }: StepOptions, batch: number): Record<string, Spec> {
  if (target === 'replace') return { partners: { shape: [batch], dtype: 'int32' } };
  if (target === 'gaussian') return { noise: { shape: [batch, generator.widths[0]] } };
  return {};
}

/**
 * Pre-training of the discriminator with a frozen generator (methods.md 1.5, step B).
 * Inputs `features` `[B, D]`, `counted` `[B]` (0 for samples known to be normal), `learningRate` `[]` and the masks.
 * Outputs `lossD` `[]`, taken before the update, and `shareG` `[]`, the share labelled anomalous.
 */
export function discriminatorStep(options: StepOptions, batch: number): Step {
  const { generator, discriminator, optimiser } = options;
  return {
    name: 'discriminator training',
    variables: { ...mlpParameters(generator, G), ...withSlots(mlpParameters(discriminator, D), optimiser) },
    inputs: { ...commonInputs(options, batch), ...discriminatorMasks(options, batch) },
    run(variables, inputs) {
      const { changed, outputs } = discriminatorTurn(variables, inputs, options);
      return { variables: changed, outputs: { lossD: outputs.lossD, shareG: mean(outputs.y) } };
    },
  };
}

function iteration(options: StepOptions, batch: number, together: boolean): Step {
  const { generator, discriminator, optimiser } = options;
  const ofG = mlpParameters(generator, G);
  return {
    name: together ? 'cooperative iteration' : 'turn of the discriminator',
    variables: {
      ...(together ? withSlots(ofG, optimiser) : ofG),
      ...withSlots(mlpParameters(discriminator, D), optimiser),
    },
    inputs: {
      ...commonInputs(options, batch),
      ...discriminatorMasks(options, batch),
      ...(together && targetInputs(options, batch)),
    },
    run(variables, inputs) {
      const first = discriminatorTurn(variables, inputs, options);
      const judged = verdict(first.changed, inputs, options);
      const second = together ? generatorTurn(variables, inputs, judged.z, options) : null;
      return {
        variables: { ...first.changed, ...second?.changed },
        outputs: {
          ...first.outputs,
          ...judged,
          shareG: mean(first.outputs.y),
          shareD: mean(judged.z),
          agreement: mean(cast(equal(first.outputs.y, judged.z), 'float32')),
          ...(second && { lossG: second.lossG }),
        },
      };
    },
  };
}

/**
 * One cooperative iteration on a batch (methods.md 1.4): errors, labels y, an update of the discriminator, its
 * probabilities after it, labels z, an update of the generator.
 * Inputs as `discriminatorStep`, with `noise` `[B, D]` for the target `gaussian`. Not for `replace`.
 * Outputs `errors`, `y`, `probabilities`, `z` `[B]`; `thresholdG`, `lossD`, `thresholdD`, `lossG`, `shareG`, `shareD`,
 * `agreement` `[]`. Losses are those before the updates.
 */
export const cooperativeStep = (options: StepOptions, batch: number): Step => iteration(options, batch, true);

/** The first half of an iteration, up to z. Inputs and outputs as `cooperativeStep` without the generator's. */
export const discriminatorTurnStep = (options: StepOptions, batch: number): Step =>
  iteration(options, batch, false);

/**
 * The second half of an iteration. Inputs `features` `[B, D]`, `z` `[B]`, `learningRate` `[]`, and `partners` `[B]` for
 * `replace` or `noise` `[B, D]` for `gaussian`. Output `lossG` `[]`.
 */
export function generatorTurnStep(options: StepOptions, batch: number): Step {
  const { counted: _, ...inputs } = commonInputs(options, batch);
  return {
    name: 'turn of the generator',
    variables: withSlots(mlpParameters(options.generator, G), options.optimiser),
    inputs: { ...inputs, z: { shape: [batch] }, ...targetInputs(options, batch) },
    run(variables, given) {
      const { changed, lossG } = generatorTurn(variables, given, given.z!, options);
      return { variables: changed, outputs: { lossG } };
    },
  };
}

/**
 * Self-labelling (methods.md 1.7): the generator learns against its own thresholded errors, without a discriminator.
 * Inputs as `cooperativeStep`. Outputs `z` `[B]`, `lossG`, `shareG` `[]`.
 */
export function selfLabellingStep(options: StepOptions, batch: number): Step {
  return {
    name: 'self-labelling',
    variables: withSlots(mlpParameters(options.generator, G), options.optimiser),
    inputs: { ...commonInputs(options, batch), ...targetInputs(options, batch) },
    run(variables, inputs) {
      const errors = errorsOf(variables, inputs.features!, options);
      const counted = inputs.counted!;
      const z = batchLabels(errors, counted, batchThreshold(errors, counted, options.ruleG));
      const { changed, lossG } = generatorTurn(variables, inputs, z, options);
      return { variables: changed, outputs: { z, lossG, shareG: mean(z) } };
    },
  };
}

/** Labels of a batch from the errors alone, for the host to draw partners. Inputs `features`, `counted`; output `z` `[B]`. */
export function selfVerdictStep(options: StepOptions, batch: number): Step {
  const { learningRate: _, ...inputs } = commonInputs(options, batch);
  return {
    name: 'self-labelling verdict',
    variables: mlpParameters(options.generator, G),
    inputs,
    run(variables, { features, counted }) {
      const errors = errorsOf(variables, features!, options);
      const z = batchLabels(errors, counted!, batchThreshold(errors, counted!, options.ruleG));
      return { outputs: { z, shareG: mean(z) } };
    },
  };
}

/** Errors and probabilities of a batch, for the scores. Input `features` `[B, D]`; outputs `errors`, `probabilities` `[B]`. */
export function scoreStep(
  options: Pick<StepOptions, 'generator' | 'errorNorm'> & { discriminator: MlpShape | null },
  batch: number,
): Step {
  const { generator, discriminator, errorNorm } = options;
  return {
    name: 'generator and discriminator scores',
    variables: {
      ...mlpParameters(generator, G),
      ...(discriminator && mlpParameters(discriminator, D)),
    },
    inputs: { features: { shape: [batch, generator.widths[0]] } },
    run: (variables, { features }) => ({
      outputs: {
        errors: rowErrors(mlp(variables, features!, generator, G), features!, errorNorm),
        // The sigmoid of a runtime may miss 1 upwards by a rounding.
        ...(discriminator && {
          probabilities: minimum(probabilitiesOf(variables, features!, discriminator), scalar(1)),
        }),
      },
    }),
  };
}
