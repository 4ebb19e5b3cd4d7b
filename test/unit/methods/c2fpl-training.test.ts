// Training of C2FPL's detector: what it learns, that it repeats itself, and that it goes on where it stopped.
import { describe, expect, test } from 'vitest';
import type { ComputeDevice } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { openOracle } from '../../../electron/compute/devices/oracle.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { segmentsOf } from '../../../electron/features/stretches.ts';
import type { VideoFeatures } from '../../../electron/features/types.ts';
import { c2fplConfig } from '../../../electron/methods/c2fpl/config.ts';
import {
  type DetectorTraining,
  epochsFor,
  learningRateAt,
  trainDetector,
} from '../../../electron/methods/c2fpl/detector-training.ts';
import { AppError } from '../../../shared/errors.ts';
import { type Kept, trainInput } from '../../fixtures/train-input.ts';

const device = await openDevice('cpu', { threads: 2 });

/** Videos whose anomalous segments lie elsewhere in feature space. */
function pool(lengths: number[], crops = 2, dim = 4): { videos: VideoFeatures[]; labels: Uint8Array } {
  const random = createRandom(11);
  const labels = Uint8Array.from({ length: lengths.reduce((a, b) => a + b, 0) }, () => random.integer(2));
  let at = 0;
  const videos = lengths.map((segments, videoId) => {
    const data = random.fillNormal(new Float32Array(segments * crops * dim), 0, 0.3);
    for (let t = 0; t < segments; t++, at++) {
      for (let i = 0; i < crops * dim; i++) data[t * crops * dim + i] += labels[at] ? 1 : -1;
    }
    return { videoId, segments, crops, dim, data };
  });
  return { videos, labels };
}

function training(
  changes: Partial<DetectorTraining> = {},
  settings: Record<string, unknown> = {},
): DetectorTraining & Kept {
  const { videos, labels } = pool([7, 12, 4]);
  const config = c2fplConfig.parse({ hidden1: 8, hidden2: 4, batchSize: 10, epochs: 6, ...settings });
  return { ...trainInput(videos, { seed: 5 }), labels, config, device, ...changes };
}

describe('the detector', () => {
  test('learns labels that follow the features', async () => {
    const t = training({}, { epochs: 60, learningRate: 0.1, dropout: 0.2 });
    const { scores, losses } = await trainDetector(t);
    const all = scores.flatMap((s) => [...s]);
    const mean = (wanted: number) => {
      const own = all.filter((_, i) => t.labels[i] === wanted);
      return own.reduce((a, b) => a + b, 0) / own.length;
    };
    expect(mean(1)).toBeGreaterThan(0.9);
    expect(mean(0)).toBeLessThan(0.1);
    expect(losses.at(-1)).toBeLessThan(losses[0] / 3);
    expect(scores.map((s) => s.length)).toEqual([7, 12, 4]);
  });

  test('gives the same bits for the same seed and others for another', async () => {
    const first = await trainDetector(training());
    expect(await trainDetector(training())).toEqual(first);
    expect((await trainDetector(training({ seed: 6 }))).scores).not.toEqual(first.scores);
  });

  test('trains as TF.js does, short last batch included', async () => {
    const actual = await trainDetector(training());
    const expected = await trainDetector(training({ device: await openOracle() }));
    expect(actual.stepsPerEpoch).toBe(3);
    for (const [i, loss] of expected.losses.entries()) expect(actual.losses[i]).toBeCloseTo(loss, 5);
    for (const [v, scores] of expected.scores.entries()) {
      for (const [t, score] of scores.entries()) expect(actual.scores[v][t]).toBeCloseTo(score, 5);
    }
  });

  test('reports loss and learning rate of every epoch', async () => {
    const t = training();
    const { losses } = await trainDetector(t);
    expect(t.curve.filter((p) => p.series === 'loss').map((p) => [p.x, p.y])).toEqual(
      losses.map((y, i) => [i + 1, y]),
    );
    const rates = t.curve.filter((p) => p.series === 'learning rate').map((p) => p.y);
    expect(rates).toEqual([0.01, 0.01, 0.01, 0.001, 0.001, 0.0001].map((y) => expect.closeTo(y, 9)));
  });

  test('trains a single batch that is larger than the pool, and scores videos of any length', async () => {
    const t = training({ ...pool([1, 1, 3]) }, { batchSize: 128, epochs: 2 });
    const { stepsPerEpoch, scores } = await trainDetector(t);
    expect(stepsPerEpoch).toBe(1);
    expect(scores.map((s) => s.length)).toEqual([1, 1, 3]);
  });

  test('attention over a batch scores each video by itself', async () => {
    const settings = { attention: 'batch', epochs: 2 };
    const { scores } = await trainDetector(training({}, settings));
    const reference = await trainDetector(training({ device: await openOracle() }, settings));
    for (const [v, expected] of reference.scores.entries()) {
      for (const [t, score] of expected.entries()) expect(scores[v][t]).toBeCloseTo(score, 4);
    }
  });
});

