// Training from files under a budget of memory gives the bits of training in memory, for every method.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { openFeatures } from '../../../electron/features/load.ts';
import type { FeatureVideo } from '../../../electron/features/types.ts';
import { writeNpy } from '../../../electron/formats/npy.ts';
import { methods } from '../../../electron/methods/index.ts';
import type { TrainOutput } from '../../../electron/methods/method.ts';
import { trainInput } from '../../fixtures/train-input.ts';
import { UNWATCHED } from '../../fixtures/unwatched.ts';

const folder = mkdtempSync(join(tmpdir(), 'zerolabel-stored-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const device = await openDevice('cpu', { threads: 2 });

const [CROPS, DIM] = [3, 8];
const LENGTHS = [30, 1, 17, 40, 9, 24];
const random = createRandom(9);
const sources = LENGTHS.map((segments, videoId) => {
  const level = videoId % 2 === 0 ? 1 : 2;
  const data = random.fillNormal(new Float32Array(segments * CROPS * DIM), 0.5, level);
  const path = join(folder, `${videoId}.npy`);
  writeFileSync(path, writeNpy(data, [segments, CROPS, DIM], 'f4'));
  return { videoId, path, segments, crops: CROPS, dim: DIM };
});
const bytes = LENGTHS.reduce((sum, segments) => sum + segments * CROPS * DIM * 4, 0);
const quiet = { scratch: join(folder, 'scratch'), ...UNWATCHED };

async function train(
  name: keyof typeof methods,
  videos: FeatureVideo[],
  config: object,
): Promise<TrainOutput> {
  const output = await methods[name].train(
    trainInput(videos, {
      videoLabels: LENGTHS.map((_, v) => (v % 2 === 0 ? 0 : 1)),
      seed: 4,
      device,
      saveEvery: 1e6,
    }),
    methods[name].complete('import', { ...config }),
  );
  // Time is the one thing that may differ.
  const notes = output.notes.map((note) => note.replaceAll(/[\d.]+ (ms|s|seconds)\b/g, '- $1'));
  return { ...output, notes, provenance: { ...output.provenance, secondsPerModule: null } };
}

const small = { hidden1: 8, hidden2: 4, batchSize: 16, epochs: 3 };
const smallCu = {
  videoLabels: 'known',
  generatorHidden1: 8,
  generatorHidden2: 4,
  classifierHidden1: 8,
  classifierHidden2: 4,
  batchSize: 16,
  pairs: 2,
  epochs: 3,
  roundEpochs: 2,
  rounds: 2,
  passes: 3,
  roundPasses: 3,
};
const cases: [keyof typeof methods, string, object][] = [
  ['motion', 'one scale per video', { scaleBy: 'video' }],
  ['rarity', 'with activity balance', { balance: '0.5' }],
  ['ae', 'with activity balance', { members: 2, steps: 130, batchSize: 32, balance: '0.75' }],
  ['c2fpl', 'scaled over the pool', { ...small, scaleBy: 'pool' }],
  ['c2fpl', 'attention over whole videos', { ...small, attention: 'batch' }],
  ['c2fpl', 'a fixed number of segments', { ...small, poolTo: 4 }],
  [
    'gcl',
    'pre-trained, vectors of length 1',
    { variant: 'pt', normalise: 'l2', epochs: 2, epochsA: 2, epochsB: 2 },
  ],
  ['gcl', 'every dimension stretched', { variant: 'b', normalise: 'minmax', epochs: 2, batchSize: 50 }],
  ['gcl', 'one scale per video', { variant: 'b', normalise: 'video', epochs: 2, batchSize: 50 }],
  ['cu', 'vectors of length 1, one crop at a time', { ...smallCu, scaleBy: 'unit' }],
  [
    'wocc-ws',
    'autoencoder and ranking network',
    { weak: 'sultani', maxModules: 1, stepsPerModule: 1, oneClassEpochs: 1, weakBatches: 4, bags: 2 },
  ],
  ['sultani', 'by itself', { videoLabels: 'known', batches: 4, pairs: 2, segments: 4 }],
  ['rtfm', 'by itself', { videoLabels: 'known', batches: 3, pairs: 2, segments: 4 }],
  ['cu', 'all crops', { ...smallCu, classifierCrops: 'all', generatorCrops: 'all' }],
];

test.each(cases)('%s, %s', async (name, _what, config) => {
  const inMemory = await openFeatures(sources, { budget: 2 * bytes, ...quiet });
  const expected = await train(name, inMemory.videos, config);
  for (const budget of [1, bytes / 10]) {
    const { videos, stored, close } = await openFeatures(sources, { budget, ...quiet });
    expect(stored).toBe(true);
    expect(await train(name, videos, config)).toEqual(expected);
    close();
    expect(existsSync(join(quiet.scratch, 'features.tmp'))).toBe(false);
  }
});
