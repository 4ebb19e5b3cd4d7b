// Layers and losses shared by networks, as pure functions in TF.js. Weights have PyTorch's layout.
// Role: the building blocks. Limits: two-dimensional rows `[N, D]`; callers reshape batches of crops or segments.
import {
  add,
  cast,
  clipByValue,
  customGrad,
  div,
  equal,
  exp,
  expandDims,
  log,
  matMul,
  max,
  maximum,
  mean,
  mul,
  neg,
  range,
  reshape,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  topk,
} from '@tensorflow/tfjs-core';
import { withoutGradient } from '../compute/autodiff.ts';

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
    const [given, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    // The sigmoid of a runtime may miss 1 upwards by a rounding, and 1 - p has no logarithm there.
    const p = clipByValue(given, 0, 1);
    // The labels too: what the gradient reads must outlive the forward pass.
    save([p, labels]);
    const floor = scalar(-100);
    const positive = mul(labels, maximum(log(p), floor));
    const negative = mul(sub(1, labels), maximum(log(sub(1, p)), floor));
    return {
      value: neg(add(positive, negative)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [q, y] = saved as [Tensor, Tensor];
        return mul(dy, div(sub(q, y), maximum(mul(q, sub(1, q)), scalar(1e-12))));
      },
    };
  });
  return mean(perElement(probabilities));
}

/** Euclidean lengths of the vectors along the last axis, `[..., D]` -> `[...]`, with gradient 0 at length 0 as in PyTorch. */
export function lengths(vectors: Tensor): Tensor {
  const length = customGrad((...args) => {
    const [x, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
    const value = sqrt(sum(square(x), -1));
    save([x, value]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [of, norm] = saved as [Tensor, Tensor];
        return mul(of, expandDims(div(dy, maximum(norm, scalar(1e-12))), -1));
      },
    };
  });
  return length(vectors);
}

/** Of crops that are cells of the picture so many count, the highest. */
export const TOP_CROPS = 3;

/**
 * The k highest values of each row with their gradients, highest first: `[N, C]` -> `[N, k]`; all values, as they are, of
 * rows of at most k. Which ones they are has no gradient.
 */
export function highestOfRows(rows: Tensor, k: number): Tensor {
  const [count, columns] = rows.shape as [number, number];
  if (columns <= k) return rows;
  const { indices } = topk(withoutGradient(rows), k);
  const places = equal(reshape(indices, [count, k, 1]), range(0, columns, 1, 'int32'));
  return sum(mul(cast(places, 'float32'), reshape(rows, [count, 1, columns])), 2);
}
