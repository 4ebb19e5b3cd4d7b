// The cpu device: updates in place, steps that share variables, determinism, refusals.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { Step } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { expectSame, trainAndScore } from './small-training.ts';

describe('the cpu device', () => {
  test.each(['off', 'feature', 'batch'] as const)('trains as TF.js does, attention %s', async (attention) => {
    await expectSame(await openDevice('cpu', { threads: 1 }), attention, 1e-5);
  });

  test('gives the same bits for the same inputs', async () => {
    const device = await openDevice('cpu', { threads: 2 });
    expect(await trainAndScore(device, 'off')).toEqual(await trainAndScore(device, 'off'));
  });

  test('leaks no tensor while tracing', async () => {
    const device = await openDevice('cpu', { threads: 1 });
    const before = tf.memory().numTensors;
    await trainAndScore(device, 'feature');
    expect(tf.memory().numTensors).toBe(before);
  });

  const counter: Step = {
    name: 'count',
    variables: { n: { shape: [2] } },
    inputs: { by: { shape: [] } },
    run: ({ n }, { by }) => ({
      variables: { n: tf.add(n!, by!) },
      outputs: { before: n!, same: by!, ten: tf.fill([200], 10) },
    }),
  };

  test('updates variables in place and returns inputs, variables and constants as outputs', async () => {
    const device = await openDevice('cpu', { threads: 1 });
    const variables = device.variables({ n: { shape: [2], data: Float32Array.of(1, 2) } });
    const step = await device.compile(counter, variables);
    const first = await step.run({ by: Float32Array.of(10) });
    const second = await step.run({ by: Float32Array.of(100) });
    expect([...first.before!, ...first.same!]).toEqual([1, 2, 10]);
    expect([...second.before!, ...second.same!]).toEqual([11, 12, 100]);
    expect(second.ten).toEqual(new Float32Array(200).fill(10));
    expect([...(await variables.read()).n!]).toEqual([111, 112]);
    variables.write({ n: Float32Array.of(5, 6) });
    await step.run({ by: Float32Array.of(1) });
    expect([...(await variables.read()).n!]).toEqual([6, 7]);
  });

  test('refuses wrong inputs, variables and names in plain words', async () => {
    const device = await openDevice('cpu', { threads: 1 });
    const variables = device.variables({ n: { shape: [2], data: Float32Array.of(1, 2) } });
    const step = await device.compile(counter, variables);
    await expect(step.run({})).rejects.toThrow(
      'wants the input "by" as Float32Array of 1 values [] and got nothing',
    );
    await expect(step.run({ by: Float32Array.of(1, 2) })).rejects.toThrow('got a Float32Array of 2');
    expect(() => variables.write({ n: new Float32Array(3) })).toThrow('has 2 values [2], not 3');
    expect(() => variables.write({ m: new Float32Array(3) })).toThrow('no variable "m"');
    const other = device.variables({ n: { shape: [3], data: new Float32Array(3) } });
    await expect(device.compile(counter, other)).rejects.toThrow(
      'wants a variable "n" of shape [2], which is [3]',
    );
  });

  test('refuses devices it does not have', async () => {
    await expect(openDevice('abacus')).rejects.toMatchObject({ code: 'bad_input' });
    const absent = process.platform === 'win32' ? 'coreml' : 'directml';
    await expect(openDevice(absent)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
