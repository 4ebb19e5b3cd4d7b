// Fully connected networks with any list of widths, linear at the end. Role: parameters, initial values, forward pass.
// Limits: no loss and no training; weights have PyTorch's layout and names.
import { leakyRelu, mul, relu, type Tensor } from '@tensorflow/tfjs-core';
import type { Spec, Values } from '../compute/device.ts';
import { sizeOf } from '../compute/graph/graph.ts';
import { pytorchDefault } from '../compute/init.ts';
import type { Random } from '../compute/random.ts';
import { linear } from './layers.ts';

export interface MlpShape {
  /** Units from input to output, for example [19, 64, 16, 1]; at least two. */
  widths: readonly number[];
  /** Slope of the hidden activation below zero: 0 is ReLU, more is leaky ReLU. */
  slope: number;
}

/** Names (`<prefix>fc1.weight`, `<prefix>fc1.bias`, ...) and shapes of the parameters: weights `[out, in]`, biases `[out]`. */
export function mlpParameters({ widths }: MlpShape, prefix = ''): Record<string, Spec> {
  const specs: Record<string, Spec> = {};
  for (let i = 1; i < widths.length; i++) {
    specs[`${prefix}fc${i}.weight`] = { shape: [widths[i], widths[i - 1]] };
    specs[`${prefix}fc${i}.bias`] = { shape: [widths[i]] };
  }
  return specs;
}

/** Trainable numbers: 5,510,400 for 2048-1024-512-256-512-1024-2048. */
export function mlpParameterCount(shape: MlpShape): number {
  return Object.values(mlpParameters(shape)).reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
}

/** PyTorch's default of Linear: weights and biases uniform in +-1/sqrt(inputs) (methods.md 0.6). */
export function initMlp(shape: MlpShape, random: Random, prefix = ''): Record<string, Values> {
  return Object.fromEntries(
    Object.entries(mlpParameters(shape, prefix)).map(([name, spec]) => {
      const inputs = shape.widths[Number(/fc(\d+)\.\w+$/.exec(name)![1]) - 1];
      return [name, pytorchDefault(spec.shape, inputs, random)];
    }),
  );
}

/**
 * The linear output `[N, widths.at(-1)]` of rows `x` `[N, widths[0]]`.
 * @param parameters may hold more than those of this network; `prefix` tells which are its own.
 * @param masks dropout masks of the hidden layers, `[N, width]` each; none at test.
 */
export function mlp(
  parameters: Record<string, Tensor>,
  x: Tensor,
  shape: MlpShape,
  prefix = '',
  masks: readonly Tensor[] = [],
): Tensor {
  const layers = shape.widths.length - 1;
  let out = x;
  for (let i = 1; i <= layers; i++) {
    out = linear(out, parameters[`${prefix}fc${i}.weight`]!, parameters[`${prefix}fc${i}.bias`]!);
    if (i < layers) out = shape.slope === 0 ? relu(out) : leakyRelu(out, shape.slope);
    const mask = masks[i - 1];
    if (i < layers && mask) out = mul(out, mask);
  }
  return out;
}
