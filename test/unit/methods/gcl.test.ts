// GCL as a whole: features in, scores, labels and a model out; and its parts against closed forms.
import { describe, expect, test } from 'vitest';
import { readBundle } from '../../../electron/compute/bundle.ts';
import type { ComputeDevice } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { openOracle } from '../../../electron/compute/devices/oracle.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import { inMemory, segmentsOf } from '../../../electron/features/stretches.ts';
import type { VideoFeatures } from '../../../electron/features/types.ts';
import { cleanedSamples, temporalDifferences } from '../../../electron/methods/gcl/cleaning.ts';
import { gclConfig, gclInfo, variants } from '../../../electron/methods/gcl/config.ts';
import { cleaningNote, measure, onesNote } from '../../../electron/methods/gcl/feature-notes.ts';
import { histogram } from '../../../electron/methods/gcl/histogram.ts';
import { infused } from '../../../electron/methods/gcl/known-labels.ts';
import { gcl } from '../../../electron/methods/gcl/method.ts';
import { normalised } from '../../../electron/methods/gcl/normalise.ts';
import { cut, planFor, widthsFor } from '../../../electron/methods/gcl/plan.ts';
import { batchLabels, batchThreshold, thresholdOf } from '../../../electron/methods/gcl/thresholds.ts';
import type { TrainInput } from '../../../electron/methods/method.ts';
import { AppError } from '../../../shared/errors.ts';
import { cancelAfter, type Kept, trainInput } from '../../fixtures/train-input.ts';
import { UNWATCHED } from '../../fixtures/unwatched.ts';

const device = await openDevice('cpu', { threads: 2 });

const DIM = 12;
/** Eight videos of 24 segments on a plane of the space; in the last three, segments 10 to 13 leave it. */
function scenes(crops = 1): VideoFeatures[] {
  const random = createRandom(4);
  const axes = [0, 1].map(() => random.fillNormal(new Float32Array(DIM), 0, 0.2));
  return Array.from({ length: 8 }, (_, v) => {
    const data = random.fillNormal(new Float32Array(24 * crops * DIM), 0, 0.01);
    for (let t = 0; t < 24 * crops; t++) {
      const along = [random.normal(), random.normal()];
      for (let d = 0; d < DIM; d++) data[t * DIM + d] += along[0] * axes[0][d] + along[1] * axes[1][d];
    }
    if (v >= 5) {
      for (let i = 10 * crops * DIM; i < 14 * crops * DIM; i++) data[i] += i % 2 === 0 ? 0.5 : -0.5;
    }
    return { videoId: 10 + v, segments: 24, crops, dim: DIM, data };
  });
}
const truth: (0 | 1)[] = [0, 0, 0, 0, 0, 1, 1, 1];

const input = ({ videos = scenes(), ...changes }: Partial<TrainInput> = {}): TrainInput & Kept =>
  trainInput(videos, { videoLabels: truth, device, ...changes });

/** Settings under which small networks learn these scenes in a second. */
const settings = {
  networks: 'custom',
  hiddenG1: 16,
  hiddenG2: 8,
  hiddenG3: 2,
  hiddenD1: 16,
  hiddenD2: 8,
  optimiserA: 'adam',
  learningRateA: 0.01,
  learningRateB: 2e-3,
  learningRate: 5e-4,
};
const config = (changes: Record<string, unknown> = {}) => gclConfig.parse({ ...settings, ...changes });

/** How many pairs of an anomalous and a normal segment are in the right order. */
function auc(videos: readonly { scores: Float32Array }[]): number {
  const high: number[] = [];
  const low: number[] = [];
  for (const [v, { scores }] of videos.entries()) {
    for (const [t, score] of scores.entries()) (v >= 5 && t >= 10 && t < 14 ? high : low).push(score);
  }
  let right = 0;
  for (const a of high) for (const b of low) right += a > b ? 1 : a === b ? 0.5 : 0;
  return right / high.length / low.length;
}

