// C2FPL as a whole: features in, scores, labels and a model out.
import { describe, expect, test } from 'vitest';
import { readBundle } from '../../../electron/compute/bundle.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { spreadOverVideo } from '../../../electron/features/fixed-number.ts';
import type { VideoFeatures } from '../../../electron/features/types.ts';
import { c2fplConfig, c2fplInfo } from '../../../electron/methods/c2fpl/config.ts';
import { c2fpl } from '../../../electron/methods/c2fpl/method.ts';
import type { TrainInput } from '../../../electron/methods/method.ts';
import { suggestThreshold } from '../../../electron/statistics/label-threshold.ts';
import { trainInput } from '../../fixtures/train-input.ts';

const device = await openDevice('cpu', { threads: 2 });

/** Eight videos of ten segments; in the last two segments 4 to 8 have much longer vectors. */
function scenes(): VideoFeatures[] {
  const random = createRandom(2);
  return Array.from({ length: 8 }, (_, v) => {
    const data = random.fillUniform(new Float32Array(10 * 3 * 19), 0.4, 0.6);
    if (v >= 6) for (let i = 4 * 3 * 19; i < 9 * 3 * 19; i++) data[i] *= 4;
    return { videoId: 10 + v, segments: 10, crops: 3, dim: 19, data };
  });
}

function run(settings: Record<string, unknown> = {}, changes: Partial<TrainInput> = {}) {
  const { videos = scenes(), ...others } = changes;
  const input = trainInput(videos, { extractor: 'cellmotion-v1', device, ...others });
  const { values } = c2fpl.defaultsFor(input.extractor);
  return c2fpl.train(input, c2fplConfig.parse({ ...values, hidden1: 16, hidden2: 8, ...settings }));
}

const raised = (labels: Uint8Array) => [...labels].join('');

describe('C2FPL', () => {
  test('finds the segments that stand out, with the defaults of motion features', async () => {
    const { videos, threshold, model, provenance } = await run({ learningRate: 0.1 });
    expect(videos.map((v) => v.videoId)).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
    expect(videos.map((v) => v.videoLabel)).toEqual([0, 0, 0, 0, 0, 0, 1, 1]);
    for (const v of videos.slice(0, 6)) expect(raised(v.labels)).toBe('0000000000');
    for (const v of videos.slice(6)) {
      expect(raised(v.labels)).toBe('0000111110');
      for (let t = 0; t < 10; t++) expect(v.scores[t] >= threshold.on, `segment ${t}`).toBe(t >= 4 && t < 9);
    }
    expect(provenance).toMatchObject({
      anomalousVideos: 2,
      anomalousSegments: 10,
      scale: { r: [expect.any(Number), expect.any(Number)] },
    });
    const { content, arrays } = readBundle(model!, 'The model');
    expect(content).toMatchObject({
      format: 'c2fpl model 1',
      extractor: 'cellmotion-v1',
      shape: { dim: 19, hidden1: 16, hidden2: 8, attention: 'off' },
      scale: { blocks: [{ name: 'speed' }, { name: 'gradients' }] },
    });
    expect(Object.keys(arrays)).toEqual([
      'fc1.weight',
      'fc1.bias',
      'fc2.weight',
      'fc2.bias',
      'fc3.weight',
      'fc3.bias',
    ]);
  });

  test.each(['c2fpl', 'density_score', 'coarse_only', 'random_videos', 'random_segments'])(
    'variant %s',
    async (variant) => {
      const { videos, model } = await run({ variant, epochs: 2 });
      for (const { scores, labels } of videos) {
        expect([scores.length, labels.length]).toEqual([10, 10]);
        expect(scores.every((s) => s >= 0 && s <= 1)).toBe(true);
      }
      if (variant === 'density_score') {
        expect(model).toBeNull();
        expect(videos[7].scores[5]).toBeGreaterThan(videos[0].scores[5]);
      }
      if (variant === 'coarse_only') expect(raised(videos[6].labels)).toBe('1111111111');
    },
  );

  test('weak variants take the known video labels, and want all of them', async () => {
    const videoLabels = [0, 0, 0, 1, 0, 0, 1, 1] as (0 | 1 | null)[];
    const { videos } = await run({ variant: 'weak_all_segments', epochs: 1 }, { videoLabels });
    expect(videos.map((v) => v.videoLabel)).toEqual(videoLabels);
    expect(raised(videos[3].labels)).toBe('1111111111');
    const weak = await run({ variant: 'weak', epochs: 1 }, { videoLabels });
    expect(raised(weak.videos[7].labels)).toBe('0000111110');
    await expect(run({ variant: 'weak' }, { videoLabels: videoLabels.with(2, null) })).rejects.toThrow(
      'each of the 8 videos; 7 are given',
    );
  });

  test.each(c2fplInfo.presets.map((p) => [p.name, p.values] as const))('preset %s', async (_, values) => {
    const { videos } = await run({ ...values, epochs: 2 });
    expect(videos.every((v) => v.scores.every(Number.isFinite))).toBe(true);
  });

  test('is the same for the same seed', async () => {
    expect(await run({ epochs: 3 })).toEqual(await run({ epochs: 3 }));
  });

  test('a fixed number of segments gives a score to every segment', async () => {
    const { videos } = await run({ poolTo: 4, epochs: 2 });
    for (const { scores, labels } of videos) expect([scores.length, labels.length]).toEqual([10, 10]);
    const { videos: longer } = await run({ poolTo: 32, epochs: 2 });
    for (const { scores } of longer) expect(scores.every(Number.isFinite)).toBe(true);
  });

  test('a video without segments stays empty, and none at all is refused', async () => {
    const empty: VideoFeatures = { videoId: 99, segments: 0, crops: 3, dim: 19, data: new Float32Array(0) };
    const { videos } = await run(
      { epochs: 1 },
      { videos: [...scenes(), empty], videoLabels: Array(9).fill(null) },
    );
    expect(videos.at(-1)).toMatchObject({ videoId: 99, scores: new Float32Array(0), videoLabel: null });
    await expect(run({}, { videos: [empty] })).rejects.toMatchObject({ code: 'bad_input' });
  });
});

