// The ranking network of Sultani et al. (CVPR 2018; methods.md 3.8): bags of segments whose highest score is to be higher
// in every abnormal bag than in every normal one.
// Role: parameters, initial values, the loss, the scoring and the training step. Limits: no loop, no data; the second layer
// has no activation, as published. Crops that show the whole picture are averaged by the caller; crops that are cells of it
// are scored each, and the three highest count.
import {
  add,
  max,
  mean,
  mul,
  relu,
  reshape,
  sigmoid,
  slice,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { differentiate, pick } from '../compute/autodiff.ts';
import type { Spec, Step, Values } from '../compute/device.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { xavierNormal, zeros } from '../compute/init.ts';
import type { Optimiser } from '../compute/optimisers.ts';
import type { Random } from '../compute/random.ts';
import { highestOfRows, linear, TOP_CROPS } from './layers.ts';

export interface SultaniShape {
  /** 4096 for C3D, 2048 for I3D. */
  dim: number;
  /** 512. */
  hidden1: number;
  /** 32. */
  hidden2: number;
}

/** Bags of one call: `[bags, segments, dim]`, or `[bags, segments, crops, dim]`; in training the abnormal ones come first. */
export interface SultaniExtent {
  bags: number;
  segments: number;
  /** Crops that are scored each; 1 if left out. */
  crops?: number;
}

export interface SultaniLossOptions {
  /** 1. */
  margin: number;
  /** Weight of the sum of the scores of abnormal bags, 8e-5. */
  lambdaSparse: number;
  /** Weight of the squared differences of neighbours in abnormal bags, 8e-5; 0 where bags have no order. */
  lambdaSmooth: number;
}

type Tensors = Record<string, Tensor>;

/** Names and shapes of the parameters: `fc1`, `fc2`, `fc3`, weights `[out, in]`, biases `[out]`. */
export function sultaniParameters({ dim, hidden1, hidden2 }: SultaniShape): Record<string, Spec> {
  const widths = [dim, hidden1, hidden2, 1];
  return Object.fromEntries(
    [1, 2, 3].flatMap((i): [string, Spec][] => [
      [`fc${i}.weight`, { shape: [widths[i], widths[i - 1]] }],
      [`fc${i}.bias`, { shape: [widths[i]] }],
    ]),
  );
}

/** Trainable numbers: 2,114,113 for 4096-512-32-1. */
export function sultaniParameterCount(shape: SultaniShape): number {
  return Object.values(sultaniParameters(shape)).reduce((total, spec) => total + sizeOf(spec.shape), 0);
}

/** Weights xavier (glorot) normal, biases 0. */
export function initSultani(shape: SultaniShape, random: Random): Record<string, Values> {
  return Object.fromEntries(
    Object.entries(sultaniParameters(shape)).map(([name, spec]) => [
      name,
      name.endsWith('.bias') ? zeros(spec.shape) : xavierNormal(spec.shape, random),
    ]),
  );
}

/** Shapes of the dropout masks of a training step, one row per segment and crop; empty without dropout (published: 0.6). */
export function sultaniMasks(
  { hidden1, hidden2 }: SultaniShape,
  { bags, segments, crops = 1 }: SultaniExtent,
  dropout: number,
): Record<string, Spec> {
  if (dropout === 0) return {};
  const rows = bags * segments * crops;
  return { mask1: { shape: [rows, hidden1] }, mask2: { shape: [rows, hidden2] } };
}

const featuresSpec = ({ dim }: SultaniShape, { bags, segments, crops = 1 }: SultaniExtent): Spec => ({
  shape: crops === 1 ? [bags, segments, dim] : [bags, segments, crops, dim],
});

/** Scores `[bags, segments]` in (0, 1). `masks` holds those of `sultaniMasks`, or none. */
function scoresOf(
  p: Tensors,
  features: Tensor,
  { bags, segments, crops = 1 }: SultaniExtent,
  masks: Tensors,
): Tensor {
  const layer = (i: number, x: Tensor): Tensor => linear(x, p[`fc${i}.weight`], p[`fc${i}.bias`]);
  const drop = (x: Tensor, mask: Tensor | undefined): Tensor => (mask ? mul(x, mask) : x);
  const rows = reshape(features, [bags * segments * crops, features.shape.at(-1)!]);
  const hidden1 = drop(relu(layer(1, rows)), masks.mask1);
  const hidden2 = drop(layer(2, hidden1), masks.mask2);
  const perCrop = sigmoid(layer(3, hidden2));
  if (crops === 1) return reshape(perCrop, [bags, segments]);
  return reshape(mean(highestOfRows(reshape(perCrop, [bags * segments, crops]), TOP_CROPS), 1), [
    bags,
    segments,
  ]);
}

/** Penalty l2 * (sum of the squares of the three weight matrices); biases are free. Published: l2 = 0.001. */
export function sultaniPenalty(parameters: Tensors, l2: number): Tensor {
  const squares = [1, 2, 3].map((i) => sum(square(parameters[`fc${i}.weight`])));
  return mul(
    squares.reduce((total, x) => add(total, x)),
    l2,
  );
}

export interface SultaniLosses {
  hinge: Tensor;
  /** With its factor, as `smoothness`. */
  sparsity: Tensor;
  smoothness: Tensor;
  total: Tensor;
}

/**
 * Losses of the scores of abnormal `[A, T]` and normal bags `[N, T]`, all scalars: max(0, margin - highest abnormal +
 * highest normal score) over all pairs, summed and divided by N; sums over abnormal bags for the two other terms.
 */
export function sultaniLosses(
  abnormal: Tensor,
  normal: Tensor,
  { margin, lambdaSparse, lambdaSmooth }: SultaniLossOptions,
): SultaniLosses {
  const [bags, segments] = abnormal.shape as [number, number];
  const count = normal.shape[0]!;
  const highest = reshape(max(abnormal, 1), [1, bags]);
  const wrong = add(sub(margin, highest), reshape(max(normal, 1), [count, 1]));
  const hinge = mul(sum(relu(wrong)), 1 / count);
  const sparsity = mul(sum(abnormal), lambdaSparse);
  const next = slice(abnormal, [0, 1], [bags, segments - 1]);
  const differences = sub(slice(abnormal, [0, 0], [bags, segments - 1]), next);
  const smoothness = mul(sum(square(differences)), lambdaSmooth);
  return { hinge, sparsity, smoothness, total: add(add(hinge, sparsity), smoothness) };
}

/** Scores bags. Input `features` `[bags, segments, dim]` (with crops `[bags, segments, crops, dim]`); output `scores` `[bags, segments]`. */
export function sultaniScoreStep(shape: SultaniShape, extent: SultaniExtent): Step {
  return {
    name: 'ranking score',
    variables: sultaniParameters(shape),
    inputs: { features: featuresSpec(shape, extent) },
    run: (variables, { features }) => ({ outputs: { scores: scoresOf(variables, features, extent, {}) } }),
  };
}

/**
 * One update on a batch whose first `abnormal` bags are the abnormal ones. Inputs `features` as for scoring,
 * `learningRate` `[]` and the masks of `sultaniMasks`. Outputs `hinge`, `sparsity`, `smoothness`, `penalty` and `total`
 * `[]`, their sum, taken before the update.
 */
export function sultaniTrainStep(
  shape: SultaniShape,
  extent: SultaniExtent & { abnormal: number },
  options: SultaniLossOptions & { l2: number },
  optimiser: Optimiser,
  dropout: number,
): Step {
  const { bags, segments, abnormal } = extent;
  const parameters = sultaniParameters(shape);
  const slots = optimiser.slots(parameters);
  return {
    name: 'ranking training',
    variables: { ...parameters, ...slots },
    inputs: {
      features: featuresSpec(shape, extent),
      learningRate: { shape: [] },
      ...sultaniMasks(shape, extent, dropout),
    },
    run(variables, { features, learningRate, ...masks }) {
      const { loss, gradients, extras } = differentiate(pick(variables, parameters), (p) => {
        const scores = scoresOf(p, features, extent, masks);
        const { total, ...terms } = sultaniLosses(
          slice(scores, [0, 0], [abnormal, segments]),
          slice(scores, [abnormal, 0], [bags - abnormal, segments]),
          options,
        );
        const penalty = sultaniPenalty(p, options.l2);
        return { loss: add(total, penalty), extras: { ...terms, penalty } };
      });
      const updated = optimiser.update(
        pick(variables, parameters),
        gradients,
        pick(variables, slots),
        learningRate,
      );
      return { variables: { ...updated.parameters, ...updated.slots }, outputs: { ...extras, total: loss } };
    },
  };
}
