// Layers and losses shared by networks, as pure functions in TF.js. Weights have PyTorch's layout.
// Role: the building blocks. Limits: two-dimensional rows `[N, D]`; callers reshape batches of crops or segments.
import {
  add,
  customGrad,
  div,
  exp,
  log,
  matMul,
  max,
  maximum,
  mean,
  mul,
  neg,
  scalar,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Linear layer: x `[N, in]`, weight `[out, in]`, bias `[out]` -> `[N, out]`. */
export function linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  return add(matMul(x, weight, false, true), bias);
}

/** Softmax along any axis, shifted by its maximum. */
export function softmaxAlong(x: Tensor, axis: number): Tensor {
  const e = exp(sub(x, max(x, axis, true)));
  return div(e, sum(e, axis, true));
}

/**
 * Binary cross-entropy, mean over all elements (methods.md 0.6): logs are clamped at -100, and the gradient is PyTorch's,
 * (p - y) / max(p (1 - p), 1e-12), which stays finite where a probability has reached 0 or 1.
 * @param probabilities and labels of one shape; labels in [0, 1].
 */
export function binaryCrossEntropy(probabilities: Tensor, labels: Tensor): Tensor {
  const perElement = customGrad((...args) => {
    const [p, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    save([p]);
    const floor = scalar(-100);
    const positive = mul(labels, maximum(log(p), floor));
    const negative = mul(sub(1, labels), maximum(log(sub(1, p)), floor));
    return {
      value: neg(add(positive, negative)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const q = saved[0]!;
        return mul(dy, div(sub(q, labels), maximum(mul(q, sub(1, q)), scalar(1e-12))));
      },
    };
  });
  return mean(perElement(probabilities));
}
