// The planted set: known share, known truth, and lengths that say nothing.
import { expect, test } from 'vitest';
import { openDevice } from '../../electron/compute/devices/open.ts';
import { methods } from '../../electron/methods/index.ts';
import { rankMetrics } from '../../shared/labels/metrics.ts';
import { trainInput } from '../fixtures/train-input.ts';
import { PLANTED, plantedVideos } from '../planted/scenes.ts';

const videos = plantedVideos(PLANTED);

test('has the planted share, and the same bytes every time', () => {
  const anomalous = videos.reduce((n, { anomalous: range }) => n + (range ? range[1] - range[0] : 0), 0);
  expect(anomalous / (PLANTED.videos * PLANTED.segments)).toBe(0.1);
  expect(plantedVideos(PLANTED)).toEqual(videos);
  expect(plantedVideos({ ...PLANTED, seed: 2 })[0].data).not.toEqual(videos[0].data);
});

test('lengths of anomalous and normal segments have one distribution', () => {
  const lengths: [number[], number[]] = [[], []];
  for (const { data, segments, anomalous } of videos) {
    for (let t = 0; t < segments; t++) {
      const row = data.subarray(t * PLANTED.dim, (t + 1) * PLANTED.dim);
      const inside = anomalous !== null && t >= anomalous[0] && t < anomalous[1];
      lengths[inside ? 1 : 0].push(Math.log(Math.sqrt(row.reduce((sum, x) => sum + x * x, 0))));
    }
  }
  for (const part of lengths) {
    const mean = part.reduce((a, b) => a + b, 0) / part.length;
    const deviation = Math.sqrt(part.reduce((sum, x) => sum + (x - mean) ** 2, 0) / part.length);
    // Four standard errors of 240 lengths with deviation 0.2.
    expect(Math.abs(mean)).toBeLessThan(0.052);
    expect(deviation).toBeGreaterThan(0.16);
    expect(deviation).toBeLessThan(0.24);
  }
});

test.each([
  ['gcl', 0.8],
  ['cu', 0.7],
] as const)(
  'the quick preset of %s learns something on it',
  async (name, least) => {
    const features = videos.map(({ segments, data }, videoId) => ({
      ...{ videoId, segments, data },
      ...{ crops: 1, dim: PLANTED.dim },
    }));
    const videoLabels = videos.map(({ anomalous }): 0 | 1 => (anomalous ? 1 : 0));
    const { info, complete, train } = methods[name];
    const quick = info.presets.find((preset) => preset.name === 'quick')!.values;
    const config = complete('import', { ...quick, ...(name === 'cu' && { videoLabels: 'known' }) });
    const device = await openDevice('cpu', { threads: 2 });
    const { videos: results } = await train(
      trainInput(features, { device, videoLabels, saveEvery: 1e6 }),
      config,
    );
    const truth = videos.flatMap(({ segments, anomalous }) =>
      Array.from({ length: segments }, (_, t) =>
        anomalous && t >= anomalous[0] && t < anomalous[1] ? 1 : 0,
      ),
    );
    const scores = results.flatMap((video) => [...video.scores]);
    expect(rankMetrics(truth, scores)?.auc).toBeGreaterThan(least);
  },
  120_000,
);