describe('GCL', () => {
  test('finds what lies off the plane of the normal segments, after pre-training and with both networks', async () => {
    const given = input();
    const { videos, threshold, model, provenance } = await gcl.train(given, config({ steps: 150 }));
    expect(videos.map((v) => v.videoId)).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
    expect(auc(videos)).toBeGreaterThan(0.95);
    for (const { scores, labels } of videos) {
      expect(scores.every((s) => s >= 0 && s <= 1)).toBe(true);
      for (const [t, score] of scores.entries()) expect(labels[t]).toBe(score >= threshold.on ? 1 : 0);
    }
    const names = new Set(given.curve.map((point) => point.series));
    for (const name of ['loss of generator', 'loss of discriminator', 'agreement of the two'])
      expect(names).toContain(name);
    const errors = provenance.reconstructionErrors as { labelled: number[]; unlabelled: number[] };
    const count = [...errors.labelled, ...errors.unlabelled].reduce((a, b) => a + b, 0);
    expect(count).toBe(8 * 24);
    const { content, arrays } = readBundle(model!, 'The model');
    expect(content).toMatchObject({
      format: 'gcl model 1',
      generator: { widths: [12, 16, 8, 2, 8, 16, 12] },
    });
    expect(Object.keys(arrays)).toHaveLength(18);
  });

  test.each(variants.options)('variant %s', async (variant) => {
    const { videos, provenance } = await gcl.train(input(), config({ variant, steps: 10, epochs: 2 }));
    for (const { scores, labels } of videos) {
      expect([scores.length, labels.length]).toEqual([24, 24]);
      expect(scores.every((s) => s >= 0 && s <= 1)).toBe(true);
    }
    const alone = variant.startsWith('ae_') || variant === 'self_labels';
    expect(provenance.score).toBe(alone ? 'generator' : 'discriminator');
    const names = (provenance.stages as { name: string }[]).map((stage) => stage.name);
    const expected = {
      pt: ['autoencoder', 'discriminator', 'cooperation'],
      b: ['cooperation'],
      no_nl: ['cooperation'],
      pt_only: ['autoencoder', 'discriminator'],
      occ: ['autoencoder', 'discriminator', 'cooperation'],
      ws: ['autoencoder', 'discriminator', 'cooperation'],
      soft_labels: ['cooperation'],
      self_labels: ['self'],
      ae_all: ['autoencoder'],
      ae_td: ['autoencoder'],
      ae_occ: ['autoencoder'],
    }[variant];
    expect(names).toEqual(expected);
    if (variant === 'occ' || variant === 'ae_occ') expect(provenance.pretrainingSamples).toBe(5 * 24);
    if (variant === 'ws') {
      for (const { labels } of videos.slice(0, 5)) expect(labels.every((label) => label === 0)).toBe(true);
      expect(provenance.knownVideos).toBe(8);
    } else expect(provenance.knownVideos).toBe(0);
  });

  test.each([
    { variant: 'b', target: 'replace' },
    { variant: 'b', target: 'gaussian', sigmaUnit: 'deviation' },
    { variant: 'self_labels', target: 'replace' },
    { variant: 'self_labels', target: 'gaussian' },
    { variant: 'b', thresholdG: 'share', thresholdD: 'share', dropout: 0.5, errorNorm: 'mse' },
  ])('trains as TF.js does: %o', async (changes) => {
    const c = config({ ...changes, epochs: 2, batchSize: 70 });
    const actual = input();
    const expected = input({ device: await openOracle() });
    const ours = await gcl.train(actual, c);
    const theirs = await gcl.train(expected, c);
    expect(actual.curve).toHaveLength(expected.curve.length);
    for (const [i, point] of expected.curve.entries()) expect(actual.curve[i].y).toBeCloseTo(point.y, 3);
    for (const [v, { scores }] of theirs.videos.entries()) {
      for (const [t, score] of scores.entries()) expect(ours.videos[v].scores[t]).toBeCloseTo(score, 2);
    }
  });

  test('joins the crops of a segment', async () => {
    const run = (cropAggregation: string) =>
      gcl.train(input({ videos: scenes(4) }), config({ variant: 'ae_all', epochsA: 3, cropAggregation }));
    const top = await run('top3');
    expect(top.videos[0].scores).toHaveLength(24);
    expect(top.videos[0].scores).not.toEqual((await run('mean')).videos[0].scores);
  });

  test('leaves a video without segments in its place', async () => {
    const videos = scenes();
    videos.splice(2, 0, { videoId: 99, segments: 0, crops: 1, dim: DIM, data: new Float32Array(0) });
    const labels = truth.toSpliced(2, 0, 0);
    const result = await gcl.train(
      input({ videos, videoLabels: labels }),
      config({ variant: 'b', epochs: 1 }),
    );
    expect(result.videos[2]).toMatchObject({ videoId: 99, scores: new Float32Array(0) });
    expect(result.videos[3].scores).toHaveLength(24);
  });

  test('says which labels it misses', async () => {
    const videoLabels = Array<null>(8).fill(null);
    for (const variant of ['occ', 'ws', 'ae_occ']) {
      await expect(gcl.train(input({ videoLabels }), config({ variant }))).rejects.toMatchObject({
        code: 'bad_input',
        message: expect.stringContaining('Choose where their labels come from'),
      });
    }
  });

  test('does not look at known labels in variants that are not meant to', async () => {
    const c = config({ epochs: 1, epochsA: 1, epochsB: 1 });
    const blind = input({ videoLabels: Array<null>(8).fill(null) });
    expect(await gcl.train(blind, c)).toEqual(await gcl.train(input(), c));
  });
});

