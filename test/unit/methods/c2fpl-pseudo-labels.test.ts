import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { c2fplConfig, c2fplDefaultsFor, c2fplInfo } from '../../../electron/methods/c2fpl/config.ts';
import { fineLabels } from '../../../electron/methods/c2fpl/fine-labels.ts';
import {
  type LabelOptions,
  pseudoLabels,
  scoresFromP,
} from '../../../electron/methods/c2fpl/pseudo-labels.ts';
import { coarseLabels } from '../../../electron/statistics/coarse-labels.ts';
import { magnitudesOf, segmentMagnitudes, summarise } from '../../../electron/statistics/magnitudes.ts';
import { methodInfo } from '../../../shared/contract/entities.ts';
import { seeded } from '../../golden/kinds/seeded.ts';

/** Magnitudes of videos given as lists. */
function magnitudes(videos: number[][]) {
  const offsets = [0];
  for (const video of videos) offsets.push(offsets[offsets.length - 1] + video.length);
  return { values: Float64Array.from(videos.flat()), offsets };
}
/** `count` videos of `segments` segments around `level`. */
function videosAround(level: number, count: number, segments: number, random: () => number): number[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: segments }, () => level + 0.1 * (random() - 0.5)),
  );
}
const options: LabelOptions = {
  variant: 'c2fpl',
  cplMode: 'directed',
  fplMode: 'directed',
  spread: 'std',
  eta: 1,
  beta: 0.5,
  covariance: 'spherical',
};
const joined = (notes: string[]) => notes.join(' ');

describe('summary', () => {
  test('magnitude per crop, then the mean of all or of the three highest', () => {
    const features = { segments: 1, crops: 4, dim: 2, data: [3, 4, 0, 1, 0, 2, 6, 8] };
    const of = (magnitude: 'l2' | 'squared', cropAggregation: 'mean' | 'top3') =>
      segmentMagnitudes(features, { magnitude, cropAggregation })[0];
    expect(of('l2', 'mean')).toBe((5 + 1 + 2 + 10) / 4);
    expect(of('l2', 'top3')).toBeCloseTo((5 + 2 + 10) / 3, 14);
    expect(of('squared', 'mean')).toBe((25 + 1 + 4 + 100) / 4);
    expect(
      segmentMagnitudes({ ...features, segments: 4, crops: 1 }, { magnitude: 'l2', cropAggregation: 'top3' }),
    ).toEqual(Float64Array.from([5, 1, 2, 10]));
  });

  test('mean and sample spread per video; none for a single segment', async () => {
    const videos = [
      { segments: 3, crops: 1, dim: 1, data: [1, 2, 6] },
      { segments: 1, crops: 1, dim: 1, data: [7] },
      { segments: 0, crops: 1, dim: 1, data: [] },
    ];
    async function* parts() {
      for (const [video, one] of videos.entries()) yield { ...one, video };
    }
    const all = await magnitudesOf([3, 1, 0], parts(), { magnitude: 'l2', cropAggregation: 'mean' });
    expect(Array.from(all.offsets)).toEqual([0, 3, 4, 4]);
    expect(Array.from(summarise(all, 'variance'))).toEqual([3, 7, 7, 0, 0, 0]);
    expect(summarise(all, 'std')[1]).toBeCloseTo(Math.sqrt(7), 14);
  });
});

