// The ranking network: published numbers (methods.md 3.8, 10), and a traced training step against TF.js' own backend.
import { expect, test } from 'vitest';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { openOracle } from '../../../electron/compute/devices/oracle.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import {
  initSultani,
  sultaniMasks,
  sultaniParameterCount,
  sultaniParameters,
  sultaniScoreStep,
  sultaniTrainStep,
} from '../../../electron/nets/sultani.ts';

const shape = { dim: 6, hidden1: 8, hidden2: 4 };
const options = { margin: 1, lambdaSparse: 8e-5, lambdaSmooth: 8e-5, l2: 0.001 };
const optimiser = createOptimiser({ name: 'adagrad', eps: 1e-8 });

test('has 2,114,113 parameters for C3D and 1,065,537 for I3D', () => {
  expect(sultaniParameterCount({ dim: 4096, hidden1: 512, hidden2: 32 })).toBe(2_114_113);
  expect(sultaniParameterCount({ dim: 2048, hidden1: 512, hidden2: 32 })).toBe(1_065_537);
});

test('a training step is the same traced and eagerly', async () => {
  const extent = { bags: 5, segments: 4, abnormal: 2 };
  const results = [];
  for (const device of [await openDevice('cpu', { threads: 1 }), await openOracle()]) {
    const random = createRandom(5);
    const variables = device.variables({
      ...initSultani(shape, random),
      ...allZeros(optimiser.slots(sultaniParameters(shape))),
    });
    const step = await device.compile(sultaniTrainStep(shape, extent, options, optimiser, 0.6), variables);
    const masks = Object.fromEntries(
      Object.entries(sultaniMasks(shape, extent, 0.6)).map(([name, spec]) => [
        name,
        random.fillDropout(new Float32Array(spec.shape[0] * spec.shape[1]), 0.6),
      ]),
    );
    const features = random.fillUniform(new Float32Array(5 * 4 * 6), 0, 1);
    const losses = await step.run({ features, learningRate: Float32Array.of(0.01), ...masks });
    results.push({ ...losses, ...(await variables.read()) });
    await device.dispose();
  }
  const [traced, eager] = results;
  for (const [name, values] of Object.entries(eager))
    expect([...traced[name]], name).toEqual([...values].map((v) => expect.closeTo(v, 5)));
  const { total, hinge, sparsity, smoothness, penalty } = traced;
  expect(total[0]).toBeCloseTo(hinge[0] + sparsity[0] + smoothness[0] + penalty[0], 5);
});

test('learns to put abnormal bags above normal ones', async () => {
  const extent = { bags: 8, segments: 4, abnormal: 4 };
  const device = await openDevice('cpu', { threads: 1 });
  const random = createRandom(2);
  const variables = device.variables({
    ...initSultani(shape, random),
    ...allZeros(optimiser.slots(sultaniParameters(shape))),
  });
  const features = random.fillUniform(new Float32Array(8 * 4 * 6), 0, 0.1);
  // Abnormal bags are large in one dimension.
  for (let segment = 0; segment < 16; segment++) features[segment * 6] = 1;
  const step = await device.compile(sultaniTrainStep(shape, extent, options, optimiser, 0), variables);
  for (let i = 0; i < 150; i++) await step.run({ features, learningRate: Float32Array.of(0.05) });
  const score = await device.compile(sultaniScoreStep(shape, extent), variables);
  const { scores } = await score.run({ features });
  const highest = Array.from({ length: 8 }, (_, bag) => Math.max(...scores.subarray(bag * 4, bag * 4 + 4)));
  expect(Math.min(...highest.slice(0, 4))).toBeGreaterThan(Math.max(...highest.slice(4)) + 0.5);
  await device.dispose();
});
