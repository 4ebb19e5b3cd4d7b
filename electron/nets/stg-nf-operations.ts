// Operations of the pose flow over full-size tensors with gradients written by hand.
// Role: what automatic differentiation would spread over a dozen passes through memory, in few. Limits: the gradients are
// those of the plain formulas; nothing here knows the network.
import {
  customGrad,
  div,
  greater,
  log,
  matMul,
  maximum,
  mul,
  relu,
  reshape,
  type Scalar,
  scalar,
  sigmoid,
  sub,
  sum,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';

type Save = (tensors: Tensor[]) => void;

/** Sum of products of all elements, as one matrix product. */
function dot(a: Tensor, b: Tensor): Scalar {
  return reshape(matMul(reshape(a, [1, a.size]), reshape(b, [1, b.size]), false, true), []);
}

/** `x` times a scalar tensor. */
export function scaled(x: Tensor, factor: Tensor): Tensor {
  const operation = customGrad((...args) => {
    const [values, scale, save] = args as unknown as [Tensor, Tensor, Save];
    save([values, scale]);
    return {
      value: mul(values, scale),
      gradFunc: (dy: Tensor, saved: Tensor[]) => [mul(dy, saved[1]), dot(dy, saved[0])],
    };
  });
  return operation(x, factor);
}

/** Mean squared distance of all elements from `average`, which must be their mean: the gradient counts on it. */
export function varianceAround(x: Tensor, average: Tensor): Tensor {
  const operation = customGrad((...args) => {
    const [values, save] = args as unknown as [Tensor, Save];
    const centred = sub(values, average);
    save([centred]);
    return {
      value: mul(dot(centred, centred), 1 / values.size),
      // Moving the mean changes nothing to first order, so it takes no part.
      gradFunc: (dy: Tensor, saved: Tensor[]) => mul(saved[0], mul(dy, 2 / values.size)),
    };
  });
  return operation(x);
}

/** max(x, 0), with gradient 0 at 0. */
export function rectified(x: Tensor): Tensor {
  const operation = customGrad((...args) => {
    const [values, save] = args as unknown as [Tensor, Save];
    save([values]);
    return {
      value: relu(values),
      gradFunc: (dy: Tensor, saved: Tensor[]) => where(greater(saved[0], 0), dy, zerosLike(dy)),
    };
  });
  return operation(x);
}

/** sigmoid(max(x, floor)), with gradient 0 at and below the floor. */
export function sigmoidAbove(x: Tensor, floor: number): Tensor {
  const operation = customGrad((...args) => {
    const [values, save] = args as unknown as [Tensor, Save];
    const value = sigmoid(maximum(values, scalar(floor)));
    save([values, value]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [input, y] = saved;
        return where(greater(input, floor), mul(dy, mul(y, sub(1, y))), zerosLike(dy));
      },
    };
  });
  return operation(x);
}

/**
 * Sum over the first axis of the logarithms of all `factors` `[n, m]`: `[m]`. Takes one logarithm of their product, so they
 * must be few and near 1, as the scales of couplings are (0.88 to 1).
 */
export function sumOfLogs(factors: readonly Tensor[]): Tensor {
  const operation = customGrad((...args) => {
    const values = args.slice(0, -1) as Tensor[];
    const save = args.at(-1) as unknown as Save;
    save(values);
    return {
      value: sum(log(values.reduce((product, x) => mul(product, x))), 0),
      gradFunc: (dy: Tensor, saved: Tensor[]) => saved.map((x) => div(dy, x)),
    };
  });
  return operation(...factors);
}
