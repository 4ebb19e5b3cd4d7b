// The clip classifier of CU-Net's second stage (Zhang et al., CVPR 2023, section 3.3 and the published network;
// methods.md 4.5): three layers over the features of a clip and of the clips before it.
// Role: parameters, initial values, the scoring and the training step. Limits: no loop, no data; the published network has
// no activation after its second layer, and neither has this one.
import { mean, mul, relu, reshape, sigmoid, slice, sub, type Tensor } from '@tensorflow/tfjs-core';
import { differentiate, pick } from '../compute/autodiff.ts';
import type { Spec, Step, Values } from '../compute/device.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { pytorchDefault } from '../compute/init.ts';
import type { Optimiser } from '../compute/optimisers.ts';
import type { Random } from '../compute/random.ts';
import { binaryCrossEntropy, linear } from './layers.ts';

export interface ClipClassifierShape {
  /** Of the context features, twice that of the features. */
  inputDim: number;
  hidden1: number;
  hidden2: number;
}

export interface ClipExtent {
  /** Clips per call. */
  batch: number;
  crops: number;
}

type Tensors = Record<string, Tensor>;

/** Layer numbers of the published state dictionary, whose activations and dropout layers count too. */
const LAYERS = [0, 3, 5] as const;

/** Names and shapes of the parameters: weights `[out, in]`, biases `[out]`. */
export function clipClassifierParameters({
  inputDim,
  hidden1,
  hidden2,
}: ClipClassifierShape): Record<string, Spec> {
  const widths = [inputDim, hidden1, hidden2, 2];
  return Object.fromEntries(
    LAYERS.flatMap((layer, i) => [
      [`Regressor.${layer}.weight`, { shape: [widths[i + 1], widths[i]] }],
      [`Regressor.${layer}.bias`, { shape: [widths[i + 1]] }],
    ]),
  );
}

/** Trainable numbers: 2,114,146 for 4096-512-32-2. */
export function clipClassifierParameterCount(shape: ClipClassifierShape): number {
  return Object.values(clipClassifierParameters(shape)).reduce(
    (total, spec) => total + sizeOf(spec.shape),
    0,
  );
}

/** PyTorch's default (methods.md 0.6): weights and biases uniform in +-1/sqrt(inputs). */
export function initClipClassifier(shape: ClipClassifierShape, random: Random): Record<string, Values> {
  const parameters = clipClassifierParameters(shape);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, spec]) => {
      const inputs = parameters[name.replace('.bias', '.weight')].shape[1];
      return [name, pytorchDefault(spec.shape, inputs, random)];
    }),
  );
}

/** Shapes of the dropout masks, one row per clip and crop; empty without dropout. */
export function clipClassifierMasks(
  { hidden1, hidden2 }: ClipClassifierShape,
  { batch, crops }: ClipExtent,
  dropout: number,
): Record<string, Spec> {
  if (dropout === 0) return {};
  return { mask1: { shape: [batch * crops, hidden1] }, mask2: { shape: [batch * crops, hidden2] } };
}

/** Probability of an anomaly `[batch, crops]` of context features `[batch, crops, inputDim]`. */
function cropProbabilities(
  p: Tensors,
  features: Tensor,
  { batch, crops }: ClipExtent,
  masks: Tensors,
): Tensor {
  const drop = (x: Tensor, mask: Tensor | undefined): Tensor => (mask ? mul(x, mask) : x);
  const layer = (i: number, x: Tensor): Tensor =>
    linear(x, p[`Regressor.${i}.weight`]!, p[`Regressor.${i}.bias`]!);
  const rows = reshape(features, [batch * crops, features.shape[2]!]);
  const hidden = drop(layer(3, drop(relu(layer(0, rows)), masks.mask1)), masks.mask2);
  const logits = layer(5, hidden);
  // The second of two softmax components is the sigmoid of the difference.
  const difference = sub(slice(logits, [0, 1], [-1, 1]), slice(logits, [0, 0], [-1, 1]));
  return reshape(sigmoid(difference), [batch, crops]);
}

/**
 * Scores clips. Inputs `features` `[batch, crops, inputDim]` and, with dropout, the masks of `clipClassifierMasks`.
 * Outputs `cropScores` `[batch, crops]` and `scores` `[batch]`, their mean (methods.md 4.6).
 */
export function clipClassifierScoreStep(
  shape: ClipClassifierShape,
  extent: ClipExtent,
  dropout: number,
): Step {
  return {
    name: 'classifier score',
    variables: clipClassifierParameters(shape),
    inputs: {
      features: { shape: [extent.batch, extent.crops, shape.inputDim] },
      ...clipClassifierMasks(shape, extent, dropout),
    },
    run(variables, { features, ...masks }) {
      const cropScores = cropProbabilities(variables, features!, extent, masks);
      return { outputs: { cropScores, scores: mean(cropScores, 1) } };
    },
  };
}

/**
 * One update on a batch (Eq 11): mean binary cross-entropy between soft labels and the crop means. Inputs `features`
 * `[batch, crops, inputDim]`, `labels` `[batch]` in [0, 1], `learningRate` `[]` and the masks. Output `loss` `[]`, taken
 * before the update.
 */
export function clipClassifierTrainStep(
  shape: ClipClassifierShape,
  extent: ClipExtent,
  optimiser: Optimiser,
  dropout: number,
): Step {
  const parameters = clipClassifierParameters(shape);
  const slots = optimiser.slots(parameters);
  return {
    name: 'classifier training',
    variables: { ...parameters, ...slots },
    inputs: {
      features: { shape: [extent.batch, extent.crops, shape.inputDim] },
      labels: { shape: [extent.batch] },
      learningRate: { shape: [] },
      ...clipClassifierMasks(shape, extent, dropout),
    },
    run(variables, { features, labels, learningRate, ...masks }) {
      const { loss, gradients } = differentiate(pick(variables, parameters), (p) => ({
        loss: binaryCrossEntropy(mean(cropProbabilities(p, features!, extent, masks), 1), labels!),
      }));
      const updated = optimiser.update(
        pick(variables, parameters),
        gradients,
        pick(variables, slots),
        learningRate!,
      );
      return { variables: { ...updated.parameters, ...updated.slots }, outputs: { loss } };
    },
  };
}
