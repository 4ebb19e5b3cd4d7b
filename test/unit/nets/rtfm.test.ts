// RTFM: published numbers (methods.md 3.7, 10), and a traced training step against TF.js' own backend.
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { openOracle } from '../../../electron/compute/devices/oracle.ts';
import { sizeOf } from '../../../electron/compute/graph/graph.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { rtfmScoreStep } from '../../../electron/nets/rtfm.ts';
import {
  initRtfm,
  rtfmDictionary,
  rtfmDictionaryOf,
  rtfmParameterCount,
  rtfmParameters,
  rtfmRunning,
  rtfmVariables,
} from '../../../electron/nets/rtfm-state.ts';
import {
  rtfmLosses,
  rtfmSelection,
  rtfmTrainMasks,
  rtfmTrainStep,
} from '../../../electron/nets/rtfm-training.ts';

const options = { k: 3, alpha: 1e-4, margin: 100, lambdaSparse: 8e-3, lambdaSmooth: 8e-4, joint: true };

test('has 24,718,849 parameters with the published widths', () => {
  const shape = { dim: 2048, branch: 512, inter: 256, hidden1: 512, hidden2: 128 };
  expect(rtfmParameterCount(shape)).toBe(24_718_849);
});

test('the small network: two branches, fused and added to the features, as worked out by hand', async () => {
  // One number per segment and per branch, so that each convolution is three factors.
  const shape = { network: 'lite', dim: 1, branch: 1, inter: 1, hidden1: 1, hidden2: 1 } as const;
  expect(Object.keys(rtfmRunning(shape))).toEqual([]);
  expect(Object.fromEntries(Object.entries(rtfmDictionary(shape)).map(([n, p]) => [n, p.shape]))).toEqual({
    'Aggregate.conv_1.0.weight': [1, 1, 3],
    'Aggregate.conv_1.0.bias': [1],
    'Aggregate.conv_2.0.weight': [1, 1, 3],
    'Aggregate.conv_2.0.bias': [1],
    'Aggregate.conv_5.0.weight': [1, 2, 3],
    'fc1.weight': [1, 1],
    'fc1.bias': [1],
    'fc2.weight': [1, 1],
    'fc2.bias': [1],
    'fc3.weight': [1, 1],
    'fc3.bias': [1],
  });
  const x = [0.5, 2, 1, 3, 0.25];
  const at = (values: number[], t: number): number => values[t] ?? 0;
  const near = x.map((_, t) => Math.max(0, 2 * at(x, t - 1) - at(x, t) + at(x, t + 1) + 0.1));
  const farther = x.map((_, t) => Math.max(0, -at(x, t - 2) + at(x, t) + 3 * at(x, t + 2) - 0.2));
  const features = x.map(
    (own, t) => own + Math.max(0, near[t] - farther[t] + 0.5 * at(near, t - 1) + 0.25 * at(farther, t + 1)),
  );
  const device = await openDevice('cpu', { threads: 1 });
  const p = {
    'Aggregate.conv_1.0.weight': [2, -1, 1],
    'Aggregate.conv_1.0.bias': [0.1],
    'Aggregate.conv_2.0.weight': [-1, 1, 3],
    'Aggregate.conv_2.0.bias': [-0.2],
    'Aggregate.conv_5.0.weight': [0.5, 1, 0, 0, -1, 0.25],
    'fc1.weight': [0.5],
    'fc1.bias': [-1],
    'fc2.weight': [2],
    'fc2.bias': [0],
    'fc3.weight': [1],
    'fc3.bias': [-2],
  };
  const variables = device.variables(
    rtfmVariables(
      Object.fromEntries(
        Object.entries(rtfmDictionary(shape)).map(([name, spec]) => [
          name,
          { shape: spec.shape, data: Float32Array.from(p[name as keyof typeof p]) },
        ]),
      ),
    ),
  );
  const step = await device.compile(rtfmScoreStep(shape, { videos: 1, crops: 1, segments: 5 }), variables);
  const { magnitudes, scores } = await step.run({ features: Float32Array.from(x) });
  for (const [t, f] of features.entries()) {
    expect(magnitudes[t]).toBeCloseTo(f, 4);
    expect(scores[t]).toBeCloseTo(1 / (1 + Math.exp(2 - 2 * Math.max(0, 0.5 * f - 1))), 5);
  }
  await device.dispose();
});

test('a state dictionary becomes variables tap by tap, and these the dictionary again', () => {
  const shape = { dim: 4, branch: 3, inter: 2, hidden1: 5, hidden2: 3 };
  const dictionary = Object.fromEntries(
    Object.entries(rtfmDictionary(shape)).map(([name, spec], n) => [
      name,
      { shape: spec.shape, data: Float32Array.from({ length: sizeOf(spec.shape) }, (_, i) => 1000 * n + i) },
    ]),
  );
  const variables = rtfmVariables(dictionary);
  expect(Object.keys(variables).toSorted()).toEqual(
    [...Object.keys(rtfmParameters(shape)), ...Object.keys(rtfmRunning(shape))].toSorted(),
  );
  // [out, in, taps]: output 0, inputs 0 and 1, the last tap.
  const [first] = dictionary['Aggregate.conv_1.0.weight'].data;
  expect([...variables['Aggregate.conv_1.0.weight.2'].data.subarray(0, 2)]).toEqual([first + 2, first + 5]);
  expect(rtfmDictionaryOf(shape, variables)).toEqual(dictionary);
});

