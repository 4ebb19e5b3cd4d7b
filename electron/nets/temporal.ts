// Convolution along time and what comes with it, as pure functions in TF.js. Weights have PyTorch's layout.
// Role: layers over sequences `[N, T, C]`. Limits: stride 1, odd kernels, zeros beyond both ends, so that T stays.
import { add, concat, matMul, mul, pad, reshape, slice, type Tensor, transpose } from '@tensorflow/tfjs-core';

/**
 * Convolution of sequences `[N, T, in]` by a weight `[out, in, taps]`, without bias: rows `[N * T, out]`. Sample t sees the
 * samples t - dilation * (taps - 1) / 2 to t + dilation * (taps - 1) / 2.
 *
 * One matrix product over the samples that a tap sees. They are put into the order of the weight, channel after channel: the
 * weight and its gradient are many times larger than a batch, and so are never moved. Between two
 * transpositions, which are fast as such, what is moved are stretches of time and not single numbers.
 */
export function conv1d(x: Tensor, weight: Tensor, dilation = 1): Tensor {
  const [samples, length, inputs] = x.shape as [number, number, number];
  const [outputs, , taps] = weight.shape as [number, number, number];
  const rows = samples * length;
  const flat = reshape(x, [rows, inputs]);
  const filter = reshape(weight, [outputs, inputs * taps]);
  if (taps === 1) return matMul(flat, filter, false, true);
  const border = (dilation * (taps - 1)) / 2;
  const padded = pad(reshape(transpose(flat), [inputs, samples, length]), [
    [0, 0],
    [0, 0],
    [border, border],
  ]);
  const shifted = Array.from({ length: taps }, (_, i) =>
    reshape(slice(padded, [0, 0, i * dilation], [inputs, samples, length]), [inputs, 1, rows]),
  );
  // The axis of length one keeps ONNX Runtime from merging the transposition into what is around it, which is slower.
  const seen = transpose(reshape(concat(shifted, 1), [1, inputs * taps, rows]), [0, 2, 1]);
  return matMul(reshape(seen, [rows, inputs * taps]), filter, false, true);
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
    reshape(add(conv1d(x, weight), bias), [samples, length, weight.shape[0]]);
  const affinity = mul(matMul(project(weights.theta), project(weights.phi), false, true), 1 / length);
  return matMul(affinity, project(weights.g));
}