describe('stopping and going on', () => {
  const stopped = (changes: Record<string, unknown> = {}) =>
    config({
      epochsA: 2,
      epochsB: 2,
      epochs: 2,
      batchSize: 70,
      target: 'gaussian',
      dropout: 0.3,
      ...changes,
    });
  const c = stopped();

  test.each([{}, { target: 'replace', dropout: 0 }])(
    'a run that goes on from any step of any stage ends with the same bits: %o',
    async (changes) => {
      const c = stopped(changes);
      const whole = input();
      const expected = await gcl.train(whole, c);
      expect(whole.checkpoints).toHaveLength(16);
      for (const [i, bytes] of whole.checkpoints.entries()) {
        const again = input({ loadCheckpoint: async () => bytes });
        expect(await gcl.train(again, c), `checkpoint ${i}`).toEqual(expected);
        expect(again.curve).toEqual(whole.curve);
        expect(again.checkpoints).toEqual(whole.checkpoints.slice(i + 1));
      }
    },
  );

  test('a cancelled run stops before its next step', async () => {
    const cancelled = cancelAfter(input(), 3);
    await expect(gcl.train(cancelled, c)).rejects.toMatchObject({ code: 'cancelled' });
    expect(cancelled.checkpoints).toHaveLength(3);
  });

  test('does not go on from the checkpoint of other settings, nor from broken bytes', async () => {
    const whole = input();
    await gcl.train(whole, c);
    const from = (bytes: Uint8Array) => input({ loadCheckpoint: async () => bytes });
    const other = gclConfig.parse({ ...c, momentum: 0.5 });
    await expect(gcl.train(from(whole.checkpoints[0]), other)).rejects.toMatchObject({ code: 'conflict' });
    await expect(gcl.train(from(whole.checkpoints[0].slice(0, 50)), c)).rejects.toMatchObject({
      code: 'damaged',
    });
  });

  test('gives other scores for another seed', async () => {
    const scores = async (seed: number) => (await gcl.train(input({ seed }), c)).videos[0].scores;
    expect(await scores(2)).not.toEqual(await scores(1));
  });
});

describe('limits', () => {
  test('halves the batches when memory runs out, says so, and goes on with it', async () => {
    // A device that has room for 40 samples at a time: 192 samples then go in 8 batches of 24.
    const small: ComputeDevice = {
      ...device,
      compile: (step, variables) => {
        if (step.inputs.features.shape[0] > 40) throw new AppError('out_of_memory', 'full');
        return device.compile(step, variables);
      },
    };
    const c = config({ variant: 'b', epochs: 4, batchSize: 100 });
    const whole = input({ device: small });
    const expected = await gcl.train(whole, c);
    expect(expected.notes[0]).toContain('batches of up to 24 samples');
    const again = input({ device: small, loadCheckpoint: async () => whole.checkpoints[1] });
    expect(await gcl.train(again, c)).toEqual(expected);
  });

  test('says that training diverged', async () => {
    const given = input();
    segmentsOf(given.videos[0], 0, 1)[0] = Number.NaN;
    await expect(gcl.train(given, config({ variant: 'b', epochs: 1 }))).rejects.toThrow(
      'Training both together diverged in epoch 1',
    );
  });

  test('refuses videos without segments', async () => {
    const videos = [{ videoId: 1, segments: 0, crops: 1, dim: DIM, data: new Float32Array(0) }];
    await expect(gcl.train(input({ videos, videoLabels: [null] }), config())).rejects.toMatchObject({
      code: 'bad_input',
    });
  });

  test('labels nothing where nothing differs', async () => {
    const videos = scenes().map((video) => ({
      ...video,
      data: new Float32Array(video.data.length).fill(0.2),
    }));
    const { videos: results, threshold, notes } = await gcl.train(input({ videos }), config({ epochs: 1 }));
    for (const { labels } of results) expect(labels.every((label) => label === 0)).toBe(true);
    expect(threshold.on).toBe(1);
    expect(notes.join(' ')).toContain('same score');
  });
});

