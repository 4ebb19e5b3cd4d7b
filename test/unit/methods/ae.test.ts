// The autoencoder ensemble: what it learns, that it repeats itself, that it goes on where it stopped, and what it says.
import { beforeAll, describe, expect, test } from 'vitest';
import { readBundle } from '../../../electron/compute/bundle.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { aeConfig, aeInfo, networkShape } from '../../../electron/methods/ae/config.ts';
import { ae } from '../../../electron/methods/ae/method.ts';
import { trainEnsemble } from '../../../electron/methods/ae/training.ts';
import type { TrainInput, TrainOutput, VideoFeatures } from '../../../electron/methods/method.ts';
import type { CurvePoint } from '../../../shared/contract/entities.ts';
import { trainInput } from '../../fixtures/train-input.ts';

const device = await openDevice('cpu', { threads: 2 });

/** Ten numbers on a curve of one parameter; in segment 6 of the last video they lie off it, no longer than the others. */
function scenes(): VideoFeatures[] {
  const random = createRandom(8);
  return Array.from({ length: 6 }, (_, v) => {
    const data = new Float32Array(10 * 4 * 10);
    for (let row = 0; row < 40; row++) {
      const angle = random.uniform() * Math.PI;
      const odd = v === 5 && Math.floor(row / 4) === 6;
      for (let d = 0; d < 10; d++) {
        data[row * 10 + d] = odd ? (d % 2 === 0 ? 1 : -1) : Math.cos(angle - (d * Math.PI) / 10) * Math.SQRT2;
      }
    }
    return { videoId: 20 + v, segments: 10, crops: 4, dim: 10, data };
  });
}

const SMALL = { members: 2, starts: 1, steps: 250, batchSize: 64, aggregation: 'mean' };

const run = (
  settings: Record<string, unknown> = {},
  { videos = scenes(), ...changes }: Partial<TrainInput> = {},
): Promise<TrainOutput> =>
  ae.train(
    trainInput(videos, { seed: 3, device, saveEvery: 1e6, ...changes }),
    aeConfig.parse({ ...SMALL, ...settings }),
  );

describe('the ensemble', () => {
  const saved: Uint8Array[] = [];
  const curve: CurvePoint[] = [];
  let trained: TrainOutput;
  beforeAll(async () => {
    trained = await run(
      {},
      {
        saveEvery: 0,
        saveCheckpoint: async (bytes) => void saved.push(bytes),
        points: (points) => curve.push(...points),
      },
    );
  });

  test('finds what is unlike the rest at the same length, which untrained networks do not', async () => {
    const { videos, threshold } = trained;
    expect(videos.map((v) => v.videoId)).toEqual([20, 21, 22, 23, 24, 25]);
    const scores = videos.flatMap((v) => [...v.scores]);
    expect([Math.min(...scores), Math.max(...scores)]).toEqual([0, 1]);
    expect(scores.indexOf(1)).toBe(56);
    expect(videos.flatMap((v) => [...v.labels])).toEqual(scores.map((s) => (s >= threshold.on ? 1 : 0)));
    expect(videos[5].labels[6]).toBe(1);
    const gap = (all: number[]) => all[56] - Math.max(...all.filter((_, i) => i !== 56));
    const untrained = await run({ steps: 0 });
    expect(gap(scores)).toBeGreaterThan(0.3);
    expect(gap(untrained.videos.flatMap((v) => [...v.scores]))).toBeLessThan(0.1);
    expect(untrained.notes[0]).toMatch(/untrained/);
  });

  test('says how much the networks disagree', () => {
    for (const { uncertainty, scores } of trained.videos) {
      expect(uncertainty).toHaveLength(scores.length);
      expect(uncertainty!.every((u) => u >= 0 && Number.isFinite(u))).toBe(true);
    }
    expect(trained.videos.some((v) => v.uncertainty!.some((u) => u > 0))).toBe(true);
  });

  test('records one curve per network that goes down', () => {
    for (const series of ['loss 1', 'loss 2']) {
      const own = curve.filter((point) => point.series === series);
      expect(own.map((point) => point.x)).toEqual([
        ...Array.from({ length: 12 }, (_, i) => 20 * (i + 1)),
        250,
      ]);
      expect(own[12].y).toBeLessThan(own[0].y / 2);
    }
  });

  test('stores everything needed to score anew', () => {
    const { content, arrays } = readBundle(trained.model!, 'The model');
    expect(content).toMatchObject({
      format: 'ae model 1',
      extractor: 'import',
      shape: { widths: [10, 64, 32, 2, 32, 64, 10], slope: 0.1 },
      scale: { r: [expect.any(Number)] },
      means: [expect.any(Number), expect.any(Number)],
      divisors: [1, 1, 1, 1, 1, 1],
    });
    expect(Object.keys(arrays)).toHaveLength(2 * 12);
    expect(arrays['member1/fc3.weight'].shape).toEqual([2, 32]);
    expect(arrays['member0/fc1.weight'].data).not.toEqual(arrays['member1/fc1.weight'].data);
    expect(trained.provenance).toMatchObject({ widths: [10, 64, 32, 2, 32, 64, 10], deadNetworks: [] });
  });

  test('keeps those of several starts that redraw best', async () => {
    const settings = { members: 1, starts: 3, steps: 40 };
    const chosen = await run(settings);
    const { trainedMeanErrors, keptNetworks, meanErrors } = chosen.provenance as Record<string, number[]>;
    expect(trainedMeanErrors).toHaveLength(3);
    expect(new Set(trainedMeanErrors).size).toBe(3);
    expect(meanErrors).toEqual([Math.min(...trainedMeanErrors)]);
    expect(trainedMeanErrors[keptNetworks[0] - 1]).toBe(meanErrors[0]);
    // The first start alone is the network that came first.
    const alone = await run({ ...settings, starts: 1 });
    expect(alone.provenance.meanErrors).toEqual([trainedMeanErrors[0]]);
  });

  test('goes on from every checkpoint to the same bits', async () => {
    // After every step of both networks: at the ends of curves and drawn batches, beside them, and anywhere.
    expect(saved).toHaveLength(500);
    for (const made of [33, 100, 249, 250, 457, 500]) {
      const bytes = saved[made - 1];
      const again: CurvePoint[] = [];
      const resumed = await run(
        {},
        { loadCheckpoint: async () => bytes, points: (points) => again.push(...points) },
      );
      expect(resumed).toEqual(trained);
      expect(again.map((p) => `${p.series} ${p.x} ${p.y}`).sort()).toEqual(
        curve.map((p) => `${p.series} ${p.x} ${p.y}`).sort(),
      );
    }
  });

  test('does not go on from the checkpoint of another run or from broken bytes', async () => {
    const loadCheckpoint = async () => saved[1];
    await expect(run({}, { loadCheckpoint, seed: 4 })).rejects.toMatchObject({ code: 'conflict' });
    await expect(run({ steps: 300 }, { loadCheckpoint })).rejects.toMatchObject({ code: 'conflict' });
    const videos = scenes();
    videos[2].data[7] += 1;
    await expect(run({}, { loadCheckpoint, videos })).rejects.toMatchObject({ code: 'conflict' });
    const cut = async () => saved[1].subarray(0, 500);
    await expect(run({}, { loadCheckpoint: cut })).rejects.toMatchObject({ code: 'damaged' });
  });

  test('is the same for a seed and another for another, whatever was trained before', async () => {
    const again = await run();
    expect(again).toEqual(trained);
    const other = await run({}, { seed: 4 });
    expect(other.videos[0].scores).not.toEqual(trained.videos[0].scores);
    // The first network does not depend on how many there are.
    const { arrays } = readBundle((await run({ members: 1 })).model!, 'The model');
    expect(arrays['member0/fc6.bias']).toEqual(
      readBundle(again.model!, 'The model').arrays['member0/fc6.bias'],
    );
  });

  test('stops when cancelled, after the step that is running', async () => {
    const abort = new AbortController();
    let points = 0;
    const work = run(
      {},
      {
        signal: abort.signal,
        points: (added) => {
          points += added.length;
          abort.abort();
        },
      },
    );
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(points).toBe(1);
  });
});

