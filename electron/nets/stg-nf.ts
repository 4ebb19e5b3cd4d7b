// STG-NF (Hirschorn and Avidan, ICCV 2023; methods.md 3.5): a normalising flow over pose segments whose coupling is a
// spatio-temporal graph convolution.
// Role: the flow as a pure function, its likelihood and loss, and the steps that initialise, train and evaluate it.
// Limits: the published settings only (uniform adjacency, channels swapped, one block per coupling); no loop and no data.
//
// Four facts about the published network make this one small and fast, without changing what it computes:
// - The uniform adjacency is a mean over joints, so all joints share what follows it. The whole path through the
//   convolution over time runs once per frame instead of once per joint.
// - A pointwise convolution of one channel followed by batch norm is an affine map of that channel, so the batch needs
//   only its mean and variance, and the bias of the convolution cancels (its gradient is exactly 0).
// - Convolving a short segment over time is one product with a banded matrix.
// - ActNorm is an affine map with two numbers per channel, so it is carried along as these and never applied by itself.
// Full-size tensors are kept `[joints, batch * frames]`, so that what joints share broadcasts over contiguous rows.
import {
  add,
  concat,
  div,
  exp,
  log,
  matMul,
  maximum,
  mean,
  mul,
  neg,
  relu,
  reshape,
  type Scalar,
  scalar,
  sign,
  split,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tensor2d,
  tile,
  transpose,
} from '@tensorflow/tfjs-core';
import { differentiate } from '../compute/autodiff.ts';
import type { Spec, Step } from '../compute/device.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { clipByGlobalNorm, type Optimiser } from '../compute/optimisers.ts';
import { rectified, scaled, sigmoidAbove, sumOfLogs, varianceAround } from './stg-nf-operations.ts';
import {
  type Entry,
  JOINTS,
  type StgNfShape,
  stepName,
  stgNfBufferCount,
  stgNfBuffers,
  stgNfParameterCount,
  stgNfParameters,
  temporalKernel,
} from './stg-nf-state.ts';

const NORM_EPS = 1e-5;
const NORM_MOMENTUM = 0.1;
/** The published prior divides by its variance plus this. */
const PRIOR_EPS = 1e-6;
/** Gradients are clipped together to this norm in training. */
export const STG_NF_CLIP = 100;

type Tensors = Record<string, Tensor>;

/**
 * `evaluate` normalises by the running statistics, `train` by those of the batch. `initialise` is `train` in which ActNorm
 * takes its values from the batch: what the published code does on its first batch.
 */
export type StgNfMode = 'evaluate' | 'train' | 'initialise';

export interface StgNfPass {
  /** Latent channels, `[joints, batch * frames]` each. */
  latent: [Tensor, Tensor];
  /** Of the flow alone, `[batch]`. */
  logDeterminant: Tensor;
  /** `[P]`: with ActNorm's new values in `initialise`, otherwise those that came in. */
  parameters: Tensor;
  /** `[Q]`: the running statistics after the pass; in `evaluate` those that came in. */
  buffers: Tensor;
}

interface Block {
  tensors: Tensors;
  mode: StgNfMode;
  batch: number;
  frames: number;
  /** Statistics of the batch by the name of the running one. */
  statistics: Tensors;
}

/** A channel `scale * values + offset`; `scale` and `offset` are scalars. */
interface Channel {
  values: Tensor;
  scale: Tensor;
  offset: Tensor;
}

interface Moments {
  average: Tensor;
  variance: Tensor;
}

/** Named tensors of a flat vector. */
function named(flat: Tensor, list: readonly Entry[]): Tensors {
  const parts = split(
    flat,
    list.map(({ shape }) => sizeOf(shape)),
  );
  return Object.fromEntries(list.map(({ name, shape }, i) => [name, reshape(parts[i], shape)]));
}

function flat(list: readonly Entry[], tensors: Tensors): Tensor {
  return concat(list.map(({ name }) => reshape(tensors[name], [-1])));
}

const pair = (t: Tensor): [Tensor, Tensor] => {
  const [first, second] = split(reshape(t, [2]), 2);
  return [reshape(first, []), reshape(second, [])];
};

