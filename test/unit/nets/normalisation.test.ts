// Normalisation against its definition, computed here in double precision.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, expect, test } from 'vitest';
import type { Step } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import {
  batchNorm,
  batchNormTraining,
  initRunning,
  instanceNorm,
  runningSpecs,
} from '../../../electron/nets/normalisation.ts';

const device = await openDevice('cpu', { threads: 1 });
afterAll(() => device.dispose());

async function run(specs: Step['inputs'], data: Record<string, number[]>, f: Step['run']) {
  const step = await device.compile(
    { name: 'test', variables: {}, inputs: specs, run: f },
    device.variables({}),
  );
  const inputs = Object.fromEntries(Object.entries(data).map(([n, v]) => [n, Float32Array.from(v)]));
  const outputs = await step.run(inputs);
  await step.dispose();
  return outputs;
}
const close = (expected: number[]) => expected.map((v) => expect.closeTo(v, 5));

test('in training by the batch, whose unbiased variance counts a tenth afterwards', async () => {
  const { y, mean, variance } = await run(
    { x: { shape: [3, 2] }, w: { shape: [2] }, b: { shape: [2] } },
    { x: [1, 10, 2, 10, 6, 40], w: [1, 2], b: [0, 1] },
    (_, { x, w, b }) => {
      const running = { mean: tf.tensor1d([1, 0]), variance: tf.tensor1d([1, 2]) };
      const result = batchNormTraining(x, { weight: w, bias: b }, running);
      return { outputs: { y: result.y, ...result.running } };
    },
  );
  const [s, t] = [Math.sqrt(14 / 3 + 1e-5), Math.sqrt(200 + 1e-5)];
  expect([...y]).toEqual(close([-2 / s, 1 - 20 / t, -1 / s, 1 - 20 / t, 3 / s, 1 + 40 / t]));
  expect([...mean]).toEqual(close([0.9 + 0.3, 2]));
  expect([...variance]).toEqual(close([0.9 + 0.7, 1.8 + 30]));
});

test('at test by the running statistics', async () => {
  const { y } = await run({ x: { shape: [2, 1] } }, { x: [3, 7] }, (_, { x }) => ({
    outputs: {
      y: batchNorm(
        x,
        { weight: tf.tensor1d([2]), bias: tf.tensor1d([5]) },
        { mean: tf.tensor1d([1]), variance: tf.tensor1d([4]) },
      ),
    },
  }));
  expect([...y]).toEqual(close([5 + 4 / Math.sqrt(4 + 1e-5), 5 + 12 / Math.sqrt(4 + 1e-5)]));
});

test('of every instance by itself', async () => {
  const { y } = await run({ x: { shape: [2, 2, 2] } }, { x: [1, 0, 3, 4, 10, 5, 30, 5] }, (_, { x }) => ({
    outputs: { y: instanceNorm(x, { weight: tf.tensor1d([1, 3]), bias: tf.tensor1d([0, 1]) }) },
  }));
  const scaled = (deviation: number) => deviation / Math.sqrt(deviation ** 2 + 1e-5);
  expect([...y]).toEqual(
    close([-scaled(1), 1 - 3 * scaled(2), scaled(1), 1 + 3 * scaled(2), -scaled(10), 1, scaled(10), 1]),
  );
});

test('running statistics begin with mean 0 and variance 1', () => {
  const specs = runningSpecs('bn', 2);
  expect(initRunning(specs)).toEqual({
    'bn.running_mean': { shape: [2], data: Float32Array.of(0, 0) },
    'bn.running_var': { shape: [2], data: Float32Array.of(1, 1) },
  });
});