describe('coarse labels', () => {
  const random = seeded(5);
  const quiet = videosAround(1, 6, 10, random);
  const loud = videosAround(4, 9, 10, random);
  const summary = (videos: number[][]) => summarise(magnitudes(videos), 'std');
  const label = (videos: number[][], mode: LabelOptions['cplMode'], eta = 1) =>
    coarseLabels(summary(videos), { mode, eta, covariance: 'spherical' }, seeded(1));

  test('the paper takes the smaller group, directed mode the one with the larger magnitude', () => {
    const videos = [...quiet, ...loud];
    const isQuiet = videos.map((_, v) => (v < quiet.length ? 1 : 0));
    expect(Array.from(label(videos, 'paper', 0.5).labels)).toEqual(isQuiet);
    expect(Array.from(label(videos, 'directed', 0.5).labels)).toEqual(isQuiet.map((x) => 1 - x));
  });

  test('directed mode never makes more than 60 % anomalous; a larger group is split again, with a note', () => {
    const loud = videosAround(10, 9, 10, random);
    const louder = videosAround(12, 3, 10, random);
    const { labels, notes, rounds } = label(
      [...videosAround(1, 3, 10, random), ...loud, ...louder],
      'directed',
      0.3,
    );
    expect(Array.from(labels)).toEqual([...new Array(12).fill(0), 1, 1, 1]);
    expect(rounds).toEqual([3]);
    expect(joined(notes)).toContain('12 of 15 videos, more than 60 %');
  });

  test('rounds never shrink, respect the limits, and repeat with the seed', () => {
    const anyVideos = fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 6 }), {
      maxLength: 25,
    });
    fc.assert(
      fc.property(
        anyVideos,
        fc.constantFrom('paper', 'notebook', 'directed'),
        fc.nat(99),
        (videos, mode, seed) => {
          const run = () =>
            coarseLabels(summary(videos), { mode, eta: 1, covariance: 'spherical' }, seeded(seed));
          const { labels, rounds } = run();
          expect(run().labels).toEqual(labels);
          expect(rounds.at(-1) ?? 0).toBe(labels.reduce((a, b) => a + b, 0));
          expect(rounds.every((n, i) => i === 0 || n > rounds[i - 1])).toBe(true);
          // Every round but the last left the rule satisfied.
          expect(rounds.slice(0, -1).every((n) => n / (videos.length - n) <= 1)).toBe(true);
          if (mode === 'directed') expect(rounds.every((n) => n <= 0.6 * videos.length)).toBe(true);
        },
      ),
    );
  });

  test('sets that cannot be split leave a note and all videos normal', () => {
    const none = (count: number) => Array.from(new Uint8Array(count));
    for (const mode of ['paper', 'notebook', 'directed'] as const) {
      const one = label([[1, 2, 3]], mode);
      expect(Array.from(one.labels)).toEqual(none(1));
      expect(joined(one.notes)).toContain('with 1 video left: two groups need at least 4');
      const constant = label(new Array(8).fill([2, 2, 2]), mode);
      expect(Array.from(constant.labels)).toEqual(none(8));
      expect(joined(constant.notes)).toContain('same magnitudes');
      expect(label([], mode).labels).toHaveLength(0);
    }
  });

  test('a singular full covariance stops with the way out', () => {
    const line = Array.from({ length: 8 }, (_, i) => [1e9 * (i < 5 ? i : i + 50)]);
    const result = coarseLabels(summary(line), { mode: 'paper', eta: 1, covariance: 'full' }, seeded(1));
    const flat = coarseLabels(
      Float64Array.from(line.flatMap(([x]) => [x, x])),
      { mode: 'paper', eta: 1, covariance: 'full' },
      seeded(1),
    );
    expect(result.labels.some((l) => l === 1)).toBe(true);
    expect(joined(flat.notes)).toContain('Choose the spherical');
  });
});