/** gamma / sqrt(variance + eps). */
const normFactor = (gamma: Tensor, variance: Tensor): Tensor => div(gamma, sqrt(add(variance, NORM_EPS)));

/** Batch norm of two channels as an affine map. `moments` are those of the batch, `[2]`, without the bias before the norm. */
function normMap(
  block: Block,
  norm: string,
  bias: Tensor,
  moments: Moments,
): { scale: Tensor; offset: Tensor } {
  const { tensors, mode, statistics, batch, frames } = block;
  const [gamma, beta] = [tensors[`${norm}.weight`], tensors[`${norm}.bias`]];
  if (mode === 'evaluate') {
    const scale = normFactor(gamma, tensors[`${norm}.running_var`]);
    return { scale, offset: add(mul(scale, sub(bias, tensors[`${norm}.running_mean`])), beta) };
  }
  const { average, variance } = moments;
  const count = batch * frames * JOINTS;
  statistics[`${norm}.running_mean`] = add(average, bias);
  statistics[`${norm}.running_var`] = mul(variance, count / (count - 1));
  const scale = normFactor(gamma, variance);
  return { scale, offset: sub(beta, mul(scale, average)) };
}

/** Pointwise convolution from one channel to two and the batch norm behind it, as one affine map of the channel. */
function pointwiseMap(
  block: Block,
  convolution: string,
  norm: string,
  { average, variance }: Moments,
): { scale: Tensor; offset: Tensor } {
  const weight = reshape(block.tensors[`${convolution}.weight`], [2]);
  const { scale, offset } = normMap(block, norm, block.tensors[`${convolution}.bias`], {
    average: mul(weight, average),
    variance: mul(square(weight), variance),
  });
  return { scale: mul(scale, weight), offset };
}

/**
 * The matrix `[2L, 2L]` that convolves rows `[channel, frame]` over time with zero padding, from the kernel
 * `[out, in, K, 1]`. `selection` `[L * L, K]` says which kernel element joins which two frames.
 */
function bandMatrix(kernel: Tensor, selection: Tensor, frames: number): Tensor {
  const taps = kernel.shape[2]!;
  const bands = matMul(selection, reshape(kernel, [4, taps]), false, true);
  return reshape(transpose(reshape(bands, [frames, frames, 2, 2]), [3, 0, 2, 1]), [2 * frames, 2 * frames]);
}

/** 1 where frame `from` reaches frame `to` through tap `from - to + (K - 1) / 2`. Rows `from * L + to`. */
function tapSelection(frames: number, taps: number): Tensor {
  const data = new Float32Array(frames * frames * taps);
  for (let from = 0; from < frames; from++) {
    for (let to = 0; to < frames; to++) {
      const tap = from - to + (taps - 1) / 2;
      if (tap >= 0 && tap < taps) data[(from * frames + to) * taps + tap] = 1;
    }
  }
  return tensor2d(data, [frames * frames, taps]);
}

function moments(x: Tensor, axes?: number[]): Moments {
  const average = mean(x, axes, true);
  return { average, variance: mean(square(sub(x, average)), axes) };
}

/**
 * The path through graph and time: two channels shared by the joints, `[1, batch * frames]` each.
 * @param joint mean over the joints, `[batch, 1, frames]`, and its moments.
 */
function temporalPath(
  block: Block,
  name: string,
  joint: Tensor,
  ofJoint: Moments,
  selection: Tensor,
): [Tensor, Tensor] {
  const { tensors, batch, frames } = block;
  const column = (t: Tensor): Tensor => reshape(t, [2, 1]);
  const graph = pointwiseMap(block, `${name}.gcn.conv`, `${name}.tcn.0`, ofJoint);
  const hidden = relu(add(mul(joint, column(graph.scale)), column(graph.offset)));
  const band = bandMatrix(tensors[`${name}.tcn.2.weight`], selection, frames);
  const convolved = reshape(matMul(reshape(hidden, [batch, 2 * frames]), band), [batch, 2, frames]);
  const { average, variance } = moments(convolved, [0, 2]);
  const norm = normMap(block, `${name}.tcn.3`, tensors[`${name}.tcn.2.bias`], {
    average: reshape(average, [2]),
    variance,
  });
  const normalised = add(mul(convolved, column(norm.scale)), column(norm.offset));
  const [shift, logit] = split(normalised, 2, 1);
  return [reshape(shift, [1, batch * frames]), reshape(logit, [1, batch * frames])];
}

