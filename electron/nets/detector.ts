// The detector of C2FPL (Al-lahham et al., WACV 2024, section 3.3; methods.md 2.4): a small fully connected network that
// gives every crop of a segment a probability; the probability of a segment is the mean over its crops.
// Role: parameters, initial values, the score step and the training step. Limits: no loop, no data, no schedule.
import { add, mean, mul, relu, reshape, sigmoid, sub, type Tensor } from '@tensorflow/tfjs-core';
import { differentiate, pick } from '../compute/autodiff.ts';
import type { Spec, Step, Values } from '../compute/device.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { xavierUniform, zeros } from '../compute/init.ts';
import type { Optimiser } from '../compute/optimisers.ts';
import type { Random } from '../compute/random.ts';
import { binaryCrossEntropy, linear, softmaxAlong } from './layers.ts';

/**
 * `off` is what all published code trains. `feature` weighs the units of each hidden layer by a softmax over the units,
 * `batch` by a softmax over the segments of the batch (at test: of the video), after Zaheer et al., CLAWS.
 */
export type Attention = 'off' | 'feature' | 'batch';

export interface DetectorShape {
  dim: number;
  hidden1: number;
  hidden2: number;
  attention: Attention;
}

type Tensors = Record<string, Tensor>;

/** Names and shapes of the parameters, those of PyTorch's state dictionary: weights `[out, in]`, biases `[out]`. */
export function detectorParameters({
  dim,
  hidden1,
  hidden2,
  attention,
}: DetectorShape): Record<string, Spec> {
  const layer = (name: string, inputs: number, outputs: number): Record<string, Spec> => ({
    [`${name}.weight`]: { shape: [outputs, inputs] },
    [`${name}.bias`]: { shape: [outputs] },
  });
  return {
    ...layer('fc1', dim, hidden1),
    ...layer('fc2', hidden1, hidden2),
    ...layer('fc3', hidden2, 1),
    ...(attention !== 'off' && {
      ...layer('fc_att1.0', dim, hidden1),
      ...layer('fc_att2.0', hidden1, hidden2),
    }),
  };
}

/** Trainable numbers of a detector: 1,065,537 for 2048-512-32-1 without attention, 2,131,041 with it. */
export function detectorParameterCount(shape: DetectorShape): number {
  return Object.values(detectorParameters(shape)).reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
}

/** Weights xavier uniform, biases 0. */
export function initDetector(shape: DetectorShape, random: Random): Record<string, Values> {
  return Object.fromEntries(
    Object.entries(detectorParameters(shape)).map(([name, spec]) => [
      name,
      name.endsWith('.bias') ? zeros(spec.shape) : xavierUniform(spec.shape, random),
    ]),
  );
}

interface Extent {
  /** Segments per call. */
  batch: number;
  crops: number;
}

interface Forward extends Extent {
  attention: Attention;
  /** Dropout masks of the hidden layers, `[batch * crops, width]`; none at test. */
  masks?: readonly [Tensor, Tensor];
  /** `[batch]`, 1 for a segment and 0 for padding, which a softmax over the batch must not see. */
  present?: Tensor;
}

function attend(hidden: Tensor, logits: Tensor, { attention, batch, crops, present }: Forward): Tensor {
  if (attention === 'feature') return add(mul(hidden, softmaxAlong(logits, 1)), hidden);
  const width = logits.shape[1]!;
  let perSegment = reshape(logits, [batch, crops, width]);
  // Far below any logit, so that padding takes no share of the softmax.
  if (present) perSegment = sub(perSegment, mul(reshape(sub(1, present), [batch, 1, 1]), 1e9));
  const weights = reshape(softmaxAlong(perSegment, 0), [batch * crops, width]);
  return add(mul(hidden, weights), hidden);
}

/** Probabilities of all crops, `[batch, crops]`, of features `[batch, crops, dim]`. */
function cropProbabilities(p: Tensors, features: Tensor, forward: Forward): Tensor {
  const { batch, crops, attention, masks } = forward;
  let x = reshape(features, [batch * crops, features.shape[2]!]);
  for (const i of [1, 2] as const) {
    let hidden = relu(linear(x, p[`fc${i}.weight`]!, p[`fc${i}.bias`]!));
    if (masks) hidden = mul(hidden, masks[i - 1]!);
    if (attention !== 'off') {
      hidden = attend(hidden, linear(x, p[`fc_att${i}.0.weight`]!, p[`fc_att${i}.0.bias`]!), forward);
    }
    x = hidden;
  }
  return reshape(sigmoid(linear(x, p['fc3.weight']!, p['fc3.bias']!)), [batch, crops]);
}

/**
 * Scores segments. Input `features` `[batch, crops, dim]`, and with attention `batch` also `present` `[batch]` (1 for a
 * segment, 0 for padding). Outputs `cropScores` `[batch, crops]` and `scores` `[batch]`, their mean (methods.md 2.6).
 */
export function detectorScoreStep(shape: DetectorShape, extent: Extent): Step {
  const { batch, crops } = extent;
  const { attention, dim } = shape;
  return {
    name: 'detector score',
    variables: detectorParameters(shape),
    inputs: {
      features: { shape: [batch, crops, dim] },
      ...(attention === 'batch' && { present: { shape: [batch] } }),
    },
    run(variables, { features, present }) {
      const cropScores = cropProbabilities(variables, features!, { ...extent, attention, present });
      return { outputs: { cropScores, scores: mean(cropScores, 1) } };
    },
  };
}

/** Shapes of the dropout masks that a training step takes, empty without dropout. */
export function detectorMasks(
  { hidden1, hidden2 }: DetectorShape,
  { batch, crops }: Extent,
  dropout: number,
): Record<string, Spec> {
  if (dropout === 0) return {};
  return { mask1: { shape: [batch * crops, hidden1] }, mask2: { shape: [batch * crops, hidden2] } };
}

/**
 * One update on a batch: mean binary cross-entropy between the labels and the crop means (methods.md 2.5).
 * Inputs `features` `[batch, crops, dim]`, `labels` `[batch]` in [0, 1], `learningRate` `[]` and the masks of
 * `detectorMasks`. Output `loss` `[]`, taken before the update.
 */
export function detectorTrainStep(
  shape: DetectorShape,
  extent: Extent,
  optimiser: Optimiser,
  dropout: number,
): Step {
  const { batch, crops } = extent;
  const parameters = detectorParameters(shape);
  const slots = optimiser.slots(parameters);
  return {
    name: 'detector training',
    variables: { ...parameters, ...slots },
    inputs: {
      features: { shape: [batch, crops, shape.dim] },
      labels: { shape: [batch] },
      learningRate: { shape: [] },
      ...detectorMasks(shape, extent, dropout),
    },
    run(variables, { features, labels, learningRate, mask1, mask2 }) {
      const masks = mask1 && mask2 ? ([mask1, mask2] as const) : undefined;
      const { loss, gradients } = differentiate(pick(variables, parameters), (p) => {
        const scores = mean(
          cropProbabilities(p, features!, { ...extent, attention: shape.attention, masks }),
          1,
        );
        return { loss: binaryCrossEntropy(scores, labels!) };
      });
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
