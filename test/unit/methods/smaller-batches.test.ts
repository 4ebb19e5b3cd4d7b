// Devices with too little memory: every method that trains goes on with smaller batches, and a run that was stopped then
// goes on with those.
import { describe, expect, test } from 'vitest';
import type { ComputeDevice } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import type { VideoFeatures } from '../../../electron/features/types.ts';
import { methods } from '../../../electron/methods/index.ts';
import type { TrainInput, TrainOutput } from '../../../electron/methods/method.ts';
import { withSmallerBatches } from '../../../electron/methods/smaller-batches.ts';
import { AppError } from '../../../shared/errors.ts';
import { trainInput } from '../../fixtures/train-input.ts';

const device = await openDevice('cpu', { threads: 2 });

/** The next `times` training steps do not fit. */
function tight(times: number): ComputeDevice {
  let left = times;
  return {
    ...device,
    compile(step, variables) {
      if ('learningRate' in step.inputs && left-- > 0) throw new AppError('out_of_memory', 'full');
      return device.compile(step, variables);
    },
  };
}

const videos: VideoFeatures[] = [9, 6, 12, 7].map((segments, videoId) => ({
  videoId,
  segments,
  crops: 2,
  dim: 5,
  data: createRandom(videoId).fillUniform(new Float32Array(segments * 2 * 5), 0, 1 + (videoId % 2)),
}));
const given = (changes: Parameters<typeof trainInput>[1]) =>
  trainInput(videos, { videoLabels: [0, 1, 0, 1], seed: 4, ...changes });
/** Time is the one thing that may differ. */
const timeless = ({ notes, provenance, ...output }: TrainOutput) => ({
  ...output,
  notes: notes.map((note) => note.replaceAll(/[\d.]+ s\b/g, '- s')),
  provenance: { ...provenance, secondsPerModule: null },
});

const loop = { maxModules: 1, stepsPerModule: 1, oneClassEpochs: 1, weakBatches: 4 };
const cases: [keyof typeof methods, string, object, string][] = [
  ['ae', 'batches', { members: 2, steps: 30, batchSize: 16 }, 'batches of 4.'],
  ['c2fpl', 'batches', { hidden1: 8, hidden2: 4, batchSize: 16, epochs: 3 }, 'batches of 4 segments'],
  ['gcl', 'batches', { variant: 'b', normalise: 'none', epochs: 2, batchSize: 40 }, 'too little memory'],
  [
    'sultani',
    'bags',
    { videoLabels: 'known', batches: 6, pairs: 4, segments: 4 },
    'one video of each kind in a step',
  ],
  [
    'rtfm',
    'bags',
    { videoLabels: 'known', batches: 6, pairs: 4, segments: 4 },
    'one video of each kind in a step',
  ],
  [
    'wocc-ws',
    'batches of both models',
    { ...loop, weak: 'sultani', bags: 4, batchSize: 16 },
    'batches 4 times smaller',
  ],
];

test.each(cases)(
  '%s halves its %s twice, says so, and goes on with them',
  async (name, _what, config, note) => {
    const train = (input: TrainInput) =>
      methods[name].train(input, methods[name].complete('import', { ...config }));
    const whole = given({ device: tight(2) });
    const expected = await train(whole);
    expect(expected.notes.join(' ')).toContain('too little memory');
    expect(expected.notes.join(' ')).toContain(note);
    // Memory is no obstacle any more, and still the batches are those it began with.
    const again = given({ device, loadCheckpoint: async () => whole.checkpoints[0] });
    expect(timeless(await train(again))).toEqual(timeless(expected));
    await expect(train(given({ device: tight(99) }))).rejects.toMatchObject({
      code: 'out_of_memory',
    });
  },
);

describe('withSmallerBatches', () => {
  test('halves for want of memory only', async () => {
    const divisors: number[] = [];
    const train = async ({ divisor }: { divisor: number }) => {
      divisors.push(divisor);
      throw new AppError(divisor < 4 ? 'out_of_memory' : 'internal', 'so');
    };
    const told: string[] = [];
    const progress = (_done: number, _total: number, _unit: string, message: string) =>
      void told.push(message);
    const batches = { run: 'a', smallest: 64, loadCheckpoint: async () => null, progress };
    await expect(withSmallerBatches(batches, train)).rejects.toMatchObject({ code: 'internal' });
    expect(divisors).toEqual([1, 2, 4]);
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('batches of half the size');
  });
});