test('the worked example: magnitudes, sparsity and smoothness', async () => {
  const device = await openDevice('cpu', { threads: 1 });
  const step = await device.compile(
    {
      name: 'losses',
      variables: {},
      inputs: {
        features: { shape: [4, 1, 2, 2] },
        scores: { shape: [4, 2] },
        chosen: { shape: [2, 1], dtype: 'int32' },
      },
      run(_, { features, scores, chosen }) {
        const selected = { indexNormal: chosen, indexAbnormal: chosen };
        const { bce, magnitudeTerm, extraTerm, sparse, smooth } = rtfmLosses(features, scores, selected, {
          ...options,
          k: 1,
        });
        return { outputs: { bce, magnitudeTerm, extraTerm, sparse, smooth } };
      },
    },
    device.variables({}),
  );
  const losses = await step.run({
    // Lengths 3 and 4 in the normal videos, 50 and sqrt(500) in the abnormal ones.
    features: Float32Array.of(3, 0, 9, 9, 0, 4, 9, 9, 30, 40, 9, 9, 10, 20, 9, 9),
    scores: Float32Array.of(0.1, 0, 0.3, 0, 0.1, 0.5, 0.2, 0.9),
    chosen: Int32Array.of(0, 0),
  });
  expect(losses.magnitudeTerm[0]).toBeCloseTo(4736.98926, 2);
  expect(losses.extraTerm[0]).toBeCloseTo(12.5, 4);
  expect(losses.sparse[0]).toBeCloseTo(0.00842852, 7);
  expect(losses.smooth[0]).toBeCloseTo(0.000592, 7);
  const bce = -(Math.log(0.9) + Math.log(0.7) + Math.log(0.1) + Math.log(0.2)) / 4;
  expect(losses.bce[0]).toBeCloseTo(bce, 5);
  await device.dispose();
});

test('the choice follows the masked lengths, equal ones by lower index', async () => {
  const device = await openDevice('cpu', { threads: 1 });
  const step = await device.compile(
    {
      name: 'selection',
      variables: {},
      inputs: { magnitudes: { shape: [2, 4] }, mask: { shape: [2, 4] } },
      run: (_, { magnitudes, mask }) => ({
        outputs: { indices: tf.cast(rtfmSelection(magnitudes, mask, 3), 'float32') },
      }),
    },
    device.variables({}),
  );
  const { indices } = await step.run({
    magnitudes: Float32Array.of(1, 9, 3, 2, 5, 5, 7, 5),
    mask: Float32Array.of(1, 0, 1, 1, 0, 0, 1, 0),
  });
  expect([...indices]).toEqual([2, 3, 0, 2, 0, 1]);
  await device.dispose();
});

test('a training step is the same traced and eagerly, running statistics included', async () => {
  const shape = { dim: 6, branch: 4, inter: 2, hidden1: 5, hidden2: 3 };
  const extent = { videos: 4, crops: 2, segments: 5 };
  // Not Adam, whose first step turns the rounding of a gradient that should be 0 into a whole step.
  const optimiser = createOptimiser({ name: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-3 });
  const results = [];
  for (const device of [await openDevice('cpu', { threads: 1 }), await openOracle()]) {
    const random = createRandom(11);
    const initial = initRtfm(shape, random);
    // A block that adds nothing would hide its own gradients.
    initial['Aggregate.non_local.W.1.weight'].data.fill(0.5);
    const variables = device.variables({ ...initial, ...allZeros(optimiser.slots(rtfmParameters(shape))) });
    const step = await device.compile(rtfmTrainStep(shape, extent, options, optimiser, 0.7), variables);
    const masks = Object.fromEntries(
      Object.entries(rtfmTrainMasks(shape, extent, 0.7)).map(([name, spec]) => [
        name,
        random.fillDropout(new Float32Array(sizeOf(spec.shape)), 0.7),
      ]),
    );
    const features = random.fillUniform(new Float32Array(4 * 2 * 5 * 6), 0, 1);
    const losses = await step.run({ features, learningRate: Float32Array.of(0.1), ...masks });
    results.push({ ...losses, ...(await variables.read()) });
    await device.dispose();
  }
  const [traced, eager] = results;
  for (const [name, values] of Object.entries(eager)) {
    const scale = Math.max(1, ...values.map(Math.abs));
    for (const [i, v] of values.entries())
      expect(Math.abs(traced[name][i] - v), `${name}[${i}]`).toBeLessThanOrEqual(2e-5 * scale);
  }
  for (const name of Object.keys(rtfmRunning(shape)))
    expect(
      traced[name].some((v) => v !== (name.endsWith('_var') ? 1 : 0)),
      name,
    ).toBe(true);
});
