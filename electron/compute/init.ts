// Initial weights (methods.md 0.6). Weights have PyTorch's layout: the first axis is the output, the rest feeds it.
import type { Spec, Values } from './device.ts';
import { sizeOf } from './graph/graph.ts';
import type { Random } from './random.ts';

/** Fan-in and fan-out of a weight `[out, in, ...kernel]`. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const [out = 1, inputs = 1, ...kernel] = shape;
  return { fanIn: inputs * sizeOf(kernel), fanOut: out * sizeOf(kernel) };
}

const uniform = (shape: number[], bound: number, random: Random): Values => ({
  shape,
  data: random.fillUniform(new Float32Array(sizeOf(shape)), -bound, bound),
});

/** Uniform in +-sqrt(6 / (fan_in + fan_out)). */
export function xavierUniform(shape: number[], random: Random): Values {
  const { fanIn, fanOut } = fans(shape);
  return uniform(shape, Math.sqrt(6 / (fanIn + fanOut)), random);
}

/** Normal with standard deviation sqrt(2 / (fan_in + fan_out)). */
export function xavierNormal(shape: number[], random: Random): Values {
  const { fanIn, fanOut } = fans(shape);
  return {
    shape,
    data: random.fillNormal(new Float32Array(sizeOf(shape)), 0, Math.sqrt(2 / (fanIn + fanOut))),
  };
}

/** PyTorch's default of Linear and Conv: uniform in +-1/sqrt(fan_in), for the bias with the fan-in of its weight. */
export function pytorchDefault(shape: number[], fanIn: number, random: Random): Values {
  return uniform(shape, 1 / Math.sqrt(fanIn), random);
}

export function zeros(shape: number[]): Values {
  return { shape, data: new Float32Array(sizeOf(shape)) };
}

/** Zeros for all of these, for example the slots of an optimiser. */
export function allZeros(specs: Record<string, Spec>): Record<string, Values> {
  return Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, zeros(shape)]));
}