describe('thresholds', () => {
  test('over all values: standard deviations with n - 1, or a share', () => {
    expect(thresholdOf([1, 2, 3, 4], { kind: 'std', factor: 1 })).toBeCloseTo(2.5 + Math.sqrt(5 / 3), 12);
    expect(thresholdOf([4, 1, 3, 2], { kind: 'share', share: 0.5 })).toBe(3);
    expect(thresholdOf([4, 1, 3, 2], { kind: 'share', share: 0.01 })).toBe(4);
    expect(thresholdOf(Array(7).fill(0.1), { kind: 'std', factor: 1 })).toBe(0.1);
  });

  test.each([
    { kind: 'std', factor: 1 },
    { kind: 'std', factor: -0.4 },
    { kind: 'share', share: 0.3 },
    { kind: 'share', share: 0.05 },
  ] as const)('inside a step as over all, without those left out: %o', async (rule) => {
    const random = createRandom(8);
    const values = random.fillNormal(new Float32Array(60), 3, 1);
    const counted = Float32Array.from({ length: 60 }, (_, i) => (i % 4 === 0 ? 0 : 1));
    const step = await device.compile(
      {
        name: 'threshold',
        variables: {},
        inputs: { values: { shape: [60] }, counted: { shape: [60] } },
        run: (_, { values: v, counted: c }) => ({
          outputs: { labels: batchLabels(v!, c!, batchThreshold(v!, c!, rule)) },
        }),
      },
      device.variables({}),
    );
    const { labels } = await step.run({ values, counted });
    const threshold = thresholdOf(
      values.filter((_, i) => counted[i] === 1),
      rule,
    );
    expect([...labels]).toEqual(Array.from(values, (x, i) => (counted[i] === 1 && x >= threshold ? 1 : 0)));
  });
});

