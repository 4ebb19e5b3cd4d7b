// CU-Net as a whole: what it learns, that it repeats itself, that it goes on where it stopped, and its guards.
import { describe, expect, test } from 'vitest';
import { readBundle } from '../../../electron/compute/bundle.ts';
import type { ComputeDevice } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import type { VideoFeatures } from '../../../electron/features/types.ts';
import { cuConfig, cuDefaultsFor, cuInfo } from '../../../electron/methods/cu/config.ts';
import { cu } from '../../../electron/methods/cu/method.ts';
import type { TrainInput, TrainOutput } from '../../../electron/methods/method.ts';
import { methodInfo } from '../../../shared/contract/entities.ts';
import { AppError } from '../../../shared/errors.ts';
import { type Kept, trainInput } from '../../fixtures/train-input.ts';

const device = await openDevice('cpu', { threads: 2 });
const DIM = 8;
/** Of the anomalous videos, segments [from, to) are anomalous. */
const [FROM, TO] = [4, 8];

/**
 * Vectors of nearly one length, so that the magnitude says nothing: normal segments point along the first axes,
 * anomalous ones of every second video along the last.
 */
function planted(videos = 16, segments = 12, crops = 2): VideoFeatures[] {
  const random = createRandom(3);
  return Array.from({ length: videos }, (_, v) => {
    const data = random.fillNormal(new Float32Array(segments * crops * DIM), 0, 0.15);
    for (let t = 0; t < segments; t++) {
      const axis = v % 2 === 1 && t >= FROM && t < TO ? DIM - 1 - random.integer(2) : random.integer(4);
      for (let c = 0; c < crops; c++) data[(t * crops + c) * DIM + axis] += 1;
    }
    return { videoId: 20 + v, segments, crops, dim: DIM, data };
  });
}
const everySecond = (videos: number) =>
  Array.from({ length: videos }, (_, v): 0 | 1 => (v % 2 === 1 ? 1 : 0));

/** Small networks that learn fast. */
const small = {
  videoLabels: 'known',
  generatorHidden1: 24,
  generatorHidden2: 12,
  generatorRate: 1,
  classifierHidden1: 24,
  classifierHidden2: 8,
  classifierDropout: 0.4,
  learningRate: 0.01,
  passes: 8,
  segments: 12,
  window: 1,
};
/** Enough for a look at the machinery, not for learning. */
const brief = { ...small, epochs: 25, roundEpochs: 12, rounds: 2, passes: 4 };

/** Checkpoints take time; only the tests of going on need one after every step. */
const rarely = { saveEvery: 1e6 };
const input = ({ videos = planted(), ...changes }: Partial<TrainInput> = {}): TrainInput & Kept =>
  trainInput(videos, { videoLabels: everySecond(videos.length), seed: 4, device, ...rarely, ...changes });
const run = (settings: Record<string, unknown> = {}, given: TrainInput = input()): Promise<TrainOutput> =>
  cu.train(given, cuConfig.parse({ ...brief, ...settings }));

/** Share of pairs of an anomalous and a normal segment that are in order, ties half. */
function auc({ videos }: TrainOutput): number {
  const hot: number[] = [];
  const cold: number[] = [];
  for (const [v, { scores }] of videos.entries()) {
    for (const [t, score] of scores.entries()) (v % 2 === 1 && t >= FROM && t < TO ? hot : cold).push(score);
  }
  let right = 0;
  for (const a of hot) for (const b of cold) right += a > b ? 1 : a === b ? 0.5 : 0;
  return right / hot.length / cold.length;
}

