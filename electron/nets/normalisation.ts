// Normalisation of channels as pure functions in TF.js, with PyTorch's definitions (methods.md 0.6).
// Role: batch and instance normalisation of rows; the running statistics are values that come in and go out. Limits:
// channels are the last axis; no momentum schedule.
import { add, div, mean, mul, reshape, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Spec, Values } from '../compute/device.ts';

const EPSILON = 1e-5;
const MOMENTUM = 0.1;

/** The learned scale and shift of each channel, `[C]`. */
export interface Affine {
  weight: Tensor;
  bias: Tensor;
}

/** Averages over the batches seen so far, `[C]`; the variance is the unbiased one. */
export interface RunningStatistics {
  mean: Tensor;
  variance: Tensor;
}

/** Names and shapes of the running statistics of a layer: those of PyTorch's state dictionary. */
export function runningSpecs(name: string, channels: number): Record<string, Spec> {
  return { [`${name}.running_mean`]: { shape: [channels] }, [`${name}.running_var`]: { shape: [channels] } };
}

/** Running statistics before the first batch: means 0, variances 1. */
export function initRunning(specs: Record<string, Spec>): Record<string, Values> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [
      name,
      { shape, data: new Float32Array(shape[0]).fill(name.endsWith('.running_var') ? 1 : 0) },
    ]),
  );
}

function normalised(centred: Tensor, variance: Tensor, { weight, bias }: Affine): Tensor {
  return add(mul(centred, div(weight, sqrt(add(variance, EPSILON)))), bias);
}

/** Batch normalisation at test: rows `[N, C]` by the running statistics. */
export function batchNorm(rows: Tensor, affine: Affine, running: RunningStatistics): Tensor {
  return normalised(sub(rows, running.mean), running.variance, affine);
}

/**
 * Batch normalisation in training: rows `[N, C]`, N > 1, by the mean and the biased variance of this batch. Returns
 * the running statistics after the batch, to which it counts a tenth; they are no part of the gradient.
 */
export function batchNormTraining(
  rows: Tensor,
  affine: Affine,
  running: RunningStatistics,
): { y: Tensor; running: RunningStatistics } {
  const count = rows.shape[0]!;
  const batchMean = mean(rows, 0);
  const centred = sub(rows, batchMean);
  const variance = mean(square(centred), 0);
  const unbiased = mul(variance, count / (count - 1));
  const follow = (old: Tensor, now: Tensor): Tensor => add(mul(old, 1 - MOMENTUM), mul(now, MOMENTUM));
  return {
    y: normalised(centred, variance, affine),
    running: { mean: follow(running.mean, batchMean), variance: follow(running.variance, unbiased) },
  };
}

/**
 * Instance normalisation: `[N, P, C]` by mean and biased variance over the P positions of each sample and channel.
 * @param affine null: without a learned scale and shift.
 */
export function instanceNorm(x: Tensor, affine: Affine | null): Tensor {
  const channels = x.shape[2]!;
  const centred = sub(x, mean(x, 1, true));
  const variance = mean(square(centred), 1, true);
  if (affine === null) return div(centred, sqrt(add(variance, EPSILON)));
  const perChannel = (t: Tensor): Tensor => reshape(t, [1, 1, channels]);
  return normalised(centred, variance, { weight: perChannel(affine.weight), bias: perChannel(affine.bias) });
}