describe('the parts', () => {
  const video = (rows: number[][]): VideoFeatures => ({
    videoId: 1,
    segments: rows.length,
    crops: 1,
    dim: rows[0].length,
    data: Float32Array.from(rows.flat()),
  });

  test('differences in time, of each crop by itself', async () => {
    const three = video([
      [0, 0],
      [3, 4],
      [3, 4],
    ]);
    const two: VideoFeatures = {
      videoId: 1,
      segments: 2,
      crops: 2,
      dim: 1,
      data: Float32Array.of(0, 10, 1, 13),
    };
    const found = await temporalDifferences([three, video([[1, 1]])], UNWATCHED);
    expect(found.map((own) => [...own])).toEqual([[5, 5, 0], [0]]);
    expect((await temporalDifferences([two], UNWATCHED)).map((own) => [...own])).toEqual([[1, 3, 1, 3]]);
  });

  test('cleaning by a value, a share, or the mean of each video', async () => {
    const videos = [video([[0], [1], [1], [9]]), video([[5], [5]])];
    // Differences 1 1 0 8 and 0 0.
    const kept = async (changes: Record<string, unknown>) => [
      ...(await cleanedSamples(videos, gclConfig.parse(changes), UNWATCHED)).kept,
    ];
    expect(await kept({ cleaning: 'fixed', cleaningDifference: 0.7 })).toEqual([2, 4, 5]);
    expect(await kept({ cleaning: 'fixed', cleaningDifference: 1 })).toEqual([0, 1, 2, 4, 5]);
    expect(await kept({ cleaning: 'quantile', cleaningShare: 0.4 })).toEqual([2, 4, 5]);
    expect(await kept({ cleaning: 'video' })).toEqual([0, 1, 2, 4, 5]);
  });

  test('the five scales', async () => {
    const videos = [
      video([
        [3, 4],
        [0, 0],
      ]),
      video([[1, 2]]),
    ];
    const data = async (how: 'none' | 'l2' | 'minmax' | 'pool') =>
      (await normalised(videos, 'other', how, UNWATCHED)).videos.map((v) => [...inMemory(v).data]);
    const close = (rows: number[][]) => rows.map((row) => row.map((x) => expect.closeTo(x, 6)));
    expect(await data('none')).toEqual([
      [3, 4, 0, 0],
      [1, 2],
    ]);
    expect(await data('l2')).toEqual(
      close([
        [0.6, 0.8, 0, 0],
        [1 / Math.sqrt(5), 2 / Math.sqrt(5)],
      ]),
    );
    expect(await data('minmax')).toEqual(
      close([
        [1, 1, 0, 0],
        [1 / 3, 0.5],
      ]),
    );
    const root = 0.5 / Math.sqrt(30 / 3);
    expect(await data('pool')).toEqual(
      close([
        [3 * root, 4 * root, 0, 0],
        [root, 2 * root],
      ]),
    );
  });

  test('a share of the known labels', () => {
    const labels = [0, null, 1, 0, 1, null] as const;
    expect(infused(labels, 1, createRandom(1))).toEqual(labels);
    const half = infused(labels, 0.5, createRandom(1));
    expect(half.filter((label) => label !== null)).toHaveLength(2);
    for (const [v, label] of half.entries()) expect([null, labels[v]]).toContain(label);
    expect(infused(labels, 0.5, createRandom(1))).toEqual(half);
  });

  test('a histogram of both kinds of segments', () => {
    const { edges, labelled, unlabelled } = histogram([0, 1, 2, 3, 4], [0, 0, 0, 1, 1], 4);
    expect(edges).toEqual([0, 1, 2, 3, 4]);
    expect(unlabelled).toEqual([1, 1, 1, 0]);
    expect(labelled).toEqual([0, 0, 0, 2]);
    expect(histogram([2, 2], [0, 1], 3)).toMatchObject({ labelled: [1, 0, 0], unlabelled: [1, 0, 0] });
  });

  test('widths of the paper for its dimensions, small ones for few', () => {
    expect(widthsFor(gclConfig.parse({}), 2048)).toEqual({
      generator: [2048, 1024, 512, 256, 512, 1024, 2048],
      discriminator: [2048, 512, 32, 1],
    });
    expect(widthsFor(gclConfig.parse({}), 19).generator).toEqual([19, 64, 16, 4, 16, 64, 19]);
  });

  test('batches of almost one size, and enough steps for small pools', () => {
    expect(cut(10, 4)).toEqual({ batch: 4, stepsPerEpoch: 3 });
    expect(cut(9, 8)).toEqual({ batch: 5, stepsPerEpoch: 2 });
    expect(cut(5, 8192)).toEqual({ batch: 5, stepsPerEpoch: 1 });
    const { stages } = planFor(gclConfig.parse({}), {
      dim: 19,
      samples: 13_872,
      pretraining: 9710,
      divisor: 1,
    });
    for (const { epochs, stepsPerEpoch } of stages)
      expect(epochs * stepsPerEpoch).toBeGreaterThanOrEqual(200);
    const paper = gclInfo.presets.find((preset) => preset.name === 'paper')!;
    const plan = planFor(gclConfig.parse(paper.values), {
      dim: 2048,
      samples: 1e6,
      pretraining: 7e5,
      divisor: 1,
    });
    expect(plan.stages.map((stage) => stage.epochs)).toEqual([15, 15, 15]);
  });

  test('notes on targets and differences that mean nothing for the features', async () => {
    const random = createRandom(3);
    const uniform = (low: number, high: number) => [
      video(Array.from({ length: 50 }, () => [...random.fillUniform(new Float32Array(4), low, high)])),
    ];
    expect(onesNote(await measure(uniform(0, 0.2), UNWATCHED))).toBeNull();
    expect(onesNote(await measure(uniform(0.5, 1.5), UNWATCHED))).toContain(
      'vector of ones is no unusual target',
    );
    expect(onesNote(await measure(uniform(0, 0.001), UNWATCHED))).toContain('very far');
    const loud = uniform(0, 100);
    const fixed = gclConfig.parse({ cleaning: 'fixed' });
    expect(cleaningNote(0.7, 50, await cleanedSamples(loud, fixed, UNWATCHED))).toContain('keeps 0 %');
    const share = gclConfig.parse({ cleaning: 'quantile' });
    expect(cleaningNote(0.7, 50, await cleanedSamples(loud, share, UNWATCHED))).toBeNull();
  });

  test('every setting is described, and presets are complete settings', () => {
    expect(gclInfo.options.map((option) => option.key).sort()).toEqual(
      Object.keys(gclConfig.parse({})).sort(),
    );
    for (const { values } of gclInfo.presets) expect(gclConfig.safeParse(values).success).toBe(true);
  });
});