describe('what it says', () => {
  test('names networks that learned next to nothing', async () => {
    const { notes, provenance, videos } = await run({ steps: 20, learningRate: 1e-6, members: 1 });
    expect(notes.join(' ')).toMatch(/Network 1 of 1 learned next to nothing/);
    expect(provenance).toMatchObject({ deadNetworks: [1] });
    expect(videos[0].uncertainty).toBeNull();
  });

  test('that the loss is not a number any more', async () => {
    // Unscaled features so long that the squares of their differences overflow.
    const videos = scenes().map((video) => ({ ...video, data: video.data.map((x) => 1e30 * x) }));
    const training = { ...trainInput(videos), device, scale: [1], config: aeConfig.parse(SMALL) };
    await expect(trainEnsemble(training)).rejects.toThrow(/diverged in step 1:/);
  });

  test('refuses a run without segments, and keeps videos without segments empty', async () => {
    const empty: VideoFeatures = { videoId: 9, segments: 0, crops: 4, dim: 10, data: new Float32Array(0) };
    await expect(run({}, { videos: [empty] })).rejects.toMatchObject({ code: 'bad_input' });
    const { videos } = await run({ steps: 20 }, { videos: [empty, ...scenes()] });
    expect(videos[0]).toMatchObject({ videoId: 9, scores: new Float32Array(0), labels: new Uint8Array(0) });
  });
});

test('networks keep their proportions for features of any width', () => {
  expect(networkShape(19, 0)).toEqual({ widths: [19, 64, 32, 2, 32, 64, 19], slope: 0.1 });
  expect(networkShape(256, 0).widths).toEqual([256, 64, 32, 2, 32, 64, 256]);
  expect(networkShape(257, 0).widths.slice(1, 4)).toEqual([128, 64, 4]);
  expect(networkShape(2048, 0).widths.slice(1, 4)).toEqual([512, 256, 16]);
  expect(networkShape(2048, 3).widths.slice(1, 4)).toEqual([512, 256, 3]);
});

test('all options are described with the defaults of the schema', () => {
  const defaults = aeConfig.parse({}) as Record<string, unknown>;
  expect(Object.fromEntries(aeInfo.options.map((o) => [o.key, o.default]))).toEqual(defaults);
  for (const { values } of aeInfo.presets) expect(aeConfig.safeParse(values).success).toBe(true);
  expect(ae.defaultsFor('cellmotion-v2').values).toEqual({ aggregation: 'top3' });
  expect(ae.defaultsFor('import').values).toEqual({ aggregation: 'mean' });
});