/** ActNorm's bias and log scale of one channel from the batch, so that it gets mean 0 and deviation 1. */
function fitActNorm({ values, scale, offset }: Channel): { bias: Tensor; logs: Tensor } {
  const { average, variance } = moments(values);
  const bias = neg(add(mul(reshape(average, []), scale), offset));
  return { bias, logs: neg(log(add(mul(sqrt(variance), scale), 1e-6))) };
}

const applied = ({ values, scale, offset }: Channel): Tensor => add(scaled(values, scale), offset);

/**
 * The flow. @param variables `parameters` `[P]` and `buffers` `[Q]`. @param x pose segments `[batch, 2, frames, joints]`.
 */
export function stgNfFlow(
  shape: StgNfShape,
  variables: { parameters: Tensor; buffers: Tensor },
  x: Tensor,
  mode: StgNfMode,
): StgNfPass {
  const parameterList = stgNfParameters(shape);
  const bufferList = stgNfBuffers(shape);
  const parameters = named(variables.parameters, parameterList);
  const buffers = named(variables.buffers, bufferList);
  const batch = x.shape[0]!;
  const frames = shape.segmentLength;
  const rows = batch * frames;
  const statistics: Tensors = {};
  const block: Block = { tensors: { ...buffers, ...parameters }, mode, batch, frames, statistics };
  const selection = tapSelection(frames, temporalKernel(shape));
  const fitted: Tensors = {};
  // Channel by channel: a transpose of matrices is several times faster than one of four axes.
  const [first, second] = split(x, 2, 1).map((channel) => transpose(reshape(channel, [rows, JOINTS])));
  let a: Channel = { values: first, scale: scalar(1), offset: scalar(0) };
  let b: Channel = { values: second, scale: scalar(1), offset: scalar(0) };
  // What makes up the log-determinant: the scales of the couplings, and what all samples share.
  const scales: Tensor[] = [];
  let common: Tensor = scalar(0);
  for (let k = 0; k < shape.steps; k++) {
    const name = stepName(k);
    let [biasA, biasB] = pair(parameters[`${name}.actnorm.bias`]);
    let [logsA, logsB] = pair(parameters[`${name}.actnorm.logs`]);
    if (mode === 'initialise') {
      ({ bias: biasA, logs: logsA } = fitActNorm(a));
      ({ bias: biasB, logs: logsB } = fitActNorm(b));
      fitted[`${name}.actnorm.bias`] = stack([biasA, biasB]);
      fitted[`${name}.actnorm.logs`] = stack([logsA, logsB]);
    }
    common = add(common, add(logsA, logsB));
    const actNorm = ({ values, scale, offset }: Channel, bias: Tensor, logs: Tensor): Channel => {
      const factor = exp(logs);
      return { values, scale: mul(scale, factor), offset: mul(add(offset, bias), factor) };
    };
    // Swapped: the second channel conditions the first.
    const z1 = actNorm(b, biasB, logsB);
    const z2 = actNorm(a, biasA, logsA);

    const jointValues = mean(z1.values, 0);
    const joint = reshape(add(mul(jointValues, z1.scale), z1.offset), [batch, 1, frames]);
    const ofJoint = moments(joint);
    let [shift, logit] = temporalPath(block, `${name}.block.0`, joint, ofJoint, selection);
    logit = add(logit, 2);
    if (k > 0) {
      const variance =
        mode === 'evaluate'
          ? scalar(0) // not asked for
          : mul(square(z1.scale), varianceAround(z1.values, mean(jointValues)));
      const residual = `${name}.block.0.residual`;
      const map = pointwiseMap(block, `${residual}.0`, `${residual}.1`, {
        average: reshape(ofJoint.average, []),
        variance,
      });
      const [slopes, offsets] = [pair(map.scale), pair(map.offset)];
      const through = (shared: Tensor, i: number): Tensor =>
        add(
          scaled(z1.values, mul(z1.scale, slopes[i])),
          add(shared, add(offsets[i], mul(z1.offset, slopes[i]))),
        );
      [shift, logit] = [through(shift, 0), through(logit, 1)];
    }
    const s = add(sigmoidAbove(logit, 2), 1e-6);
    scales.push(s);
    const moved = add(scaled(z2.values, z2.scale), add(rectified(shift), z2.offset));
    a = z1;
    b = { values: mul(moved, s), scale: scalar(1), offset: scalar(0) };
  }
  // The first coupling has no residual path: one value stands for all joints.
  const shared = mul(reshape(log(scales[0]), [rows]), JOINTS);
  const perFrame = scales.length > 1 ? add(shared, sumOfLogs(scales.slice(1))) : shared;
  const running =
    mode === 'evaluate'
      ? variables.buffers
      : add(mul(variables.buffers, 1 - NORM_MOMENTUM), mul(flat(bufferList, statistics), NORM_MOMENTUM));
  return {
    latent: [applied(a), b.values],
    logDeterminant: add(sum(reshape(perFrame, [batch, frames]), 1), mul(common, frames * JOINTS)),
    parameters:
      mode === 'initialise' ? flat(parameterList, { ...parameters, ...fitted }) : variables.parameters,
    buffers: running,
  };
}

