// STG-NF (Hirschorn and Avidan, ICCV 2023; methods.md 3.5): a normalising flow over pose segments whose coupling is a
// spatio-temporal graph convolution.
// Role: the flow as a pure function, its likelihood and loss, and the steps that initialise, train and evaluate it.
// Limits: the published settings only (uniform adjacency, channels swapped, one block per coupling); no loop and no data.
//
// Three facts about the published network make this one small and fast, without changing what it computes:
// - The uniform adjacency is a mean over joints, so all joints share what follows it. The whole path through the
//   convolution over time runs once per frame instead of once per joint.
// - A pointwise convolution of one channel followed by batch norm is an affine map of that channel, so the batch needs
//   only its mean and variance, and the bias of the convolution cancels (its gradient is exactly 0).
// - Convolving a short segment over time is one product with a banded matrix.
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
  sigmoid,
  sign,
  split,
  sqrt,
  square,
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
  shape: StgNfShape;
  updated: Tensors;
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

/** Keeps the running statistics of a batch norm over two channels; `count` values made the biased `variance` `[2]`. */
function track(block: Block, name: string, average: Tensor, variance: Tensor, count: number): void {
  const carry = (old: Tensor, now: Tensor): Tensor =>
    add(mul(old, 1 - NORM_MOMENTUM), mul(now, NORM_MOMENTUM));
  const means = `${name}.running_mean`;
  const variances = `${name}.running_var`;
  block.updated[means] = carry(block.tensors[means], average);
  block.updated[variances] = carry(block.tensors[variances], mul(variance, count / Math.max(1, count - 1)));
}

/**
 * Pointwise convolution from one channel to two, then batch norm, as one affine map of the channel.
 * @param x the channel, any shape. @param repeats how often each of its values occurs in the published tensor.
 * @returns x without its mean (in evaluation x itself), and `scale` and `offset` `[2]` of the map of that.
 */
function affineNorm(
  block: Block,
  convolution: string,
  norm: string,
  x: Tensor,
  repeats: number,
): { centred: Tensor; scale: Tensor; offset: Tensor } {
  const { tensors } = block;
  const weight = reshape(tensors[`${convolution}.weight`], [2]);
  const bias = tensors[`${convolution}.bias`];
  const [gamma, beta] = [tensors[`${norm}.weight`], tensors[`${norm}.bias`]];
  if (block.mode === 'evaluate') {
    const factor = normFactor(gamma, tensors[`${norm}.running_var`]);
    return {
      centred: x,
      scale: mul(factor, weight),
      offset: add(mul(factor, sub(bias, tensors[`${norm}.running_mean`])), beta),
    };
  }
  const average = mean(x);
  const centred = sub(x, average);
  const variance = mul(square(weight), mean(square(centred)));
  track(block, norm, add(mul(weight, average), bias), variance, x.size * repeats);
  return { centred, scale: mul(normFactor(gamma, variance), weight), offset: beta };
}

/** gamma / sqrt(variance + eps). */
const normFactor = (gamma: Tensor, variance: Tensor): Tensor => div(gamma, sqrt(add(variance, NORM_EPS)));

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

/** The path through graph and time: two channels shared by the joints, `[1, batch * frames]` each. */
function temporalPath(block: Block, name: string, z: Tensor, selection: Tensor): [Tensor, Tensor] {
  const { tensors, batch, shape, mode } = block;
  const frames = shape.segmentLength;
  const joint = reshape(mean(z, 0), [batch, 1, frames]);
  const graph = affineNorm(block, `${name}.gcn.conv`, `${name}.tcn.0`, joint, JOINTS);
  const hidden = relu(add(mul(graph.centred, reshape(graph.scale, [2, 1])), reshape(graph.offset, [2, 1])));
  const band = bandMatrix(tensors[`${name}.tcn.2.weight`], selection, frames);
  const convolved = reshape(matMul(reshape(hidden, [batch, 2 * frames]), band), [batch, 2, frames]);
  const bias = tensors[`${name}.tcn.2.bias`];
  const norm = `${name}.tcn.3`;
  const [gamma, beta] = [tensors[`${norm}.weight`], tensors[`${norm}.bias`]];
  const column = (t: Tensor): Tensor => reshape(t, [2, 1]);
  let normalised: Tensor;
  if (mode === 'evaluate') {
    const factor = normFactor(gamma, tensors[`${norm}.running_var`]);
    const offset = add(mul(factor, sub(bias, tensors[`${norm}.running_mean`])), beta);
    normalised = add(mul(convolved, column(factor)), column(offset));
  } else {
    const average = mean(convolved, [0, 2], true);
    const centred = sub(convolved, average);
    const variance = reshape(mean(square(centred), [0, 2]), [2]);
    track(block, norm, add(reshape(average, [2]), bias), variance, batch * frames * JOINTS);
    normalised = add(mul(centred, column(normFactor(gamma, variance))), column(beta));
  }
  const [shift, logit] = split(normalised, 2, 1);
  return [reshape(shift, [1, batch * frames]), reshape(logit, [1, batch * frames])];
}

