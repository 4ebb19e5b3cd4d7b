import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coarseLabels } from '../../../electron/methods/c2fpl/coarse-labels.ts';
import { c2fplConfig, c2fplDefaultsFor, c2fplInfo } from '../../../electron/methods/c2fpl/config.ts';
import { fineLabels } from '../../../electron/methods/c2fpl/fine-labels.ts';
import {
  type LabelOptions,
  pseudoLabels,
  scoresFromP,
} from '../../../electron/methods/c2fpl/pseudo-labels.ts';
import { magnitudesOf, segmentMagnitudes, summarise } from '../../../electron/methods/c2fpl/summary.ts';
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

  test('mean and sample spread per video; none for a single segment', () => {
    const videos = [
      { segments: 3, crops: 1, dim: 1, data: [1, 2, 6] },
      { segments: 1, crops: 1, dim: 1, data: [7] },
      { segments: 0, crops: 1, dim: 1, data: [] },
    ];
    const all = magnitudesOf(videos, { magnitude: 'l2', cropAggregation: 'mean' });
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
          const equal = starts.filter((s) => value(s) >= best - 1e-11 * Math.abs(best));
          if (mode !== 'directed') expect(chosen).toBe(equal[0]);
        },
      ),
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