describe('CU-Net', () => {
  test('finds planted segments from labels of whole videos', async () => {
    const output = await run({ ...small, epochs: 150, roundEpochs: 60, rounds: 3 });
    expect(auc(output)).toBeGreaterThan(0.95);
    expect(output.videos.map((v) => v.videoLabel)).toEqual(everySecond(16));
    for (const [v, { labels, uncertainty }] of output.videos.entries()) {
      expect(uncertainty!.every((u) => u >= 0 && u <= 0.25)).toBe(true);
      if (v % 2 === 0) expect(labels.every((label) => label === 0)).toBe(true);
    }
    const inside = output.videos.flatMap(({ labels }, v) => (v % 2 === 1 ? [...labels.slice(FROM, TO)] : []));
    expect(inside.reduce((a, b) => a + b, 0) / inside.length).toBeGreaterThan(0.7);
    expect(output.provenance).toMatchObject({
      videoLabels: { source: 'known', anomalous: 8, normal: 8, unknown: 0 },
      generator: { heads: 2, dim: DIM, pairs: 8, steps: 1, epochs: 150 },
      rounds: [
        { round: 1, clips: 192, kept: 96 },
        { round: 2, clips: 192, kept: 96 },
        { round: 3, clips: 192, kept: 96 },
      ],
    });
    const { content, arrays } = readBundle(output.model!, 'The model');
    expect(content).toMatchObject({
      format: 'cu model 1',
      shape: { inputDim: 2 * DIM, hidden1: 24 },
      window: 1,
    });
    expect(arrays['Regressor.5.weight'].shape).toEqual([2, 8]);
  });

  test('reports the losses of both stages, the share kept and the uncertainty', async () => {
    const given = input();
    const output = await run({}, given);
    const xs = (series: string) => given.curve.filter((p) => p.series === series).map((p) => p.x);
    const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
    for (const series of ['stage 1: MIL loss', 'stage 1: diversity', 'stage 1: norm term'])
      expect(xs(series)).toEqual(upTo(25));
    expect(xs('stage 2: classifier loss')).toEqual(upTo(24));
    expect(xs('mean uncertainty per round')).toEqual([1, 2]);
    expect(given.curve.filter((p) => p.series === 'share kept per round').map((p) => p.y)).toEqual([
      0.5, 0.5,
    ]);
    const { rounds } = output.provenance as { rounds: { histogram: number[] }[] };
    for (const { histogram } of rounds) expect(histogram.reduce((a, b) => a + b, 0)).toBe(8 * 12);
    for (const round of [1, 2]) {
      const bars = given.curve.filter(
        (p) => p.series === `histogram: soft labels in anomalous videos | round ${round}`,
      );
      expect(bars.map((p) => p.y)).toEqual(rounds[round - 1].histogram);
      expect(bars[0].x).toBeCloseTo(0.05, 9);
    }
  });

  test.each([
    ['cu', 2, 96],
    ['completeness', 2, 192],
    ['uncertainty', 1, 96],
    ['baseline', 1, 192],
    ['random', 2, 96],
  ])('variant %s has %i heads and trains on %i clips', async (variant, heads, kept) => {
    const { provenance, videos } = await run({ variant });
    expect(provenance).toMatchObject({ generator: { heads }, rounds: [{ kept }, { kept }] });
    expect(videos.every((v) => v.scores.every((s) => s >= 0 && s <= 1))).toBe(true);
  });

  test.each([
    { normalTargets: 'generated', rescaleLabels: false, generatorOptimiser: 'adam', generatorRate: 1e-3 },
    { generatorCrops: 'random', classifierCrops: 'all', pairing: 'allPairs', norm: 'literal' },
    { restart: false, heads: 3, scoreScale: 'none', scaleBy: 'unit' },
  ])('option values %o', async (values) => {
    const plain = await run();
    const { videos } = await run(values);
    expect(videos.every((v) => v.scores.every(Number.isFinite))).toBe(true);
    expect(videos).not.toEqual(plain.videos);
  });

  test.each(cuInfo.presets.map((p) => [p.name, p.values] as const))('preset %s', async (_, values) => {
    const { videos } = await run({ ...values, epochs: 2, roundEpochs: 1, passes: 2, roundPasses: 2 });
    expect(videos.every((v) => v.scores.every(Number.isFinite))).toBe(true);
  });

  test('fits the contract, and every option is described', () => {
    expect(
      methodInfo
        .parse(cuInfo)
        .options.map((o) => o.key)
        .sort(),
    ).toEqual(Object.keys(cuConfig.parse({})).sort());
    for (const extractor of ['import', 'cellmotion-v1']) {
      expect(() => cuConfig.parse(cuDefaultsFor(extractor).values)).not.toThrow();
    }
  });
});