/**
 * Negative log-likelihood in bits per dimension, `[batch]`, under a unit Gaussian around +R or -R.
 * @param labels `[batch]`, +1 for normal and -1 for abnormal samples. @param priorMean R.
 */
export function stgNfNll(
  { latent, logDeterminant }: StgNfPass,
  labels: Tensor,
  priorMean: number,
  { segmentLength }: StgNfShape,
): Tensor {
  const batch = labels.shape[0]!;
  const rows = batch * segmentLength;
  const centre = reshape(tile(mul(reshape(labels, [batch, 1]), priorMean), [1, segmentLength]), [1, rows]);
  const [first, second] = latent.map((z) => sum(square(sub(z, centre)), 0));
  const distance = sum(reshape(add(first, second), [batch, segmentLength]), 1);
  const dimensions = 2 * segmentLength * JOINTS;
  const gaussian = mul(add(mul(distance, 1 / (1 + PRIOR_EPS)), dimensions * Math.log(2 * Math.PI)), -0.5);
  return mul(add(logDeterminant, gaussian), -1 / (Math.LN2 * dimensions));
}

/**
 * The weighted loss of wOCC (Joint-VAD Eq 2; methods.md 3.2): mean of the weighted values that are not exactly 0; 0 if
 * none is left. @param nll and @param weights `[batch]`, weight v = 1 - w. @returns the loss and how many values it kept.
 */
export function weightedNllLoss(nll: Tensor, weights: Tensor): { loss: Scalar; kept: Scalar } {
  const weighted = mul(nll, weights);
  // Comparisons have no gradient in TF.js, the sign has one, which is 0.
  const kept = sum(square(sign(weighted))) as Scalar;
  return { loss: div(sum(weighted), maximum(kept, 1)) as Scalar, kept };
}

/** Shapes of the variables `parameters` and `buffers`. */
export function stgNfVariables(shape: StgNfShape): Record<'parameters' | 'buffers', Spec> {
  return {
    parameters: { shape: [stgNfParameterCount(shape)] },
    buffers: { shape: [stgNfBufferCount(shape)] },
  };
}

const segmentsSpec = (shape: StgNfShape, batch: number): Spec => ({
  shape: [batch, 2, shape.segmentLength, JOINTS],
});

/**
 * Sets ActNorm from the first training batch; everything else stays. Run it once, before the first training step, with
 * the batch of that step. Input `segments` `[batch, 2, L, 18]`, no outputs but `logDeterminant` `[batch]`.
 */
export function stgNfInitialiseStep(shape: StgNfShape, batch: number): Step {
  return {
    name: 'pose flow initialisation',
    variables: stgNfVariables(shape),
    inputs: { segments: segmentsSpec(shape, batch) },
    run({ parameters, buffers }, { segments }) {
      const pass = stgNfFlow(shape, { parameters, buffers }, segments, 'initialise');
      return {
        variables: { parameters: pass.parameters },
        outputs: { logDeterminant: pass.logDeterminant },
      };
    },
  };
}