describe('fine labels', () => {
  const p = [0.5, 0.4, 0.1, 0.05, 0.3, 0.6, 0.02, 0.7, 0.65, 0.2];

  test('one window per anomalous video, nothing elsewhere, of the right length', () => {
    const anyVideos = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        anyVideos,
        fc.infiniteStream(fc.nat(1)),
        fc.constantFrom('paper', 'notebook', 'directed'),
        fc.constantFrom(0.1, 0.2, 0.5, 1),
        (videos, stream, mode, beta) => {
          const labels = videos.map(() => stream.next().value as number);
          const { values, offsets } = magnitudes(videos);
          const fine = fineLabels({ values, offsets }, labels, { mode, beta });
          for (const [v, video] of videos.entries()) {
            const own = Array.from(fine.labels.subarray(offsets[v], offsets[v + 1]));
            const round = mode === 'notebook' ? Math.floor : Math.ceil;
            const width = labels[v] === 0 ? 0 : round(beta * video.length);
            const start = fine.windowStart[v];
            expect(fine.windowLength[v]).toBe(width);
            expect(start >= 0).toBe(width > 0);
            expect(own).toEqual(video.map((_, j) => (width > 0 && j >= start && j < start + width ? 1 : 0)));
          }
          expect(fine.p.every((x) => x >= 0 && Number.isFinite(x))).toBe(true);
        },
      ),
    );
  });

  test('the window is the first best one by direct search', () => {
    const anyVideo = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(
        anyVideo,
        fc.constantFrom('paper', 'directed', 'notebook'),
        fc.constantFrom(0.2, 0.5),
        (video, mode, beta) => {
          const fine = fineLabels(magnitudes([[9, 10, 11, 12], video]), [0, 1], { mode, beta });
          const width = fine.windowLength[1];
          if (width === 0) return;
          const own = fine.p.slice(4);
          const value = (start: number) => {
            let sum = 0;
            for (let j = start; j < start + width; j++) {
              if (mode !== 'notebook') sum -= own[j];
              else if (j + 1 < start + width) sum += Math.abs(own[j + 1] - own[j]);
            }
            return sum;
          };
          const starts = Array.from({ length: video.length - width + 1 }, (_, s) => s);
          const best = Math.max(...starts.map(value));
          const chosen = fine.windowStart[1];
          expect(value(chosen)).toBeGreaterThanOrEqual(best - 1e-10 * Math.abs(best));
          if (mode !== 'directed') {
            expect(
              starts.every((s) => s >= chosen || value(s) < value(chosen) - 1e-13 * Math.abs(best)),
            ).toBe(true);
          }
        },
      ),
    );
  });

  test('the example of methods.md section 10', () => {
    // A magnitude with the wanted density, up to scale: the normal video has mean 0, and p falls with distance.
    const distance = p.map((value) => Math.sqrt(-2 * Math.log(value)));
    const set = magnitudes([[-Math.SQRT1_2, Math.SQRT1_2], distance]);
    expect(fineLabels(set, [0, 1], { mode: 'paper', beta: 0.2 }).windowStart[1]).toBe(2);
    const notebook = fineLabels(set, [0, 1], { mode: 'notebook', beta: 0.3 });
    expect([notebook.windowStart[1], notebook.windowLength[1]]).toEqual([5, 3]);
    const scale = Math.sqrt(2 * Math.PI * notebook.normal.variance);
    const own = notebook.p.subarray(7, 10).map((x) => x * scale);
    expect(Math.abs(own[1] - own[0]) + Math.abs(own[2] - own[1])).toBeCloseTo(1.26, 10);
  });

  test('density is low on both sides, the directed probability only above', () => {
    const set = magnitudes([
      [9, 10, 11, 10],
      [0, 0, 10, 10, 20, 20],
    ]);
    expect(fineLabels(set, [0, 1], { mode: 'directed', beta: 0.3 }).windowStart[1]).toBe(4);
    expect(fineLabels(set, [0, 1], { mode: 'paper', beta: 0.3 }).windowStart[1]).toBe(0);
  });

  test('where all probabilities vanish, directed mode takes the larger magnitude', () => {
    const set = magnitudes([
      [1, 1.001, 0.999],
      [1, 500, 500, 900, 900, 1],
    ]);
    const fine = fineLabels(set, [0, 1], { mode: 'directed', beta: 0.3 });
    expect(Array.from(fine.p.subarray(4, 8))).toEqual([0, 0, 0, 0]);
    expect(fine.windowStart[1]).toBe(3);
  });

  test('no variance and no normal video are told to the user, and give finite numbers', () => {
    const still = fineLabels(
      magnitudes([
        [2, 2, 2],
        [2, 5, 1],
      ]),
      [0, 1],
      { mode: 'directed', beta: 0.3 },
    );
    expect(Array.from(still.p)).toEqual([0.5, 0.5, 0.5, 0.5, 0, 1]);
    expect(still.windowStart[1]).toBe(1);
    expect(joined(still.notes)).toContain('same magnitude');
    const all = fineLabels(
      magnitudes([
        [1, 2],
        [3, 9],
      ]),
      [1, 1],
      { mode: 'paper', beta: 0.5 },
    );
    expect(joined(all.notes)).toContain('No video is labelled normal');
    expect(Array.from(all.labels)).toEqual([1, 0, 0, 1]);
    const short = fineLabels(
      magnitudes([
        [1, 2, 3],
        [1, 2],
      ]),
      [0, 1],
      { mode: 'notebook', beta: 0.2 },
    );
    expect(joined(short.notes)).toContain('1 anomalous video is too short');
  });
});

