// Negative learning (methods.md 1.3, Eq 5 and 6): what the generator shall give back for samples labelled anomalous.
// Role: targets and loss as functions in TF.js. Limits: makes no random numbers; noise and partners are inputs.
import {
  add,
  div,
  expandDims,
  gather,
  maximum,
  mean,
  mul,
  scalar,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { type ErrorNorm, rowErrors } from '../../nets/autoencoder.ts';

/**
 * `ones`: a vector of ones. `replace`: the features of a normal sample of the same batch. `gaussian`: the features with
 * noise. `none`: anomalous samples are left out.
 */
export type PseudoTarget = 'ones' | 'replace' | 'gaussian' | 'none';

export interface TargetInputs {
  /** `[B, D]`. */
  features: Tensor;
  /** `[B]`, 1 for anomalous. */
  z: Tensor;
  /** For `replace`: int32 `[B]`, the sample whose features are the target; any valid index where z is 0. */
  partners?: Tensor;
  /** For `gaussian`: `[B, D]`, already of the wanted size. */
  noise?: Tensor;
}

/** Targets of the generator, `[B, D]`: the features themselves where z is 0. */
export function generatorTargets(
  target: PseudoTarget,
  { features, z, partners, noise }: TargetInputs,
): Tensor {
  const anomalous = expandDims(z, 1);
  const mix = (other: Tensor): Tensor => add(mul(features, sub(1, anomalous)), mul(other, anomalous));
  switch (target) {
    case 'ones':
      return mix(scalar(1));
    case 'replace':
      return mix(gather(features, partners!));
    case 'gaussian':
      return add(features, mul(noise!, anomalous));
    case 'none':
      return features;
  }
}

/**
 * Loss of the generator: mean error against the targets; with `none` over the normal samples only, and 0 without any.
 * @returns `perSample` `[B]` and the scalar `loss`.
 */
export function generatorLoss(
  target: PseudoTarget,
  reconstruction: Tensor,
  targets: Tensor,
  z: Tensor,
  norm: ErrorNorm,
): { perSample: Tensor; loss: Tensor } {
  const perSample = rowErrors(reconstruction, targets, norm);
  if (target !== 'none') return { perSample, loss: mean(perSample) };
  const normal = sub(1, z);
  return { perSample, loss: div(sum(mul(perSample, normal)), maximum(sum(normal), scalar(1))) };
}