describe('labels of whole videos', () => {
  test('are found without annotation where magnitudes differ', async () => {
    const videos = planted();
    for (const [v, { data }] of videos.entries()) {
      if (v % 4 === 1) for (let i = FROM * 2 * DIM; i < TO * 2 * DIM; i++) data[i] *= 5;
    }
    const settings = { videoLabels: 'coarse', coarseMode: 'directed' };
    const given = input({ videos, videoLabels: Array(16).fill(null) });
    const { videos: results, provenance } = await run(settings, given);
    expect(results.map((v) => v.videoLabel)).toEqual(videos.map((_, v) => (v % 4 === 1 ? 1 : 0)));
    expect(provenance.videoLabels).toMatchObject({ source: 'coarse', coarseMode: 'directed', anomalous: 4 });
    // Vectors of length 1 have no magnitude: the labels come from the lengths before.
    const unit = await run({ ...settings, scaleBy: 'unit' }, given);
    expect(unit.videos.map((v) => v.videoLabel)).toEqual(results.map((v) => v.videoLabel));
  });

  test('a video without a known label is scored and takes no part in training', async () => {
    const videos = planted();
    const videoLabels = everySecond(16).map((label, v) => (v < 14 ? label : null));
    const settings = { ...small, epochs: 20 };
    const output = await run(settings, input({ videos, videoLabels }));
    expect(output.notes.join(' ')).toContain('2 of 16 videos have no known label');
    expect(output.videos[15]).toMatchObject({ videoLabel: null, scores: expect.any(Float32Array) });
    const others = planted();
    for (const v of [14, 15]) others[v].data.fill(9);
    const changed = await run({ ...settings, scoreScale: 'none' }, input({ videos: others, videoLabels }));
    const same = await run({ ...settings, scoreScale: 'none' }, input({ videos, videoLabels }));
    expect(changed.videos.slice(0, 14).map((v) => v.scores)).toEqual(
      same.videos.slice(0, 14).map((v) => v.scores),
    );
  });

  test('none known at all is refused with the way out', async () => {
    await expect(run({}, input({ videoLabels: Array(16).fill(null) }))).rejects.toThrow(
      'videoLabels = coarse',
    );
  });

  test.each([
    [0, 'No video is known to be anomalous'],
    [1, 'Every video is known to be anomalous'],
  ] as const)('only label %i: scores of 0 and a sentence', async (label, sentence) => {
    const output = await run({}, input({ videoLabels: Array(16).fill(label) }));
    expect(output.notes.join(' ')).toContain(sentence);
    expect(output).toMatchObject({ model: null, threshold: { on: 1, off: 1 } });
    expect(output.videos.every((v) => v.scores.length === 12 && v.scores.every((s) => s === 0))).toBe(true);
  });
});

