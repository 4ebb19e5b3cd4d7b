// Methods that learn from whole videos of a fixed number of segments keep to the memory given, too. Counted are the bytes
// of arrays that are alive whenever the device is asked for a step, in a process of its own; the same run over features in memory shows that the count sees them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, expect, test } from 'vitest';
import type { ComputeDevice } from '../../electron/compute/device.ts';
import { openDevice } from '../../electron/compute/devices/open.ts';
import { createRandom } from '../../electron/compute/random.ts';
import { openFeatures } from '../../electron/features/load.ts';
import type { FeatureVideo } from '../../electron/features/types.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { methods } from '../../electron/methods/index.ts';
import { trainInput } from '../fixtures/train-input.ts';

const folder = mkdtempSync(join(tmpdir(), 'zerolabel-budget-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
/** Bytes of arrays that are alive. What a collection frees is counted off by another thread, and at times a turn later. */
async function alive(enough = 0): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5 && least > enough; turn++) {
    if (turn > 0) await setImmediate();
    collect();
    least = Math.min(least, process.memoryUsage().arrayBuffers);
  }
  return least;
}
const device = await openDevice('cpu', { threads: 2 });

const MIB = 2 ** 20;
const [VIDEOS, SEGMENTS, CROPS, DIM] = [40, 32, 4, 1024];
const BYTES = 4 * VIDEOS * SEGMENTS * CROPS * DIM;
const BUDGET = 2 * MIB;
/** What passes through: parts of a file, one video that is pooled, batches, weights and their updates. The set is twice that. */
const PASSING = 9 * MIB;
const EVERY = 8;
const random = createRandom(9);
const sources = Array.from({ length: VIDEOS }, (_, videoId) => {
  const data = random.fillNormal(new Float32Array(SEGMENTS * CROPS * DIM), 0.5, 1 + (videoId % 2));
  const path = join(folder, `${videoId}.npy`);
  writeFileSync(path, writeNpy(data, [SEGMENTS, CROPS, DIM], 'f4'));
  return { videoId, path, segments: SEGMENTS, crops: CROPS, dim: DIM };
});

/** The device, and the most bytes of arrays that were alive when a step began. */
function counting(): { device: ComputeDevice; most(): number } {
  let most = 0;
  let steps = 0;
  return {
    most: () => most,
    device: {
      ...device,
      async compile(step, variables) {
        const compiled = await device.compile(step, variables);
        return {
          async run(inputs) {
            // Not at every step: to collect takes longer than the step.
            if (steps++ % EVERY === 0) most = Math.max(most, await alive(most));
            return compiled.run(inputs);
          },
          dispose: () => compiled.dispose(),
        };
      },
    },
  };
}

async function heldBy(
  name: keyof typeof methods,
  config: Record<string, unknown>,
  budget: number,
): Promise<number> {
  const before = await alive();
  const scratch = join(folder, 'scratch');
  const { videos, close } = await openFeatures(sources, {
    budget,
    scratch,
    signal: new AbortController().signal,
    progress: () => {},
  });
  const counted = counting();
  const input = trainInput(videos as FeatureVideo[], {
    videoLabels: sources.map((_, v) => (v % 2 === 0 ? 0 : 1)),
    seed: 4,
    device: counted.device,
    saveEvery: 1e6,
  });
  await methods[name].train(input, methods[name].complete('import', config));
  close();
  return counted.most() - before;
}

const narrow = { scaleBy: 'none', videoLabels: 'known' };
const cases: [keyof typeof methods, string, Record<string, unknown>][] = [
  [
    'cu',
    'both stages',
    {
      ...narrow,
      ...{ generatorHidden1: 8, generatorHidden2: 4, classifierHidden1: 8, classifierHidden2: 4 },
      ...{ batchSize: 64, pairs: 2, epochs: 1, roundEpochs: 1, rounds: 1, passes: 2, roundPasses: 2 },
      ...{ generatorCrops: 'all', segments: SEGMENTS },
    },
  ],
  [
    'c2fpl',
    'a fixed number of segments',
    { scaleBy: 'none', hidden1: 8, hidden2: 4, batchSize: 64, epochs: 1, poolTo: SEGMENTS },
  ],
  ['sultani', 'by itself', { ...narrow, batches: 4, pairs: 2, segments: SEGMENTS }],
];

test.each(cases)(
  '%s, %s',
  async (name, _what, config) => {
    expect(await heldBy(name, config, 4 * BYTES)).toBeGreaterThan(BYTES);
    expect(await heldBy(name, config, BUDGET)).toBeLessThan(1.3 * BUDGET + PASSING);
  },
  120_000,
);
