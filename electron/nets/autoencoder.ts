// Fully connected autoencoders (methods.md 1.2): a network whose output has the width of its input, and what it misses.
// Role: per-sample errors, the error step and the training step. Limits: no loop, no data, no schedule; for targets other
// than the input a method writes its own step from `mlp` and `rowErrors`.
import { abs, div, maximum, mean, mul, sign, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { differentiate, pick } from '../compute/autodiff.ts';
import type { Step } from '../compute/device.ts';
import type { Optimiser } from '../compute/optimisers.ts';
import { lengths } from './layers.ts';
import { type MlpShape, mlp, mlpParameters } from './mlp.ts';

/** `l2`: Euclidean length of the difference, not squared. `mse`: mean over dimensions of the squared difference. */
export type ErrorNorm = 'l2' | 'mse';

/** Error of each row, `[N]`, of outputs and targets `[N, D]`. Differentiable in both. */
export function rowErrors(outputs: Tensor, targets: Tensor, norm: ErrorNorm): Tensor {
  const difference = sub(outputs, targets);
  return norm === 'l2' ? lengths(difference) : mean(square(difference), 1);
}

/**
 * Errors of a batch. Input `features` `[batch, D]`, output `errors` `[batch]`.
 * @param prefix of the parameter names, so that several networks can share one set of variables.
 */
export function autoencoderErrorStep(shape: MlpShape, batch: number, norm: ErrorNorm, prefix = ''): Step {
  return {
    name: 'autoencoder errors',
    variables: mlpParameters(shape, prefix),
    inputs: { features: { shape: [batch, shape.widths[0]] } },
    run: (variables, { features }) => ({
      outputs: { errors: rowErrors(mlp(variables, features!, shape, prefix), features!, norm) },
    }),
  };
}

/**
 * One update towards the input: the loss is the mean error of the batch (methods.md 1.3, Eq 1).
 * Inputs `features` `[batch, D]`, `learningRate` `[]`. Outputs `loss` `[]` and `errors` `[batch]`, before the update.
 * The variables are the parameters and the optimiser's slots over them.
 */
export function autoencoderTrainStep(
  shape: MlpShape,
  batch: number,
  optimiser: Optimiser,
  norm: ErrorNorm,
  prefix = '',
): Step {
  const parameters = mlpParameters(shape, prefix);
  const slots = optimiser.slots(parameters);
  return {
    name: 'autoencoder training',
    variables: { ...parameters, ...slots },
    inputs: { features: { shape: [batch, shape.widths[0]] }, learningRate: { shape: [] } },
    run(variables, { features, learningRate }) {
      const { loss, gradients, extras } = differentiate(pick(variables, parameters), (p) => {
        const errors = rowErrors(mlp(p, features!, shape, prefix), features!, norm);
        return { loss: mean(errors), extras: { errors } };
      });
      const updated = optimiser.update(
        pick(variables, parameters),
        gradients,
        pick(variables, slots),
        learningRate!,
      );
      return {
        variables: { ...updated.parameters, ...updated.slots },
        outputs: { loss, errors: extras.errors! },
      };
    },
  };
}

/**
 * One update of a weighted one-class model (methods.md 3.2): the loss is the sum of weight times squared length of the
 * difference, divided by the number of samples whose weight is not exactly 0; 0 if there is none.
 * Inputs `features` `[batch, D]`, `weights` `[batch]` (v = 1 - w), `learningRate` `[]`. Output `loss` `[]`, before the update.
 */
export function weightedAutoencoderTrainStep(shape: MlpShape, batch: number, optimiser: Optimiser): Step {
  const parameters = mlpParameters(shape);
  const slots = optimiser.slots(parameters);
  return {
    name: 'weighted autoencoder training',
    variables: { ...parameters, ...slots },
    inputs: {
      features: { shape: [batch, shape.widths[0]] },
      weights: { shape: [batch] },
      learningRate: { shape: [] },
    },
    run(variables, { features, weights, learningRate }) {
      const { loss, gradients } = differentiate(pick(variables, parameters), (p) => {
        const errors = sum(square(sub(mlp(p, features!, shape), features!)), 1);
        const kept = sum(abs(sign(weights!)));
        return { loss: div(sum(mul(errors, weights!)), maximum(kept, 1)) };
      });
      const updated = optimiser.update(
        pick(variables, parameters),
        gradients,
        pick(variables, slots),
        learningRate!,
      );
      return { variables: { ...updated.parameters, ...updated.slots }, outputs: { loss } };
    },
  };
}