describe('stopping and going on', () => {
  test('a run that goes on from any checkpoint ends with the same bits', async () => {
    const settings = { restart: false, batchSize: 60 };
    const whole = input({ saveEvery: 0 });
    const expected = await run(settings, whole);
    expect(await run(settings)).toEqual(expected);
    // After 25 steps of stage 1, and per round at its start and after 12 epochs of two steps.
    expect(whole.checkpoints.length).toBe(75);
    for (const i of [0, 23, 24, 25, 26, 38, 49, 50, 51, 74]) {
      const bytes = whole.checkpoints[i];
      const again = input({ saveEvery: 0, loadCheckpoint: async () => bytes });
      expect(await run(settings, again), `checkpoint ${i}`).toEqual(expected);
      expect(again.curve).toEqual(whole.curve);
      expect(again.checkpoints).toEqual(whole.checkpoints.slice(i + 1));
    }
  });

  test('another seed gives other scores', async () => {
    expect((await run({}, input({ seed: 5 }))).videos).not.toEqual((await run()).videos);
  });

  test('stops between two steps or passes', async () => {
    for (const series of ['stage 1: MIL loss', 'stage 2: classifier loss']) {
      const abort = new AbortController();
      const given = input({ signal: abort.signal });
      const points = given.points;
      given.points = (list) => {
        points(list);
        if (list.some((p) => p.series === series)) abort.abort();
      };
      await expect(run({}, given)).rejects.toMatchObject({ code: 'cancelled' });
      expect(given.curve.filter((p) => p.series === series)).toHaveLength(1);
    }
  });

  test('refuses the checkpoint of another run and a broken one', async () => {
    const whole = input();
    await run({}, whole);
    const load = async () => whole.checkpoints[0];
    const conflict = { code: 'conflict' };
    await expect(run({}, input({ loadCheckpoint: load, seed: 9 }))).rejects.toMatchObject(conflict);
    await expect(run({ ratio: 0.4 }, input({ loadCheckpoint: load }))).rejects.toMatchObject(conflict);
    const cut = async () => whole.checkpoints[0].slice(0, -4);
    await expect(run({}, input({ loadCheckpoint: cut }))).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe('limits', () => {
  test('videos of one segment and of none', async () => {
    const [single] = planted(1, 1);
    const empty: VideoFeatures = { videoId: 99, segments: 0, crops: 2, dim: DIM, data: new Float32Array(0) };
    const videos = [...planted(), { ...single, videoId: 98 }, empty];
    const videoLabels: (0 | 1 | null)[] = [...everySecond(16), 1, null];
    const { videos: results, notes } = await run({}, input({ videos, videoLabels }));
    expect(notes.join(' ')).toContain('1 video has one segment only');
    expect(results[16].scores).toHaveLength(1);
    expect(results[17]).toEqual({
      videoId: 99,
      scores: new Float32Array(0),
      labels: new Uint8Array(0),
      uncertainty: new Float32Array(0),
      videoLabel: null,
    });
    await expect(run({}, input({ videos: [empty] }))).rejects.toMatchObject({ code: 'bad_input' });
  });

  test('fewer videos than a step wants', async () => {
    const videoLabels = everySecond(16).map((label, v): 0 | 1 => (v === 1 ? label : 0));
    const { notes, provenance } = await run({}, input({ videoLabels }));
    expect(notes.join(' ')).toContain('There is 1 anomalous video,');
    expect(provenance).toMatchObject({ generator: { pairs: 15, steps: 1 } });
  });

  test('makes batches smaller when memory runs out, says so, and goes on with them', async () => {
    const tight: ComputeDevice = {
      ...device,
      compile: (step, variables) => {
        if (step.inputs.features.shape[0] > 9) throw new AppError('out_of_memory', 'full');
        return device.compile(step, variables);
      },
    };
    const given = input({ device: tight });
    const output = await run({ epochs: 2, roundEpochs: 1 }, given);
    expect(output.notes.join(' ')).toContain('batches 16 times smaller');
    const again = input({ device: tight, loadCheckpoint: async () => given.checkpoints[0] });
    expect(await run({ epochs: 2, roundEpochs: 1 }, again)).toEqual(output);
  });

  test('says that training diverged', async () => {
    const videos = planted();
    videos[3].data[0] = Number.NaN;
    await expect(run({}, input({ videos }))).rejects.toThrow('Stage 1 diverged in epoch 1');
  });
});
