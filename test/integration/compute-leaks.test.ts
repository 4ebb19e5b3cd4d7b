// 10,000 training steps, and graphs compiled again and again, leave neither tensors nor memory behind.
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
/** What a process of Node gains and loses by itself. */
const SLACK = 48 * MIB;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** Bytes the process holds, without what only waits to be collected. */
function held(): number {
  collectGarbage();
  return process.memoryUsage().rss;
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
  // By then the heap has the size it keeps: garbage of some 2,000 steps is what a collection waits for.
  for (let i = 0; i < 3000; i++) await run();
  const tensors = memory().numTensors;
  const before = held();
  for (let i = 0; i < 10_000; i++) await run();
  expect(memory().numTensors).toBe(tensors);
  // One leaked set of values per step would be 10 GB, one leaked output 40 MB of handles alone.
  expect(held() - before).toBeLessThan(SLACK);
  await end();
}, 300_000);

test('200 graphs, each over variables of its own', async () => {
  const once = async (batch: number): Promise<void> => {
    const { run, end } = await training(batch);
    await run();
    await end();
  };
  for (let i = 0; i < 60; i++) await once(1 + (i % 10));
  const tensors = memory().numTensors;
  const before = held();
  for (let i = 0; i < 200; i++) await once(1 + (i % 10));
  expect(memory().numTensors).toBe(tensors);
  expect(held() - before).toBeLessThan(SLACK);
}, 300_000);