/** ActNorm of one channel: bias and log scale from the batch, so that it has mean 0 and deviation 1. */
function fitActNorm(x: Tensor): { bias: Tensor; logs: Tensor } {
  const bias = neg(mean(x));
  const deviation = sqrt(mean(square(add(x, bias))));
  return { bias, logs: neg(log(add(deviation, 1e-6))) };
}

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
  const block: Block = {
    tensors: { ...buffers, ...parameters },
    mode,
    batch,
    shape,
    updated: { ...buffers },
  };
  const selection = tapSelection(frames, temporalKernel(shape));
  const actNorm: Tensors = {};
  let [a, b] = split(reshape(transpose(x, [1, 3, 0, 2]), [2 * JOINTS, rows]), 2);
  // Log-determinants: of each frame over its joints, and what all samples share.
  let perFrame: Tensor = scalar(0);
  let common: Tensor = scalar(0);
  for (let k = 0; k < shape.steps; k++) {
    const name = stepName(k);
    let [biasA, biasB] = pair(parameters[`${name}.actnorm.bias`]);
    let [logsA, logsB] = pair(parameters[`${name}.actnorm.logs`]);
    if (mode === 'initialise') {
      ({ bias: biasA, logs: logsA } = fitActNorm(a));
      ({ bias: biasB, logs: logsB } = fitActNorm(b));
      actNorm[`${name}.actnorm.bias`] = reshape(
        concat([reshape(biasA, [1]), reshape(biasB, [1])]),
        [1, 2, 1, 1],
      );
      actNorm[`${name}.actnorm.logs`] = reshape(
        concat([reshape(logsA, [1]), reshape(logsB, [1])]),
        [1, 2, 1, 1],
      );
    }
    common = add(common, add(logsA, logsB));
    const scaleOf = (z: Tensor, bias: Tensor, logs: Tensor): Tensor => mul(add(z, bias), exp(logs));
    // Swapped: the second channel conditions the first.
    const z1 = scaleOf(b, biasB, logsB);
    const z2 = scaleOf(a, biasA, logsA);
    let [shift, logit] = temporalPath(block, `${name}.block.0`, z1, selection);
    if (k > 0) {
      const residual = affineNorm(block, `${name}.block.0.residual.0`, `${name}.block.0.residual.1`, z1, 1);
      const scales = pair(residual.scale);
      const offsets = pair(residual.offset);
      const through = (shared: Tensor, i: number): Tensor =>
        add(mul(residual.centred, scales[i]), add(shared, offsets[i]));
      [shift, logit] = [through(shift, 0), through(logit, 1)];
    }
    const s = add(sigmoid(add(relu(logit), 2)), 1e-6);
    // Without a residual one value stands for all joints.
    const share = k > 0 ? 1 : JOINTS;
    perFrame = add(perFrame, mul(sum(log(s), 0), share));
    a = z1;
    b = mul(add(z2, relu(shift)), s);
  }
  return {
    latent: [a, b],
    logDeterminant: add(sum(reshape(perFrame, [batch, frames]), 1), mul(common, frames * JOINTS)),
    parameters:
      mode === 'initialise' ? flat(parameterList, { ...parameters, ...actNorm }) : variables.parameters,
    buffers: mode === 'evaluate' ? variables.buffers : flat(bufferList, block.updated),
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
