// Rehearsals of every method in which each loop is left after its first turn, as it is for sets that are too large to be gone
// through: the course still reaches its end, and every training step is counted.
import { expect, test } from 'vitest';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { createRehearsal } from '../../../electron/features/rehearsal.ts';
import type { VideoFeatures } from '../../../electron/features/types.ts';
import { methods } from '../../../electron/methods/index.ts';
import { trainInput } from '../../fixtures/train-input.ts';

const device = await openDevice('cpu', { threads: 2 });
const videos: VideoFeatures[] = [9, 6, 12, 7, 8, 11].map((segments, videoId) => ({
  videoId,
  segments,
  crops: 2,
  dim: 5,
  data: createRandom(videoId).fillUniform(new Float32Array(segments * 2 * 5), 0, 1 + (videoId % 2)),
}));

const loop = {
  threshold: 'fixed',
  maxModules: 3,
  stepsPerModule: 2,
  convergeEps: 0,
  weakBatches: 4,
  bags: 2,
};
const cases: [name: keyof typeof methods, config: object, steps: number | null][] = [
  ['motion', {}, 0],
  ['rarity', {}, 0],
  ['ae', { members: 3, starts: 1, steps: 30, batchSize: 16 }, 90],
  ['c2fpl', { hidden1: 8, hidden2: 4, batchSize: 16, epochs: 5 }, 5 * 4],
  ['c2fpl', { hidden1: 8, hidden2: 4, batchSize: 16, epochs: 5, poolTo: 8 }, 5 * 3],
  ['gcl', { epochs: 4, epochsA: 4, epochsB: 4, batchSize: 40 }, null],
  ['cu', { epochs: 7, rounds: 3, roundEpochs: 5, pairs: 2, videoLabels: 'known' }, null],
  ['wocc-ws', { ...loop, weak: 'sultani', oneClassEpochs: 2, batchSize: 32 }, 3 * 2 * (2 * 4 + 4)],
  ['wocc-ws', { ...loop, weak: 'rtfm', oneClassEpochs: 2, batchSize: 32 }, 3 * 2 * (2 * 4 + 4)],
  ['rtfm', { videoLabels: 'known', batches: 9, pairs: 2, segments: 4 }, 9],
  ['sultani', { videoLabels: 'known', batches: 9, pairs: 2, segments: 4 }, 9],
];

test.each(cases)('%s %o reaches its end', async (name, config, steps) => {
  // Each look at the clock is a second later, and the time was up before the beginning.
  let time = 0;
  const rehearsal = createRehearsal({ now: () => ++time, until: 0, perLoop: 0 });
  const input = trainInput(videos, { videoLabels: [0, 1, 0, 1, 0, 1], device, rehearsal });
  await methods[name].train(input, methods[name].complete('import', { ...config }));
  const { seconds, steps: counted } = rehearsal.result();
  expect(seconds.likely).toBeGreaterThan(0);
  expect(counted.least).toBe(counted.most);
  if (steps === null) expect(counted.most).toBeGreaterThan(10);
  else expect(counted.most).toBe(steps);
});
