// 10,000 training steps, and graphs compiled again and again, leave neither tensors nor memory behind.
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, expect, test } from 'vitest';
import { openDevice } from '../../electron/compute/devices/open.ts';
import { allZeros } from '../../electron/compute/init.ts';
import { createOptimiser } from '../../electron/compute/optimisers.ts';
import { createRandom } from '../../electron/compute/random.ts';
import { autoencoderTrainStep } from '../../electron/nets/autoencoder.ts';
import { initMlp, mlpParameters } from '../../electron/nets/mlp.ts';

const MIB = 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** Bytes the process holds, without what only waits to be collected: native memory goes in the turns after a collection. */
async function held(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await setImmediate();
  }
  return process.memoryUsage().rss;
}

/**
 * What a process gains in one of five equal rounds of `work`, in bytes: the median, because a heap grows once by more
 * than a leak does in a round, and a leak is there in each of them.
 */
async function gained(work: () => Promise<void>): Promise<number> {
  const gains: number[] = [];
  let before = await held();
  for (let round = 0; round < 5; round++) {
    await work();
    const now = await held();
    gains.push(now - before);
    before = now;
  }
  return gains.sort((a, b) => a - b)[2];
}
const device = await openDevice('cpu', { threads: 1 });
afterAll(() => device.dispose());

const optimiser = createOptimiser({ name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 });

/** A network of these widths over a batch: 1.1 MB of values, so that a leak of one set per step shows at once. */
async function training(batch: number) {
  const shape = { widths: [128, 256, 64, 256, 128], slope: 0 };
  const variables = device.variables({
    ...initMlp(shape, createRandom(1)),
    ...allZeros(optimiser.slots(mlpParameters(shape))),
  });
  const step = await device.compile(autoencoderTrainStep(shape, batch, optimiser, 'l2'), variables);
  const features = createRandom(2).fillUniform(new Float32Array(batch * 128), 0, 1);
  const inputs = { features, learningRate: Float32Array.of(1e-4) };
  return {
    run: () => step.run(inputs),
    async end() {
      await step.dispose();
      await variables.dispose();
    },
  };
}

test('10,000 steps', async () => {
  const { run, end } = await training(4);
  for (let i = 0; i < 1000; i++) await run();
  const tensors = memory().numTensors;
  const perRound = await gained(async () => {
    for (let i = 0; i < 2000; i++) await run();
  });
  expect(memory().numTensors).toBe(tensors);
  // Leaked with every step, the smallest matrix would be 130 MB in a round, all values 2 GB.
  expect(perRound).toBeLessThan(32 * MIB);
  await end();
}, 600_000);

test('200 graphs, each over variables of its own', async () => {
  const once = async (batch: number): Promise<void> => {
    const { run, end } = await training(batch);
    await run();
    await end();
  };
  for (let i = 0; i < 100; i++) await once(1 + (i % 10));
  const tensors = memory().numTensors;
  const perRound = await gained(async () => {
    for (let i = 0; i < 40; i++) await once(1 + (i % 10));
  });
  expect(memory().numTensors).toBe(tensors);
  // The values of one network are 1.1 MB: leaked with every graph, they would be 44 MB in a round.
  expect(perRound).toBeLessThan(24 * MIB);
}, 600_000);