test('pooled values are spread over the segments they came from', () => {
  expect([...spreadOverVideo([1, 2], 4)]).toEqual([1, 1, 2, 2]);
  expect([...spreadOverVideo([1, 2, 3, 6], 2)]).toEqual([1.5, 4.5]);
  expect([...spreadOverVideo([1, 2, 3], 3)]).toEqual([1, 2, 3]);
});

describe('the suggested threshold', () => {
  test('marks as many segments as are labelled', () => {
    const scores = [Float32Array.of(0.1, 0.2, 0.9), Float32Array.of(0.3, 0.8)];
    const { rule } = suggestThreshold(scores, Uint8Array.of(0, 0, 1, 0, 1));
    expect(rule.on).toBeCloseTo(0.8);
    expect(rule.off).toBeCloseTo(0.3 + (2 / 3) * 0.5);
  });

  test('marks nothing where scores or labels say nothing', () => {
    const flat = [new Float32Array(4).fill(0.5)];
    expect(suggestThreshold(flat, Uint8Array.of(0, 1, 0, 0))).toMatchObject({
      rule: { on: 1, off: 1 },
      notes: [expect.any(String)],
    });
    expect(suggestThreshold([Float32Array.of(0.1, 0.9)], new Uint8Array(2)).rule).toEqual({ on: 1, off: 1 });
    expect(suggestThreshold([Float32Array.of(0.1, 0.9)], Uint8Array.of(1, 1)).rule).toEqual({
      on: 1,
      off: 1,
    });
  });

  test('never lets an event end above where it begins', () => {
    const { rule } = suggestThreshold([Float32Array.of(0.1, 0.7, 0.8, 0.9)], Uint8Array.of(0, 1, 1, 1));
    expect(rule.off).toBeLessThanOrEqual(rule.on);
  });
});
