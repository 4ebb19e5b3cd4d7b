// A short training of the detector on any device, compared with TF.js' own cpu backend.
// Role: shared by the tests of devices. Limits: shapes of a few units, so that a software adapter can follow.
import { expect } from 'vitest';
import type { ComputeDevice } from '../../../electron/compute/device.ts';
import { openOracle } from '../../../electron/compute/devices/oracle.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import {
  type DetectorShape,
  detectorMasks,
  detectorParameters,
  detectorScoreStep,
  detectorTrainStep,
  initDetector,
} from '../../../electron/nets/detector.ts';

const batch = 6;
const crops = 3;
const optimiser = createOptimiser({ name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 });

/** Three training steps with dropout, then scores by a second step over the same variables. */
export async function trainAndScore(device: ComputeDevice, attention: DetectorShape['attention']) {
  const shape: DetectorShape = { dim: 5, hidden1: 8, hidden2: 4, attention };
  const extent = { batch, crops };
  const random = createRandom(3);
  const variables = device.variables({
    ...initDetector(shape, random),
    ...allZeros(optimiser.slots(detectorParameters(shape))),
  });
  const train = await device.compile(detectorTrainStep(shape, extent, optimiser, 0.5), variables);
  const score = await device.compile(detectorScoreStep(shape, extent), variables);
  const features = random.fillNormal(new Float32Array(batch * crops * shape.dim), 0, 1);
  const labels = Float32Array.from({ length: batch }, () => random.integer(2));
  const losses: number[] = [];
  for (let i = 0; i < 3; i++) {
    const masks = Object.fromEntries(
      Object.entries(detectorMasks(shape, extent, 0.5)).map(([name, spec]) => [
        name,
        random.fillDropout(new Float32Array(spec.shape[0]! * spec.shape[1]!), 0.5),
      ]),
    );
    const { loss } = await train.run({ features, labels, learningRate: Float32Array.of(0.01), ...masks });
    losses.push(loss![0]!);
  }
  const present = new Float32Array(batch).fill(1);
  const { scores } = await score.run({ features, ...(attention === 'batch' && { present }) });
  const values = await variables.read();
  await train.dispose();
  await score.dispose();
  await variables.dispose();
  return { losses, scores: scores!, values };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(tolerance);
}

/** The same training here and on the reference: losses, scores and every value within `tolerance`. */
export async function expectSame(
  device: ComputeDevice,
  attention: DetectorShape['attention'],
  tolerance: number,
) {
  const actual = await trainAndScore(device, attention);
  const expected = await trainAndScore(await openOracle(), attention);
  expectClose(actual.losses, expected.losses, tolerance);
  expectClose(actual.scores, expected.scores, tolerance);
  for (const [name, values] of Object.entries(expected.values))
    expectClose(actual.values[name]!, values, tolerance);
  expect(new Set(expected.losses).size).toBe(3);
}
