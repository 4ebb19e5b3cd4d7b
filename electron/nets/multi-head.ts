// The multi-head generator of CU-Net (Zhang et al., CVPR 2023, Eq 1-7; methods.md 4.2): K small networks look at the same
// segments, and two extra losses keep them from all finding the same part of an anomaly.
// Role: parameters, initial values, losses, the scoring and the training step. Limits: no loop, no data; heads give
// logits, without a sigmoid of their own, because after two sigmoids no label could leave (0.5, 0.731).
import {
  abs,
  add,
  concat,
  div,
  max,
  mean,
  mul,
  neg,
  relu,
  reshape,
  type Scalar,
  scalar,
  sigmoid,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { differentiate, pick } from '../compute/autodiff.ts';
import type { Spec, Step, Values } from '../compute/device.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { pytorchDefault } from '../compute/init.ts';
import type { Optimiser } from '../compute/optimisers.ts';
import type { Random } from '../compute/random.ts';
import { linear, softmaxAlong } from './layers.ts';

export interface MultiHeadShape {
  /** K. */
  heads: number;
  dim: number;
  hidden1: number;
  hidden2: number;
}

/** Features of one call: `[videos, crops, segments, dim]`, the crop axis before the segments. */
export interface MultiHeadExtent {
  videos: number;
  crops: number;
  segments: number;
}

/** How videos are paired in the ranking loss: the i-th abnormal with the i-th normal one, or each with each. */
export type Pairing = 'oneToOne' | 'allPairs';
/** Norm term: deviation of the heads' magnitudes (CMCS), or the difference of norms as Eq 3 is written. */
export type NormTerm = 'cmcs' | 'literal';

export interface GeneratorLossOptions {
  pairing: Pairing;
  norm: NormTerm;
  /** Weight of diversity and norm term together. */
  alpha: number;
}

type Tensors = Record<string, Tensor>;

/** Names and shapes of the parameters: `heads.<k>.fc{1,2,3}`, weights `[out, in]`, biases `[out]`. */
export function multiHeadParameters({ heads, dim, hidden1, hidden2 }: MultiHeadShape): Record<string, Spec> {
  const widths = [dim, hidden1, hidden2, 1];
  const specs: Record<string, Spec> = {};
  for (let k = 0; k < heads; k++) {
    for (const i of [1, 2, 3]) {
      specs[`heads.${k}.fc${i}.weight`] = { shape: [widths[i], widths[i - 1]] };
      specs[`heads.${k}.fc${i}.bias`] = { shape: [widths[i]] };
    }
  }
  return specs;
}

/** Trainable numbers: 2,229,762 for two heads of 2048-512-128-1. */
export function multiHeadParameterCount(shape: MultiHeadShape): number {
  return Object.values(multiHeadParameters(shape)).reduce((total, spec) => total + sizeOf(spec.shape), 0);
}

/** PyTorch's default (methods.md 0.6): weights and biases uniform in +-1/sqrt(inputs). */
export function initMultiHead(shape: MultiHeadShape, random: Random): Record<string, Values> {
  const inputs = [shape.dim, shape.hidden1, shape.hidden2];
  return Object.fromEntries(
    Object.entries(multiHeadParameters(shape)).map(([name, spec]) => {
      const layer = Number(/fc(\d)\.\w+$/.exec(name)![1]);
      return [name, pytorchDefault(spec.shape, inputs[layer - 1], random)];
    }),
  );
}

/** Shapes of the dropout masks, two per head and one row per segment and crop; empty without dropout. */
export function multiHeadMasks(
  { heads, hidden1, hidden2 }: MultiHeadShape,
  { videos, crops, segments }: MultiHeadExtent,
  dropout: number,
): Record<string, Spec> {
  if (dropout === 0) return {};
  const rows = videos * crops * segments;
  const specs: Record<string, Spec> = {};
  for (let k = 0; k < heads; k++) {
    specs[`mask1.${k}`] = { shape: [rows, hidden1] };
    specs[`mask2.${k}`] = { shape: [rows, hidden2] };
  }
  return specs;
}

/** Logits A `[videos, heads, segments]`, averaged over crops. `masks` holds those of `multiHeadMasks`, or none of them. */
function logitsOf(
  p: Tensors,
  features: Tensor,
  { heads, dim }: MultiHeadShape,
  { videos, crops, segments }: MultiHeadExtent,
  masks: Tensors,
): Tensor {
  const rows = reshape(features, [videos * crops * segments, dim]);
  const perHead: Tensor[] = [];
  for (let k = 0; k < heads; k++) {
    const layer = (i: number, x: Tensor): Tensor =>
      linear(x, p[`heads.${k}.fc${i}.weight`]!, p[`heads.${k}.fc${i}.bias`]!);
    const drop = (i: number, x: Tensor): Tensor => {
      const mask = masks[`mask${i}.${k}`];
      return mask ? mul(x, mask) : x;
    };
    const hidden = drop(2, layer(2, drop(1, relu(layer(1, rows)))));
    const logits = mean(reshape(layer(3, hidden), [videos, crops, segments]), 1);
    perHead.push(reshape(logits, [videos, 1, segments]));
  }
  return perHead.length === 1 ? perHead[0] : concat(perHead, 1);
}

/** Eq 4: label of each segment `[videos, segments]`, the sigmoid of the mean over heads. */
function labelsOf(logits: Tensor): Tensor {
  return sigmoid(mean(logits, 1));
}

/** Eq 2: mean cosine similarity of the heads' distributions over segments, per video; 0 for one head. */
function diversityOf(logits: Tensor): Tensor {
  const [, heads] = logits.shape as [number, number, number];
  if (heads === 1) return scalar(0);
  const q = softmaxAlong(logits, 2);
  const unit = div(q, sqrt(sum(square(q), 2, true)));
  // |sum of unit vectors|^2 = heads + 2 * (sum of the cosines of all pairs).
  const together = sum(square(sum(unit, 1)), 1);
  return mul(mean(sub(together, heads)), 1 / (heads * (heads - 1)));
}

/** Eq 3 in the form of CMCS or as written, mean over videos; 0 for one head. */
function normTermOf(logits: Tensor, form: NormTerm): Tensor {
  const heads = logits.shape[1]!;
  if (heads === 1) return scalar(0);
  if (form === 'cmcs') {
    const norms = mean(abs(logits), 2);
    return mean(abs(sub(norms, mean(norms, 1, true))));
  }
  const ofHeads = sqrt(sum(square(logits), 2));
  const ofMean = sqrt(sum(square(mean(logits, 1)), 1));
  return sub(mean(ofHeads), mean(ofMean));
}

/** Eq 6: max(0, 1 - highest abnormal label + highest normal label), mean over pairs. */
function rankingOf(abnormal: Tensor, normal: Tensor, pairing: Pairing): Tensor {
  let highest = max(labelsOf(abnormal), 1);
  if (pairing === 'allPairs') highest = reshape(highest, [abnormal.shape[0]!, 1]);
  return mean(relu(add(add(neg(highest), 1), max(labelsOf(normal), 1))));
}

export interface GeneratorLosses {
  mil: Tensor;
  diversity: Tensor;
  norm: Tensor;
  total: Tensor;
}

/**
 * The losses of stage 1 (Eq 2, 3, 6, 7). Diversity and norm term count abnormal and normal videos alike.
 * @param logits `[abnormal + normal, heads, segments]`, the abnormal videos first.
 * @param abnormal how many; with `oneToOne` as many as normal ones.
 */
export function generatorLosses(
  logits: Tensor,
  abnormal: number,
  { pairing, norm, alpha }: GeneratorLossOptions,
): GeneratorLosses {
  const [videos, heads, segments] = logits.shape as [number, number, number];
  const mil = rankingOf(
    slice(logits, [0, 0, 0], [abnormal, heads, segments]),
    slice(logits, [abnormal, 0, 0], [videos - abnormal, heads, segments]),
    pairing,
  );
  const diversity = diversityOf(logits);
  const normTerm = normTermOf(logits, norm);
  return { mil, diversity, norm: normTerm, total: add(mil, mul(add(diversity, normTerm), alpha)) };
}

/**
 * Labels segments. Inputs `features` `[videos, crops, segments, dim]` and, with dropout, the masks of `multiHeadMasks`.
 * Outputs `logits` and `distributions` (Eq 1) `[videos, heads, segments]`, `scores` `[videos, segments]` (Eq 4).
 */
export function multiHeadScoreStep(shape: MultiHeadShape, extent: MultiHeadExtent, dropout: number): Step {
  const { videos, crops, segments } = extent;
  return {
    name: 'generator score',
    variables: multiHeadParameters(shape),
    inputs: {
      features: { shape: [videos, crops, segments, shape.dim] },
      ...multiHeadMasks(shape, extent, dropout),
    },
    run(variables, { features, ...masks }) {
      const logits = logitsOf(variables, features!, shape, extent, masks);
      return { outputs: { logits, distributions: softmaxAlong(logits, 2), scores: labelsOf(logits) } };
    },
  };
}

/**
 * One update on a batch of pairs. Inputs `features` `[2 * pairs, crops, segments, dim]`, the abnormal videos first,
 * `learningRate` `[]` and the masks. Outputs `mil`, `diversity`, `norm` and `total` `[]`, taken before the update.
 */
export function multiHeadTrainStep(
  shape: MultiHeadShape,
  extent: MultiHeadExtent,
  options: GeneratorLossOptions,
  optimiser: Optimiser,
  dropout: number,
): Step {
  const { videos, crops, segments } = extent;
  const parameters = multiHeadParameters(shape);
  const slots = optimiser.slots(parameters);
  return {
    name: 'generator training',
    variables: { ...parameters, ...slots },
    inputs: {
      features: { shape: [videos, crops, segments, shape.dim] },
      learningRate: { shape: [] },
      ...multiHeadMasks(shape, extent, dropout),
    },
    run(variables, { features, learningRate, ...masks }) {
      const { loss, gradients, extras } = differentiate(pick(variables, parameters), (p) => {
        const logits = logitsOf(p, features!, shape, extent, masks);
        const { mil, diversity, norm, total } = generatorLosses(logits, videos / 2, options);
        return { loss: total as Scalar, extras: { mil, diversity, norm } };
      });
      const updated = optimiser.update(
        pick(variables, parameters),
        gradients,
        pick(variables, slots),
        learningRate!,
      );
      return { variables: { ...updated.parameters, ...updated.slots }, outputs: { ...extras, total: loss } };
    },
  };
}
