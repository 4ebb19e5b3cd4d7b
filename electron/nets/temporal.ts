// Convolution along time and what comes with it, as pure functions in TF.js. Weights have PyTorch's order `[out, in]`.
// Role: layers over sequences `[N, T, C]`. Limits: one or three taps, stride 1, zeros beyond both ends, so that T stays.
import { add, concat, matMul, mul, pad, reshape, slice, sub, type Tensor } from '@tensorflow/tfjs-core';

/** Every sample of `[N, T, in]` by a weight `[out, in]` or `[out, in, 1]`, without bias: rows `[N * T, out]`. */
export function pointwise(x: Tensor, weight: Tensor): Tensor {
  const [samples, length, inputs] = x.shape as [number, number, number];
  const filter = reshape(weight, [weight.shape[0]!, inputs]);
  return matMul(reshape(x, [samples * length, inputs]), filter, false, true);
}

/**
 * Convolution of sequences `[N, T, in]` over three samples that are `dilation` apart, without bias: rows `[N * T, out]`.
 * @param taps weights `[out, in]` for the sample before, the sample itself and the one after.
 *
 * Two results that are `dilation` apart share two of the four samples they see. Winograd's minimal filtering F(2, 3) gets
 * both with four products instead of six, and its gradients with four as well. Sums and differences of weights are what it
 * costs; the factor 1/2 is put to the samples, which are fewer. Weights that lie tap by tap are never moved.
 */
export function conv3(x: Tensor, taps: readonly Tensor[], dilation = 1): Tensor {
  const [samples, length, inputs] = x.shape as [number, number, number];
  const [before, here, after] = taps as [Tensor, Tensor, Tensor];
  const outputs = here.shape[0]!;
  const pairs = Math.ceil(length / (2 * dilation));
  const rows = samples * pairs * dilation;
  // Stretches of `dilation` samples, two by two: one of zeros in front, zeros at the end up to a whole pair and one more.
  const end = (2 * pairs + 1) * dilation - length;
  const padded = pad(x, [
    [0, 0],
    [dilation, end],
    [0, 0],
  ]);
  const stretches = reshape(padded, [samples, pairs + 1, 2, dilation * inputs]);
  const seen = (pair: 0 | 1, half: 0 | 1): Tensor =>
    reshape(slice(stretches, [0, pair, half, 0], [samples, pairs, 1, dilation * inputs]), [rows, inputs]);
  const [s0, s1, s2, s3] = [seen(0, 0), seen(0, 1), seen(1, 0), seen(1, 1)];
  const outer = add(before, after);
  const product = (seenBy: Tensor, weight: Tensor): Tensor => matMul(seenBy, weight, false, true);
  const left = product(sub(s0, s2), before);
  const both = product(mul(add(s1, s2), 0.5), add(outer, here));
  const apart = product(mul(sub(s2, s1), 0.5), sub(outer, here));
  const right = product(sub(s1, s3), after);
  const half = (y: Tensor): Tensor => reshape(y, [samples * pairs, 1, dilation * outputs]);
  const results = concat([half(add(left, add(both, apart))), half(sub(sub(both, apart), right))], 1);
  const all = reshape(results, [samples, pairs * 2 * dilation, outputs]);
  return reshape(slice(all, [0, 0, 0], [samples, length, outputs]), [samples * length, outputs]);
}

/** The 1x1 convolutions of a non-local block as rows: weights `[inter, C, 1]` and biases `[inter]`. */
export interface NonLocalWeights {
  theta: { weight: Tensor; bias: Tensor };
  phi: { weight: Tensor; bias: Tensor };
  g: { weight: Tensor; bias: Tensor };
}

/**
 * Every sample as a sum over all samples of its sequence, weighed by the product of theta and phi over the length, without
 * a softmax. `x` `[N, T, C]` -> `[N, T, inter]`; the convolution back to C and the sum with `x` are the caller's.
 */
export function nonLocal(x: Tensor, weights: NonLocalWeights): Tensor {
  const [samples, length] = x.shape as [number, number, number];
  const project = ({ weight, bias }: { weight: Tensor; bias: Tensor }): Tensor =>
    reshape(add(pointwise(x, weight), bias), [samples, length, weight.shape[0]]);
  const affinity = mul(matMul(project(weights.theta), project(weights.phi), false, true), 1 / length);
  return matMul(affinity, project(weights.g));
}
