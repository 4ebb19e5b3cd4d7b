// Fully connected networks and autoencoders against closed forms, on the CPU device.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComputeDevice, Values } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { autoencoderErrorStep, autoencoderTrainStep } from '../../../electron/nets/autoencoder.ts';
import { initMlp, mlpParameterCount, mlpParameters } from '../../../electron/nets/mlp.ts';

let device: ComputeDevice;
beforeAll(async () => {
  device = await openDevice('cpu', { threads: 1 });
});
afterAll(() => device.dispose());

/** Identity in two layers: relu keeps what is not negative. */
const identity: Record<string, Values> = {
  'fc1.weight': { shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) },
  'fc1.bias': { shape: [2], data: new Float32Array(2) },
  'fc2.weight': { shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) },
  'fc2.bias': { shape: [2], data: new Float32Array(2) },
};
const widths = [2, 2, 2];

describe('fully connected networks', () => {
  it('count the parameters of the published generator and discriminator', () => {
    const count = (...w: number[]) => mlpParameterCount({ widths: w, slope: 0 });
    expect(count(2048, 1024, 512, 256, 512, 1024, 2048)).toBe(5_510_400);
    expect(count(2048, 512, 32, 1)).toBe(1_065_537);
  });

  it('start within the bound of the inputs of each layer, biases included', () => {
    const values = initMlp({ widths: [100, 4, 400], slope: 0 }, createRandom(3), 'G.');
    const largest = (name: string) => Math.max(...values[name].data.map(Math.abs));
    expect(Object.keys(values)).toEqual(['G.fc1.weight', 'G.fc1.bias', 'G.fc2.weight', 'G.fc2.bias']);
    expect(largest('G.fc1.weight')).toBeLessThanOrEqual(0.1);
    expect(largest('G.fc1.weight')).toBeGreaterThan(0.09);
    expect(largest('G.fc2.bias')).toBeLessThanOrEqual(0.5);
    expect(largest('G.fc2.bias')).toBeGreaterThan(0.45);
  });
});

describe('autoencoder errors', () => {
  const errors = async (slope: number, norm: 'l2' | 'mse', row: number[]) => {
    const variables = device.variables(identity);
    const step = await device.compile(autoencoderErrorStep({ widths, slope }, 1, norm), variables);
    const out = await step.run({ features: Float32Array.from(row) });
    await step.dispose();
    await variables.dispose();
    return out.errors[0];
  };
  it('are lengths that are not squared, or means of squares', async () => {
    expect(await errors(0, 'l2', [-3, -4])).toBeCloseTo(5, 6);
    expect(await errors(0, 'mse', [-3, -4])).toBeCloseTo(12.5, 6);
    expect(await errors(0, 'l2', [3, 4])).toBe(0);
  });
  it('use the slope of a leaky activation below zero', async () => {
    expect(await errors(0.1, 'l2', [-3, -4])).toBeCloseTo(4.5, 5);
  });
});

describe('autoencoder training', () => {
  const optimiser = createOptimiser({ name: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 });

  it('leaves the weights as they are where the error is exactly 0', async () => {
    const variables = device.variables(identity);
    const step = await device.compile(
      autoencoderTrainStep({ widths, slope: 0 }, 1, optimiser, 'l2'),
      variables,
    );
    const out = await step.run({ features: Float32Array.of(1, 2), learningRate: Float32Array.of(1) });
    expect(out.loss[0]).toBe(0);
    const after = await variables.read();
    for (const [name, { data }] of Object.entries(identity)) expect(after[name]).toEqual(data);
  });

  it('learns to give back points on a line', async () => {
    const shape = { widths: [3, 8, 1, 8, 3], slope: 0.1 };
    const adam = createOptimiser({ name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 });
    const random = createRandom(1);
    const variables = device.variables({
      ...initMlp(shape, random, 'a.'),
      ...allZeros(adam.slots(mlpParameters(shape, 'a.'))),
    });
    const step = await device.compile(autoencoderTrainStep(shape, 16, adam, 'l2', 'a.'), variables);
    const features = Float32Array.from({ length: 48 }, (_, i) => (Math.floor(i / 3) / 15) * ((i % 3) + 1));
    let first = 0;
    let last = 0;
    for (let i = 0; i < 300; i++) {
      last = (await step.run({ features, learningRate: Float32Array.of(0.01) })).loss[0];
      if (i === 0) first = last;
    }
    expect(first).toBeGreaterThan(1);
    expect(last).toBeLessThan(0.2);
  });
});
