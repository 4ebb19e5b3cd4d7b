// Layers and losses against closed forms.
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { differentiate } from '../../../electron/compute/autodiff.ts';
import type { Spec, Step } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { binaryCrossEntropy, linear, softmaxAlong } from '../../../electron/nets/layers.ts';

async function run(inputs: Record<string, { shape: number[]; data: number[] }>, f: Step['run']) {
  const device = await openDevice('cpu', { threads: 1 });
  const specs: Record<string, Spec> = Object.fromEntries(
    Object.entries(inputs).map(([n, v]) => [n, { shape: v.shape }]),
  );
  const compiled = await device.compile(
    { name: 'test', variables: {}, inputs: specs, run: f },
    device.variables({}),
  );
  return compiled.run(
    Object.fromEntries(Object.entries(inputs).map(([n, v]) => [n, Float32Array.from(v.data)])),
  );
}

test('linear layers have weights [out, in]', async () => {
  const { y } = await run(
    {
      x: { shape: [1, 3], data: [1, 2, 3] },
      w: { shape: [2, 3], data: [1, 0, 0, 1, 1, 1] },
      b: { shape: [2], data: [10, 20] },
    },
    (_, { x, w, b }) => ({ outputs: { y: linear(x!, w!, b!) } }),
  );
  expect([...y!]).toEqual([11, 26]);
});

test('softmax works along any axis and does not overflow', async () => {
  const { y } = await run({ x: { shape: [2, 2], data: [1000, 0, 1000, Math.log(3)] } }, (_, { x }) => ({
    outputs: { y: softmaxAlong(x!, 0) },
  }));
  expect([...y!]).toEqual([0.5, 0.25, 0.5, 0.75].map((v) => expect.closeTo(v, 6)));
});

test('cross-entropy clamps its logs at -100 and has a finite gradient where a probability reached its limit', async () => {
  const p = [0.25, 0.25, 0, 1, 0, 1];
  const y = [1, 0, 1, 0, 0, 1];
  const outputs = await run({ p: { shape: [6], data: p }, y: { shape: [6], data: y } }, (_, t) => {
    const { loss, gradients } = differentiate({ p: t.p! }, (q) => ({ loss: binaryCrossEntropy(q.p!, t.y!) }));
    return { outputs: { loss, gradient: gradients.p! } };
  });
  expect(outputs.loss![0]).toBeCloseTo((-Math.log(0.25) - Math.log(0.75) + 100 + 100) / 6, 4);
  const expected = [-4, 4 / 3, -1e12, 1e12, 0, 0].map((g) => g / 6);
  for (const [i, g] of expected.entries()) {
    expect(Math.abs(outputs.gradient![i]! - g)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(g)));
  }
});

test('cross-entropy takes a probability that a runtime rounded to just above 1', async () => {
  const { loss, gradient } = await run({ p: { shape: [2], data: [1 + 2 ** -23, 0.5] } }, (_, t) => {
    const { loss, gradients } = differentiate({ p: t.p! }, (q) => ({
      loss: binaryCrossEntropy(q.p!, tf.tensor1d([1, 0])),
    }));
    return { outputs: { loss, gradient: gradients.p! } };
  });
  expect(loss![0]).toBeCloseTo(Math.log(2) / 2, 5);
  expect([...gradient!]).toEqual([expect.closeTo(0, 4), expect.closeTo(1, 4)]);
});

test('gradients of parameters that the loss does not reach are zero, and other results come along', async () => {
  const { g, twice } = await run(
    { a: { shape: [2], data: [1, 2] }, b: { shape: [2], data: [5, 6] } },
    (_, { a, b }) => {
      const { gradients, extras } = differentiate({ a: a!, b: b! }, (p) => ({
        loss: tf.sum(tf.square(p.a!)),
        extras: { twice: tf.mul(p.a!, 2) },
      }));
      return { outputs: { g: tf.concat([gradients.a!, gradients.b!]), twice: extras.twice! } };
    },
  );
  expect([...g!]).toEqual([2, 4, 0, 0]);
  expect([...twice!]).toEqual([2, 4]);
});