describe('stopping and going on', () => {
  test('a run that goes on from any step ends with the same bits', async () => {
    const whole = training();
    const expected = await trainDetector(whole);
    expect(whole.checkpoints).toHaveLength(18);
    for (const [i, bytes] of whole.checkpoints.entries()) {
      const t = training({ loadCheckpoint: async () => bytes });
      expect(await trainDetector(t), `checkpoint ${i}`).toEqual(expected);
      expect(t.curve).toEqual(whole.curve);
      expect(t.checkpoints).toEqual(whole.checkpoints.slice(i + 1));
    }
  });

  test('a cancelled run stops after its step, is saved, and can go on', async () => {
    const expected = await trainDetector(training());
    const abort = new AbortController();
    // Saves only what it must: the first step, and where it is cancelled.
    const stopped = training({ signal: abort.signal, saveEvery: 1e6 });
    const { points } = stopped;
    stopped.points = (list) => {
      points(list);
      if (list.some(({ x }) => x === 3)) abort.abort();
    };
    await expect(trainDetector(stopped)).rejects.toMatchObject({ code: 'cancelled' });
    expect(stopped.checkpoints).toHaveLength(2);
    const again = training({ loadCheckpoint: async () => stopped.checkpoints[1] });
    expect(await trainDetector(again)).toEqual(expected);
    expect(again.checkpoints).toHaveLength(9);
  });

  test('refuses the checkpoint of another run and a broken one', async () => {
    const whole = training();
    await trainDetector(whole);
    const bytes = whole.checkpoints[0];
    const load = async () => bytes;
    await expect(trainDetector(training({ loadCheckpoint: load, seed: 6 }))).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(trainDetector(training({ loadCheckpoint: load }, { dropout: 0.1 }))).rejects.toMatchObject({
      code: 'conflict',
    });
    const cut = async () => bytes.slice(0, bytes.length - 1);
    await expect(trainDetector(training({ loadCheckpoint: cut }))).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe('limits', () => {
  test('halves the batch when memory runs out, says so, and goes on with it', async () => {
    // A device that has room for four segments at a time.
    const small: ComputeDevice = {
      ...device,
      compile: (step, variables) => {
        if (step.inputs.features.shape[0] > 4) throw new AppError('out_of_memory', 'full');
        return device.compile(step, variables);
      },
    };
    const t = training({ device: small });
    const { batchSize, notes } = await trainDetector(t);
    expect(batchSize).toBe(3);
    expect(notes).toEqual([expect.stringContaining('batches of 3 segments')]);
    const again = training({ device: small, loadCheckpoint: async () => t.checkpoints[2] });
    await trainDetector(again);
    expect(again.checkpoints).toEqual(t.checkpoints.slice(3));
  });

  test('says that training diverged', async () => {
    const t = training();
    segmentsOf(t.videos[0], 0, 1)[0] = Number.NaN;
    await expect(trainDetector(t)).rejects.toThrow('Training diverged in epoch 1');
  });

  test('refuses an empty pool', async () => {
    await expect(trainDetector(training({ videos: [], labels: new Uint8Array(0) }))).rejects.toMatchObject({
      code: 'bad_input',
    });
  });

  test('epochs and learning rates follow methods.md 2.5', () => {
    expect(epochsFor({ epochs: 0 }, 3)).toBe(134);
    expect(epochsFor({ epochs: 0 }, 6094)).toBe(30);
    expect(epochsFor({ epochs: 100 }, 3)).toBe(100);
    const rates = (schedule: 'proportional' | 'code' | 'constant', epochs: number) =>
      Array.from({ length: epochs }, (_, e) =>
        Math.round(learningRateAt({ learningRate: 0.01, schedule }, e, epochs) * 1e6),
      );
    // 30 epochs: the proportional schedule is the published one.
    expect(rates('proportional', 30)).toEqual(rates('code', 30));
    expect(rates('code', 30).lastIndexOf(10_000)).toBe(14);
    expect(rates('code', 30).lastIndexOf(1000)).toBe(24);
    expect(rates('proportional', 134).lastIndexOf(10_000)).toBe(66);
    expect(new Set(rates('constant', 40))).toEqual(new Set([10_000]));
  });
});