/** Loss of a training batch, its gradient `[P]` and the running statistics `[Q]` after it. */
export function stgNfGradients(
  shape: StgNfShape,
  priorMean: number,
  variables: { parameters: Tensor; buffers: Tensor },
  batch: { segments: Tensor; labels: Tensor; weights: Tensor },
): { loss: Scalar; gradients: Tensor; buffers: Tensor } {
  const { buffers } = variables;
  const { loss, gradients, extras } = differentiate(
    { parameters: variables.parameters },
    ({ parameters }) => {
      const pass = stgNfFlow(shape, { parameters, buffers }, batch.segments, 'train');
      const nll = stgNfNll(pass, batch.labels, priorMean, shape);
      return { loss: weightedNllLoss(nll, batch.weights).loss, extras: { buffers: pass.buffers } };
    },
  );
  return { loss, gradients: gradients.parameters, buffers: extras.buffers };
}

/**
 * One update with batch statistics; gradients are clipped to a common norm of 100. Inputs `segments` `[batch, 2, L, 18]`,
 * `labels` `[batch]` (+1, or -1 for known anomalies), `weights` `[batch]` (1 without weighting), `learningRate` `[]`.
 * Output `loss` `[]`, before the update. A last, smaller batch needs a step of its own: padding would enter its statistics.
 * @param optimiser published: Adamax. @param priorMean R: 3, or 10 with known anomalies.
 */
export function stgNfTrainStep(
  shape: StgNfShape,
  batch: number,
  optimiser: Optimiser,
  priorMean: number,
): Step {
  const specs = stgNfVariables(shape);
  const slots = optimiser.slots({ parameters: specs.parameters });
  return {
    name: 'pose flow training',
    variables: { ...specs, ...slots },
    inputs: {
      segments: segmentsSpec(shape, batch),
      labels: { shape: [batch] },
      weights: { shape: [batch] },
      learningRate: { shape: [] },
    },
    run(variables, { segments, labels, weights, learningRate }) {
      const { parameters, buffers: running } = variables;
      const { loss, gradients, buffers } = stgNfGradients(
        shape,
        priorMean,
        { parameters, buffers: running },
        {
          segments,
          labels,
          weights,
        },
      );
      const clipped = clipByGlobalNorm({ parameters: gradients }, STG_NF_CLIP);
      const updated = optimiser.update(
        { parameters },
        clipped.gradients,
        Object.fromEntries(Object.keys(slots).map((name) => [name, variables[name]])),
        learningRate,
      );
      return { variables: { ...updated.parameters, ...updated.slots, buffers }, outputs: { loss } };
    },
  };
}

/**
 * Likelihoods with running statistics. Inputs `segments` `[batch, 2, L, 18]`, `labels` `[batch]` (+1 for scoring).
 * Outputs `nll` `[batch]` in bits per dimension (the score of a segment is -nll), `logDeterminant` `[batch]` and
 * `latent` `[batch, 2, L, 18]`.
 */
export function stgNfEvaluateStep(shape: StgNfShape, batch: number, priorMean: number): Step {
  const frames = shape.segmentLength;
  return {
    name: 'pose flow evaluation',
    variables: stgNfVariables(shape),
    inputs: { segments: segmentsSpec(shape, batch), labels: { shape: [batch] } },
    run({ parameters, buffers }, { segments, labels }) {
      const pass = stgNfFlow(shape, { parameters, buffers }, segments, 'evaluate');
      return {
        outputs: {
          nll: stgNfNll(pass, labels, priorMean, shape),
          logDeterminant: pass.logDeterminant,
          latent: stgNfLatent(pass, batch, frames),
        },
      };
    },
  };
}

/** Latent values in the order of the segments, `[batch, 2, frames, joints]`. */
export function stgNfLatent({ latent }: StgNfPass, batch: number, frames: number): Tensor {
  return transpose(reshape(concat(latent), [2, JOINTS, batch, frames]), [2, 0, 3, 1]);
}
