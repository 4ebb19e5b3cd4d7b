// Runs operations with their gradients on ONNX Runtime and on TF.js' own cpu backend and compares.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, expect, test } from 'vitest';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import type { ComputeDevice, HostArray, Spec, Step } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { openOracle } from '../../../electron/compute/devices/oracle.ts';
import { createRandom, type Random } from '../../../electron/compute/random.ts';

const cpu = await openDevice('cpu', { threads: 1 });
const oracle = await openOracle();
afterAll(async () => {
  await cpu.dispose();
  await oracle.dispose();
});

type Tensors = Record<string, tf.Tensor>;

async function results(device: ComputeDevice, step: Step, inputs: Record<string, HostArray>) {
  const variables = device.variables({});
  const compiled = await device.compile(step, variables);
  const outputs = await compiled.run(inputs);
  await compiled.dispose();
  await variables.dispose();
  return outputs;
}

function close(actual: Record<string, Float32Array>, expected: Record<string, Float32Array>): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    const got = actual[name]!;
    expect(got.length, name).toBe(values.length);
    // Where large terms cancel, what is left carries their rounding.
    const terms = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 100;
    for (let i = 0; i < values.length; i++) {
      const tolerance = 2e-5 * Math.max(1, Math.abs(values[i]!), terms);
      expect(
        Math.abs(got[i]! - values[i]!),
        `${name}[${i}]: ${got[i]} is not ${values[i]}`,
      ).toBeLessThanOrEqual(tolerance);
    }
  }
}

function host(random: Random, spec: Spec, low = -2, high = 2): HostArray {
  const size = spec.shape.reduce((a, b) => a * b, 1);
  if (spec.dtype === 'int32') return Int32Array.from({ length: size }, () => random.integer(3));
  if (spec.dtype === 'bool') return Uint8Array.from({ length: size }, () => random.integer(2));
  return random.fillUniform(new Float32Array(size), low, high);
}

/** An operation to check. */
export interface Kernel {
  /** Shapes of the float operands; the gradient is taken by all of them. */
  over: Record<string, number[]>;
  /** Other operands. */
  with?: Record<string, Spec>;
  range?: [number, number];
  f: (t: Tensors) => tf.Tensor | tf.Tensor[];
  /** False where TF.js has no gradient. */
  gradient?: false;
}

/** One test per operation. */
export function checkKernels(kernels: Record<string, Kernel>): void {
  test.each(Object.entries(kernels))('%s', async (name, { over, with: others = {}, range, f, gradient }) => {
    const floats: Record<string, Spec> = Object.fromEntries(
      Object.entries(over).map(([n, shape]) => [n, { shape }]),
    );
    const step: Step = {
      name,
      variables: {},
      inputs: { ...floats, ...others },
      run(_, inputs) {
        const list = (t: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(t) ? t : [t]);
        const outputs: Tensors = Object.fromEntries(
          list(f(inputs)).map((t, i) => [`y${i}`, tf.cast(t, 'float32')]),
        );
        if (gradient === false) return { outputs };
        const parameters = Object.fromEntries(Object.keys(over).map((n) => [n, inputs[n]!]));
        const { gradients } = differentiate(parameters, (p) => {
          const y = f({ ...inputs, ...p }) as tf.Tensor;
          // Weights of the sum that differ between elements, so that a wrong order shows.
          const weights = tf.reshape(tf.range(1, y.size + 1, 1, 'float32'), y.shape);
          return { loss: tf.sum(tf.mul(y, weights)) };
        });
        for (const [n, g] of Object.entries(gradients)) outputs[`gradient of ${n}`] = g;
        return { outputs };
      },
    };
    // Numbers of its own: they must not depend on which tests ran before in this process.
    const random = createRandom(7);
    const inputs = Object.fromEntries(
      Object.entries(step.inputs).map(([n, spec]) => [n, host(random, spec, ...(range ?? []))]),
    );
    close(await results(cpu, step, inputs), await results(oracle, step, inputs));
  });
}