describe('pseudo-labels', () => {
  const random = seeded(2);
  const normal = videosAround(1, 8, 12, random);
  const odd = videosAround(1, 3, 12, random).map((video) =>
    video.map((x, j) => (j >= 4 && j < 10 ? 5 + x : x)),
  );
  const set = magnitudes([...normal, ...odd]);
  const labels = (more: Partial<LabelOptions> = {}, given?: number[], seed = 1) =>
    pseudoLabels(set, { ...options, ...more }, seeded(seed), given);

  test('directed mode finds the odd videos and the odd stretch in each', () => {
    const result = labels();
    expect(Array.from(result.videoLabels)).toEqual([...new Array(8).fill(0), 1, 1, 1]);
    expect(result.windows.slice(8)).toEqual(new Array(3).fill({ start: 4, length: 6 }));
    expect(result.segmentLabels.reduce((a, b) => a + b, 0)).toBe(18);
    expect(result.notes).toEqual([]);
    expect(scoresFromP(result.p)[8 * 12 + 5]).toBeCloseTo(1, 6);
  });

  test('the comparisons of the paper', () => {
    const truth = [...new Array(10).fill(0), 1];
    expect(Array.from(labels({ variant: 'weak' }, truth).videoLabels)).toEqual(truth);
    expect(labels({ variant: 'weak' }, truth).segmentLabels.reduce((a, b) => a + b, 0)).toBe(6);
    const everywhere = labels({ variant: 'weak_all_segments' }, truth);
    expect(Array.from(everywhere.segmentLabels.subarray(120))).toEqual(new Array(12).fill(1));
    expect(everywhere.segmentLabels.reduce((a, b) => a + b, 0)).toBe(12);
    expect(labels({ variant: 'coarse_only' }).segmentLabels.reduce((a, b) => a + b, 0)).toBe(36);
    expect(labels({ variant: 'density_score' }).segmentLabels).toEqual(labels().segmentLabels);
    const videos = labels({ variant: 'random_videos' });
    expect(videos.rounds).toEqual([]);
    expect(videos).not.toEqual(labels({ variant: 'random_videos' }, undefined, 3));
    const share = labels({ variant: 'random_segments' }).segmentLabels.reduce((a, b) => a + b, 0) / 132;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
    expect(() => labels({ variant: 'weak' })).toThrow('a label for each of the 11 videos');
  });

  test('tells the user when labels say nothing, and about single segments', () => {
    const one = pseudoLabels(magnitudes([[1, 2, 3]]), options, seeded(1));
    expect(joined(one.notes)).toContain('No segment is labelled anomalous');
    const single = pseudoLabels(magnitudes([[1], [2]]), options, seeded(1));
    expect(joined(single.notes)).toContain('2 videos have one segment only');
    const weak: LabelOptions = { ...options, variant: 'weak_all_segments' };
    const all = pseudoLabels(
      magnitudes([
        [1, 2],
        [3, 4],
      ]),
      weak,
      seeded(1),
      [1, 1],
    );
    expect(joined(all.notes)).toContain('Every segment is labelled anomalous');
    expect(pseudoLabels(magnitudes([]), options, seeded(1)).segmentLabels).toHaveLength(0);
  });

  test('any set of magnitudes gives labels of the right size and finite numbers', () => {
    const anyVideos = fc.array(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 8 }), {
      maxLength: 12,
    });
    const mode = fc.constantFrom<LabelOptions['cplMode']>('paper', 'notebook', 'directed');
    const anyOptions: fc.Arbitrary<LabelOptions> = fc.record({
      variant: fc.constantFrom<LabelOptions['variant']>(
        'c2fpl',
        'coarse_only',
        'random_videos',
        'random_segments',
      ),
      cplMode: mode,
      fplMode: mode,
      spread: fc.constantFrom<LabelOptions['spread']>('std', 'variance'),
      covariance: fc.constantFrom<LabelOptions['covariance']>('spherical', 'diag', 'full'),
      eta: fc.constantFrom(0.5, 1, 1.5),
      beta: fc.constantFrom(0.2, 0.5, 1),
    });
    fc.assert(
      fc.property(anyVideos, anyOptions, (videos, any) => {
        const data = magnitudes(videos);
        const result = pseudoLabels(data, any, seeded(1));
        expect(result.videoLabels).toHaveLength(videos.length);
        expect(result.segmentLabels).toHaveLength(data.values.length);
        expect(result.p.every((x) => Number.isFinite(x) && x >= 0)).toBe(true);
        expect(scoresFromP(result.p).every((x) => x >= 0 && x <= 1)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('configuration', () => {
  test('every option is shown with the default of the schema, and every preset is valid', () => {
    expect(methodInfo.parse(c2fplInfo)).toEqual(c2fplInfo);
    const defaults: Record<string, unknown> = c2fplConfig.parse({});
    expect(new Set(c2fplInfo.options.map((o) => o.key))).toEqual(new Set(Object.keys(defaults)));
    for (const option of c2fplInfo.options) {
      expect(option.default).toBe(defaults[option.key]);
      for (const choice of option.choices ?? []) {
        expect(c2fplConfig.parse({ [option.key]: choice.value })).toMatchObject({
          [option.key]: choice.value,
        });
      }
      for (const value of [option.min, option.max]) {
        if (value !== undefined) expect(c2fplConfig.safeParse({ [option.key]: value }).success).toBe(true);
      }
    }
    for (const { values } of c2fplInfo.presets) expect(c2fplConfig.parse(values)).toMatchObject(values);
  });

  test('features with a direction get directed labels, all others the paper to the letter', () => {
    const motion = c2fplDefaultsFor('cellmotion-v1');
    expect(c2fplConfig.parse(motion.values)).toMatchObject({
      cplMode: 'directed',
      fplMode: 'directed',
      beta: 0.5,
      hidden1: 128,
      hidden2: 32,
    });
    const other = c2fplDefaultsFor('import');
    expect(c2fplConfig.parse(other.values)).toMatchObject({
      cplMode: 'paper',
      fplMode: 'paper',
      beta: 0.2,
      hidden1: 512,
      hidden2: 32,
    });
    expect(motion.why).not.toBe(other.why);
  });
});
