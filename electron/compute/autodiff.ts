// Gradients of a loss by named parameters. Role: the one place where steps differentiate.
import { engine, keep, type Scalar, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import { registerOwnGradients } from './gradients.ts';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

export interface Differentiated {
  loss: Scalar;
  /** One per parameter, of its shape; zeros where the loss does not depend on it. */
  gradients: Record<string, Tensor>;
  /** What `forward` returned besides the loss. */
  extras: Record<string, Tensor>;
}

/**
 * Value and gradients of a scalar loss.
 * @param forward computes the loss from the parameters, and other results of the same pass that are wanted outside.
 */
export function differentiate(
  parameters: Record<string, Tensor>,
  forward: (parameters: Record<string, Tensor>) => { loss: Tensor; extras?: Record<string, Tensor> },
): Differentiated {
  registerOwnGradients();
  const names = Object.keys(parameters);
  const tensors = names.map((name) => parameters[name]);
  let kept: Record<string, Tensor> = {};
  const forwardOnce = (): Scalar => {
    const { loss, extras = {} } = forward(parameters);
    // TF.js frees all that the function made except its result.
    kept = Object.fromEntries(Object.entries(extras).map(([name, t]) => [name, keep(t.clone())]));
    return loss as Scalar;
  };
  // Gradients may be missing: a loss need not reach every parameter.
  const { value, grads } = engine().gradients(forwardOnce, tensors, undefined, true);
  const extras = Object.fromEntries(
    Object.entries(kept).map(([name, t]) => {
      const copy = t.clone();
      t.dispose();
      return [name, copy];
    }),
  );
  const gradients = Object.fromEntries(
    names.map((name, i) => [name, grads[i] ?? zerosLike(parameters[name]!)]),
  );
  return { loss: value, gradients, extras };
}

/** The tensors that `names` has as keys: the parameters of a step out of all its variables, or the optimiser's slots. */
export function pick(variables: Record<string, Tensor>, names: object): Record<string, Tensor> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, variables[name]!]));
}

/** The same values, taken as given: no gradient flows through them. */
export function withoutGradient(values: Tensor): Tensor {
  // A second handle of the same data, which the record of operations does not connect with the first.
  engine().backend.incRef(values.dataId);
  return engine().makeTensorFromTensorInfo(values);
}
