// The networks of CU-Net: sizes, closed forms of the losses, and training steps against TF.js.
import { describe, expect, test } from 'vitest';
import type { ComputeDevice, Step, Values } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { openOracle } from '../../../electron/compute/devices/oracle.ts';
import { sizeOf } from '../../../electron/compute/graph/graph.ts';
import { allZeros } from '../../../electron/compute/init.ts';
import { createOptimiser } from '../../../electron/compute/optimisers.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import {
  clipClassifierMasks,
  clipClassifierParameterCount,
  clipClassifierParameters,
  clipClassifierTrainStep,
  initClipClassifier,
} from '../../../electron/nets/clip-classifier.ts';
import {
  type GeneratorLossOptions,
  generatorLosses,
  initMultiHead,
  multiHeadMasks,
  multiHeadParameterCount,
  multiHeadParameters,
  multiHeadTrainStep,
} from '../../../electron/nets/multi-head.ts';

const cpu = await openDevice('cpu', { threads: 1 });

test('the published sizes', () => {
  const heads = { heads: 2, dim: 2048, hidden1: 512, hidden2: 128 };
  expect(multiHeadParameterCount(heads)).toBe(2_229_762);
  const classifier = { inputDim: 4096, hidden1: 512, hidden2: 32 };
  expect(clipClassifierParameterCount(classifier)).toBe(2_114_146);
});

describe('losses of the generator', () => {
  async function losses(logits: Values, options: Partial<GeneratorLossOptions> = {}) {
    const variables = cpu.variables({ logits });
    const step = await cpu.compile(
      {
        name: 'losses',
        variables: variables.specs,
        inputs: {},
        run: ({ logits: a }) => ({
          outputs: {
            ...generatorLosses(a, 1, { pairing: 'oneToOne', norm: 'cmcs', alpha: 10, ...options }),
          },
        }),
      },
      variables,
    );
    const out = await step.run({});
    await step.dispose();
    return Object.fromEntries(Object.entries(out).map(([name, [value]]) => [name, value]));
  }
  const values = (shape: number[], ...data: number[]) => ({ shape, data: Float32Array.from(data) });

  test('the hinge compares the highest labels of both videos', async () => {
    // One head, two segments: labels sigmoid(0) = .5 and sigmoid(ln 3) = .75 against sigmoid(-ln 3) = .25.
    const third = Math.log(3);
    const { mil, diversity, norm, total } = await losses(values([2, 1, 2], 0, third, -third, -9));
    expect(mil).toBeCloseTo(1 - 0.75 + 0.25, 5);
    expect([diversity, norm]).toEqual([0, 0]);
    expect(total).toBeCloseTo(mil, 6);
  });

  test('heads that agree have diversity 1, heads that share nothing nearly 0', async () => {
    const same = await losses(values([2, 2, 2], 3, -3, 3, -3, 1, 2, 1, 2));
    expect(same.diversity).toBeCloseTo(1, 5);
    const apart = await losses(values([2, 2, 2], 20, -20, -20, 20, 20, -20, -20, 20));
    expect(apart.diversity).toBeCloseTo(0, 5);
  });

  test('the norm term balances magnitudes, or is the difference of norms', async () => {
    // First video: heads of mean magnitude 1 and 3, each 1 from their mean; second video: balanced.
    const logits = values([2, 2, 2], 1, 1, 3, 3, 2, 2, 2, 2);
    expect((await losses(logits)).norm).toBeCloseTo(0.5, 5);
    // Same direction everywhere: the mean norm is the norm of the mean.
    expect((await losses(logits, { norm: 'literal' })).norm).toBeCloseTo(0, 5);
    const opposite = values([2, 2, 2], 3, 4, -3, -4, 0, 1, 0, 1);
    expect((await losses(opposite, { norm: 'literal' })).norm).toBeCloseTo(5 / 2, 5);
  });
});

/** Outputs and variables after three steps with dropout. */
async function threeSteps(device: ComputeDevice, step: Step, initial: Record<string, Values>) {
  const random = createRandom(8);
  const variables = device.variables(initial);
  const compiled = await device.compile(step, variables);
  const outputs: number[] = [];
  for (let i = 0; i < 3; i++) {
    const inputs = Object.fromEntries(
      Object.entries(step.inputs).map(([name, { shape }]) => {
        const data = new Float32Array(sizeOf(shape));
        if (name === 'learningRate') data.fill(0.1);
        else if (name.startsWith('mask')) random.fillDropout(data, 0.5);
        else random.fillUniform(data, 0, 1);
        return [name, data];
      }),
    );
    for (const value of Object.values(await compiled.run(inputs))) outputs.push(...value);
  }
  const after = Object.values(await variables.read()).flatMap((data) => [...data]);
  await compiled.dispose();
  return [...outputs, ...after];
}

async function asTfjs(step: Step, initial: Record<string, Values>): Promise<void> {
  const actual = await threeSteps(cpu, step, initial);
  const expected = await threeSteps(await openOracle(), step, initial);
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 4);
}

test.each(['oneToOne', 'allPairs'] as const)('the generator trains as TF.js does, %s', async (pairing) => {
  const shape = { heads: 3, dim: 5, hidden1: 7, hidden2: 6 };
  const extent = { videos: 6, crops: 2, segments: 4 };
  const optimiser = createOptimiser({ name: 'adadelta', rho: 0.9, eps: 1e-6 });
  const step = multiHeadTrainStep(shape, extent, { pairing, norm: 'cmcs', alpha: 2 }, optimiser, 0.5);
  expect(Object.keys(multiHeadMasks(shape, extent, 0.5))).toHaveLength(6);
  await asTfjs(step, {
    ...initMultiHead(shape, createRandom(1)),
    ...allZeros(optimiser.slots(multiHeadParameters(shape))),
  });
});

test('the classifier trains as TF.js does', async () => {
  const shape = { inputDim: 6, hidden1: 9, hidden2: 5 };
  const extent = { batch: 7, crops: 3 };
  const optimiser = createOptimiser({ name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay: 5e-4 });
  expect(Object.keys(clipClassifierMasks(shape, extent, 0))).toHaveLength(0);
  await asTfjs(clipClassifierTrainStep(shape, extent, optimiser, 0.5), {
    ...initClipClassifier(shape, createRandom(1)),
    ...allZeros(optimiser.slots(clipClassifierParameters(shape))),
  });
});
