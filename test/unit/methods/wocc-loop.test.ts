// The loop of wOCC-WS and its models as a whole: what it learns, that it repeats itself and goes on where it stopped, its
// variants and its guards; and the weakly supervised models by themselves.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import type { VideoFeatures } from '../../../electron/features/types.ts';
import { writeNpy } from '../../../electron/formats/npy.ts';
import { savesOf } from '../../../electron/methods/checkpoint.ts';
import type { TrainInput, TrainOutput } from '../../../electron/methods/method.ts';
import { bagSource } from '../../../electron/methods/wocc-ws/bag-source.ts';
import type { ComponentInput } from '../../../electron/methods/wocc-ws/components.ts';
import { woccConfig, woccDefaultsFor, woccInfo } from '../../../electron/methods/wocc-ws/config.ts';
import { featureAutoencoder } from '../../../electron/methods/wocc-ws/feature-autoencoder.ts';
import {
  agreement,
  type LoopResult,
  type LoopTraining,
  ranks,
  runLoop,
} from '../../../electron/methods/wocc-ws/loop.ts';
import type { LoopOptions } from '../../../electron/methods/wocc-ws/loop-options.ts';
import { loopOptions, wocc } from '../../../electron/methods/wocc-ws/method.ts';
import { createPace, runSeconds, spoken } from '../../../electron/methods/wocc-ws/pace.ts';
import { cropsPerCall, rtfmModel, rtfmShape } from '../../../electron/methods/wocc-ws/rtfm-model.ts';
import { startWeights } from '../../../electron/methods/wocc-ws/start-weights.ts';
import { sultaniModel } from '../../../electron/methods/wocc-ws/sultani-model.ts';
import {
  rtfmConfig,
  rtfmInfo,
  sultaniConfig,
  sultaniInfo,
} from '../../../electron/methods/wocc-ws/weak-config.ts';
import { rtfm, sultani } from '../../../electron/methods/wocc-ws/weak-method.ts';
import { initStgNf, unpackStgNf } from '../../../electron/nets/stg-nf-state.ts';
import { readWeights } from '../../../electron/tasks/weights.ts';
import { type CurvePoint, methodInfo } from '../../../shared/contract/entities.ts';
import { type Kept, trainInput } from '../../fixtures/train-input.ts';

const device = await openDevice('cpu', { threads: 1 });
const DIM = 8;
/** Of every third video, segments [from, to) are anomalous. */
const [FROM, TO] = [4, 9];
const isAnomalous = (v: number, t: number): boolean => v % 3 === 0 && t >= FROM && t < TO;

/** Normal segments lie near a plane, anomalous ones off it. */
function planted(videos = 12, segments = 14, crops = 2): VideoFeatures[] {
  const random = createRandom(3);
  return Array.from({ length: videos }, (_, v) => {
    const data = new Float32Array(segments * crops * DIM);
    for (let t = 0; t < segments; t++) {
      for (let c = 0; c < crops; c++) {
        const row = data.subarray((t * crops + c) * DIM, (t * crops + c + 1) * DIM);
        const [a, b] = [random.normal() * 0.3, random.normal() * 0.3];
        row.fill(a, 0, 4);
        row.fill(b, 4, 8);
        if (isAnomalous(v, t)) for (let d = 0; d < DIM; d++) row[d] += (d % 2 === 0 ? 1 : -1) * 0.8;
      }
    }
    return { videoId: 20 + v, segments, crops, dim: DIM, data };
  });
}
const offsetsOf = (videos: readonly VideoFeatures[]): Int32Array =>
  Int32Array.from([0, ...videos.map((_, v) => videos.slice(0, v + 1).reduce((n, w) => n + w.segments, 0))]);

function component(videos = planted(), changes: Partial<ComponentInput> = {}): ComponentInput {
  const offsets = offsetsOf(videos);
  return {
    device,
    videos,
    offsets,
    aggregation: 'mean',
    poses: null,
    cubes: null,
    check: () => {},
    ...changes,
  };
}
const autoencoder = { batchSize: 64, learningRate: 3e-3 };
const ranking = { bags: 3, bagSize: 16, learningRate: 0.01, l2: 1e-3, dropout: 0.5, lambdaSmooth: 0 };

const options: LoopOptions = {
  ratio: 0.15,
  threshold: 'adaptive',
  stopQ: 0.1,
  stopReference: 'code',
  maxModules: 3,
  stepsPerModule: 2,
  convergeEps: 0,
  oneClassEpochs: 2,
  weakBatches: 6,
  bagMode: 'code',
  cleanup: 'perVideo',
  start: 'paper',
  weighting: 'soft',
};

interface Looped {
  result: LoopResult;
  checkpoints: Uint8Array[];
  curve: CurvePoint[];
  modules: number[];
}

async function loop(
  changes: Partial<LoopOptions> = {},
  given: Partial<LoopTraining> = {},
  videos = planted(),
): Promise<Looped> {
  const checkpoints: Uint8Array[] = [];
  const curve: CurvePoint[] = [];
  const modules: number[] = [];
  const oneClass = await featureAutoencoder(component(videos), autoencoder);
  const weak = await sultaniModel(component(videos), ranking);
  let time = 0;
  const now = (): number => ++time;
  try {
    const result = await runLoop({
      oneClass,
      weak,
      options: { ...options, ...changes },
      offsets: offsetsOf(videos),
      trains: new Uint8Array(videos.length).fill(1),
      suspect: new Uint8Array(videos.length).fill(1),
      identity: 'this run',
      seed: 5,
      now,
      saves: savesOf(input({ saveCheckpoint: async (bytes) => void checkpoints.push(bytes) })),
      pace: createPace({ progress: () => {} }, now, 1, () => 0, { modules: 3, steps: 2 }),
      points: (points) => curve.push(...points),
      moduleEnded: ({ module, shown }) => modules.push(...shown.map(() => module)),
      loadCheckpoint: async () => null,
      ...given,
    });
    return { result, checkpoints, curve, modules };
  } finally {
    await oneClass.dispose();
    await weak.dispose();
  }
}

/** Share of pairs of an anomalous and a normal segment that are in order, ties half. */
function auc(scores: ArrayLike<number>, videos = planted()): number {
  const [hot, cold]: [number[], number[]] = [[], []];
  let at = 0;
  for (const [v, { segments }] of videos.entries())
    for (let t = 0; t < segments; t++) (isAnomalous(v, t) ? hot : cold).push(scores[at++]);
  let wins = 0;
  for (const a of hot) for (const b of cold) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / hot.length / cold.length;
}

describe('the loop', () => {
  test('finds planted anomalies, and both models agree', async () => {
    const { result } = await loop({ oneClassEpochs: 12, weakBatches: 60, maxModules: 1 });
    expect(auc(result.oneClassScores)).toBeGreaterThan(0.95);
    expect(auc(result.weakScores)).toBeGreaterThan(0.95);
    expect(agreement(result.oneClassScores, result.weakScores, 20)).toBeGreaterThan(0.6);
  });

  test('lets T fall from module to module and tells its course', async () => {
    const { result, curve, modules } = await loop();
    // T never grows, and one more is known than modules ended.
    expect(result.thresholds).toHaveLength(result.modules + 1);
    for (const [r, t] of result.thresholds.entries()) {
      if (r > 0) expect(t).toBeLessThanOrEqual(result.thresholds[r - 1]);
    }
    expect(result.thresholds[0]).toBe(Math.ceil(0.15 * 12 * 14));
    const series = (name: string): CurvePoint[] => curve.filter((p) => p.series === name);
    expect(series('T per module').map((p) => p.y)).toEqual(result.thresholds);
    expect(series('loss of the one-class model')).toHaveLength(result.modules * 2);
    expect(series('loss of the weak model')).toHaveLength(result.modules * 2);
    expect(series('agreement per step')).toHaveLength(result.modules * 2);
    expect(series('seconds per module')).toHaveLength(result.modules);
    expect(modules).toEqual(Array.from({ length: result.modules }, (_, i) => Array(6).fill(i + 1)).flat());
  });

  test('goes on from any checkpoint to the same bits', async () => {
    const whole = await loop();
    const count = whole.checkpoints.length;
    // A step saves at least: each batch of both models and its end.
    expect(count).toBeGreaterThan(2 * 2 * 6);
    const inside = [1, 7, Math.floor(count / 2), Math.floor(count / 2) + 4, count - 2];
    for (const k of inside) {
      const resumed = await loop({}, { loadCheckpoint: async () => whole.checkpoints[k] });
      expect(resumed.result.oneClassScores).toEqual(whole.result.oneClassScores);
      expect(resumed.result.weakScores).toEqual(whole.result.weakScores);
      expect(resumed.result.thresholds).toEqual(whole.result.thresholds);
      const timeless = (points: CurvePoint[]) => points.filter((p) => p.series !== 'seconds per module');
      expect(timeless(resumed.curve)).toEqual(timeless(whole.curve));
    }
  });

  test('refuses the checkpoint of another run, and stops when told to', async () => {
    const { checkpoints } = await loop({ maxModules: 1 });
    await expect(
      loop({}, { identity: 'another', loadCheckpoint: async () => checkpoints[0] }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      loop({}, { loadCheckpoint: async () => checkpoints[0].slice(0, 900) }),
    ).rejects.toMatchObject({
      code: 'damaged',
    });
    const control = new AbortController();
    control.abort();
    const saves = savesOf({ signal: control.signal, saveCheckpoint: async () => {} });
    await expect(loop({}, { saves })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('keeps T and runs all modules where it is fixed', async () => {
    const { result, curve } = await loop({ threshold: 'fixed', maxModules: 2 });
    expect([result.modules, result.stop]).toEqual([2, 'maxModules']);
    expect(curve.filter((p) => p.series === 'T per module').map((p) => p.y)).toEqual([26, 26, 26]);
  });

  test('hard weights and soft ones train differently, weights of 1 as well', async () => {
    const scores = await Promise.all(
      (['soft', 'hard', 'none'] as const).map(async (weighting) => {
        const { result } = await loop({ weighting, maxModules: 1 });
        return [...result.oneClassScores];
      }),
    );
    expect(scores[0]).not.toEqual(scores[1]);
    expect(scores[1]).not.toEqual(scores[2]);
  });

  test('a module ends early when scores hardly change', async () => {
    const { curve } = await loop({ convergeEps: 1000, stepsPerModule: 5, maxModules: 1 });
    expect(curve.filter((p) => p.series === 'agreement per step')).toHaveLength(2);
  });

  test('videos known to be normal hold no anomalous snippets, others that do not train are scored', async () => {
    const videos = planted();
    const suspect = Uint8Array.from(videos, (_, v) => (v % 3 === 0 ? 1 : 0));
    const { result } = await loop({}, { suspect });
    const offsets = offsetsOf(videos);
    for (const [v, may] of suspect.entries()) {
      if (!may)
        expect(result.consensus.subarray(offsets[v], offsets[v + 1]).some((x) => x === 1)).toBe(false);
    }
    const normalOnly = await loop({}, { trains: suspect.map((s) => 1 - s) });
    expect(normalOnly.result.thresholds[0]).toBe(Math.ceil(0.15 * 8 * 14));
    expect(auc(normalOnly.result.oneClassScores)).toBeGreaterThan(0.9);
  });

  test('works in a set too small for its bags, and says when nothing is left', async () => {
    const few = planted(3, 4);
    const { result } = await loop({ maxModules: 2 }, {}, few);
    expect(result.weakScores).toHaveLength(12);
    await expect(loop({ ratio: 0.9 }, {}, planted(1, 2))).rejects.toThrow(/both kinds are needed/);
    await expect(loop({}, { trains: new Uint8Array(12) })).rejects.toThrow(/nothing to learn from/);
  });
});

describe('parts of the loop', () => {
  test('first weights: one draw, or the least of one for each frame', () => {
    const mean = (form: 'paper' | 'perFrameMin', length: number): number =>
      startWeights(20_000, length, form, createRandom(2)).reduce((a, b) => a + b, 0) / 20_000;
    expect(mean('paper', 24)).toBeCloseTo(5 / 6, 2);
    expect(mean('perFrameMin', 24)).toBeCloseTo(0.484, 2);
    expect(mean('perFrameMin', 16)).toBeCloseTo(0.523, 2);
  });

  const pool = (n: number) => ({
    snippets: Int32Array.from({ length: n }, (_, i) => 1000 + i),
    scores: Float64Array.from({ length: n }, (_, i) => i),
  });
  const source = (n: number, mode: 'paper' | 'code', bags: number) =>
    bagSource(pool(n), { mode, bags, random: (pass) => createRandom(9, pass) });

  test('random bags hold no snippet twice, unless there are too few', () => {
    const bag = source(40, 'paper', 2).batch(3);
    expect(bag).toHaveLength(32);
    expect(new Set(bag.subarray(0, 16)).size).toBe(16);
    expect(new Set(bag.subarray(16)).size).toBe(16);
    expect(source(3, 'code', 2).batch(0)).toHaveLength(32);
    expect(() => source(0, 'paper', 2)).toThrow(/no snippets/);
  });

  test('bags of the code hold three of the highest each; a batch follows from its number alone', () => {
    // 64 snippets are four bags: the twelve highest are 1052 and on.
    const bags = source(64, 'code', 2);
    const later = bags.batch(5);
    const both = [...bags.batch(4), ...later];
    for (let b = 0; b < 4; b++) {
      const high = both.slice(b * 16, b * 16 + 16).filter((s) => s >= 1052);
      expect(high).toHaveLength(3);
    }
    // Batches 4 and 5 are one pass over all.
    expect(new Set(both).size).toBe(64);
    expect(source(64, 'code', 2).batch(5)).toEqual(later);
    // One bag, drawn again and again.
    expect(source(16, 'code', 4).batch(0)).toHaveLength(64);
  });

  test('ranks share places, and agreement counts common top snippets', () => {
    expect([...ranks([5, 1, 5, 3])]).toEqual([2.5 / 3, 0, 2.5 / 3, 1 / 3]);
    expect(agreement([4, 3, 2, 1], [4, 1, 2, 3], 2)).toBe(0.5);
  });

  test('time is the sum of its parts', () => {
    const seconds = { oneClassBatch: 1, oneClassScores: 2, weakBatch: 3, weakScores: 4 };
    expect(runSeconds(seconds, { oneClass: 5, weak: 6 }, 2)).toBe(2 * (5 + 2 + 18 + 4));
    expect([spoken(0.2), spoken(80), spoken(600), spoken(7200)]).toEqual([
      'a second',
      '80 seconds',
      '10 minutes',
      '2.0 hours',
    ]);
  });

  test('an estimate does not take compiling for training', async () => {
    let clock = 0;
    /** Takes `first` seconds, and `next` from then on. */
    const work = (first: number, next: number) => {
      let calls = 0;
      return async () => {
        clock += calls++ === 0 ? first : next;
        return new Float64Array(0);
      };
    };
    const model = { fresh() {}, batchSize: 4, bags: 1, bagSize: 4 };
    const pace = createPace(
      { progress: () => {} },
      () => clock,
      1,
      () => 0,
      { modules: 1, steps: 1 },
    );
    const sentence = await pace.measure(
      {
        oneClass: { ...model, trainBatch: work(5, 0.03), scoreSnippets: work(4, 1) } as never,
        weak: { ...model, trainBatch: work(90, 60), scoreSnippets: work(10, 10) } as never,
        objects: new Int32Array(8),
        snippets: 9,
        random: createRandom(1),
      },
      100,
      { ...loopOptions(woccConfig.parse({ maxModules: 1, stepsPerModule: 2, weakBatches: 3 }), 1, 2048) },
    );
    // A batch of a minute and a half is believed the first time: 2 * (100 * .03 + 1 + 3 * 90 + 10) seconds.
    expect(sentence).toMatch(/1 module takes about 9 minutes \(a batch 30 ms .*, 90000 ms/);
  });

  test('0 stands for numbers that suit the features', () => {
    const config = woccConfig.parse({ weak: 'sultani' });
    expect(loopOptions(config, 30, 19)).toMatchObject({ oneClassEpochs: 2, weakBatches: 60 });
    expect(loopOptions(config, 200, 2048)).toMatchObject({ oneClassEpochs: 1, weakBatches: 500 });
    expect(loopOptions({ ...config, variant: 'allData' }, 30, 19)).toMatchObject({
      weighting: 'none',
      maxModules: 1,
    });
  });
});

describe('RTFM in bags', () => {
  const net = {
    network: 'full',
    bags: 2,
    bagSize: 16,
    learningRate: 1e-3,
    weightDecay: 0,
    dropout: 0,
    joint: true,
  } as const;
  const bagsOf = (random = createRandom(1)) => ({
    abnormal: Int32Array.from({ length: 32 }, () => random.integer(60)),
    normal: Int32Array.from({ length: 32 }, () => 60 + random.integer(60)),
    random,
  });

  test('crop after crop gives the update of all crops at once where crops are alike', async () => {
    // Equal crops have one mean and variance, so that batch normalisation sees the same in parts as in all.
    const videos = planted(12, 14, 1).map((video) => {
      const data = new Float32Array(video.data.length * 2);
      for (let t = 0; t < video.segments; t++)
        for (let c = 0; c < 2; c++) data.set(video.data.subarray(t * DIM, (t + 1) * DIM), (t * 2 + c) * DIM);
      return { ...video, crops: 2, data };
    });
    const [whole, parts] = await Promise.all(
      [2, 1].map((cropsAtOnce) => rtfmModel(component(videos), { ...net, cropsAtOnce })),
    );
    for (const model of [whole, parts]) model.fresh(createRandom(4));
    for (let i = 0; i < 2; i++) {
      const [a, b] = [await whole.trainBatch(bagsOf()), await parts.trainBatch(bagsOf())];
      expect(b.total).toBeCloseTo(a.total, 4);
      expect(b.magnitude).toBeCloseTo(a.magnitude, 4);
    }
    const [a, b] = [await whole.parameters(), await parts.parameters()];
    for (const name of Object.keys(a)) {
      // Running statistics are updated once in all, and once for each part.
      if (name.includes('running')) continue;
      for (const [i, x] of a[name].data.entries()) expect(Math.abs(x - b[name].data[i])).toBeLessThan(2e-4);
    }
    await whole.dispose();
    await parts.dispose();
  });

  test('features of few numbers get the small network unless another one is asked for', () => {
    expect(rtfmShape(19, 'auto')).toEqual({
      network: 'lite',
      dim: 19,
      branch: 64,
      inter: 32,
      hidden1: 128,
      hidden2: 32,
    });
    expect(rtfmShape(256, 'auto').network).toBe('lite');
    expect(rtfmShape(257, 'auto').network).toBe('full');
    expect(rtfmShape(19, 'full').network).toBe('full');
    expect(rtfmShape(2048, 'auto')).toEqual({
      network: 'full',
      dim: 2048,
      branch: 512,
      inter: 256,
      hidden1: 512,
      hidden2: 128,
    });
    expect(rtfmShape(2048, 'lite').network).toBe('lite');
  });

  test('takes fewer crops at once the larger they are', () => {
    expect(cropsPerCall(10, 1024, 2048)).toBe(5);
    expect(cropsPerCall(10, 2048, 2048)).toBe(2);
    expect(cropsPerCall(48, 256, 256)).toBe(48);
    expect(cropsPerCall(10, 10_000_000, 2048)).toBe(1);
  });

  test('scores each video as a sequence of its own length, over the three highest of many crops', async () => {
    const videos = [...planted(2, 5, 4), ...planted(1, 9, 4)];
    const model = await rtfmModel(component(videos, { aggregation: 'top3' }), { ...net, cropsAtOnce: 0 });
    model.fresh(createRandom(4));
    const scores = await model.scoreSnippets();
    expect(scores).toHaveLength(19);
    const alone = await rtfmModel(component([videos[2]], { aggregation: 'top3' }), {
      ...net,
      cropsAtOnce: 0,
    });
    alone.load(await model.save());
    const own = await alone.scoreSnippets();
    for (const [t, score] of own.entries()) expect(score).toBeCloseTo(scores[10 + t], 5);
    await model.dispose();
    await alone.dispose();
  });
});

const input = ({ videos = planted(), ...changes }: Partial<TrainInput> = {}): TrainInput & Kept =>
  trainInput(videos, {
    videoLabels: videos.map((_, v): 0 | 1 => (v % 3 === 0 ? 1 : 0)),
    seed: 4,
    device,
    ...changes,
  });
const joined = ({ videos }: TrainOutput): number[] => videos.flatMap(({ scores }) => [...scores]);

describe('the method', () => {
  const brief = {
    weak: 'sultani',
    bags: 3,
    stepsPerModule: 2,
    maxModules: 2,
    weakBatches: 20,
    batchSize: 64,
  };
  const train = (settings: Record<string, unknown> = {}, given = input()): Promise<TrainOutput> =>
    wocc.train(given, woccConfig.parse({ ...brief, ...settings }));

  test('scores every segment, labels T of them, says how far the models are apart, and repeats itself', async () => {
    const first = await train();
    expect(first.videos.map(({ videoId }) => videoId)).toEqual(planted().map(({ videoId }) => videoId));
    const scores = joined(first);
    expect(Math.min(...scores)).toBe(0);
    expect(Math.max(...scores)).toBe(1);
    const labelled = first.videos.flatMap(({ labels }) => [...labels]).filter((label) => label === 1).length;
    const { thresholds, modules } = first.provenance as { thresholds: number[]; modules: number };
    expect(labelled).toBe(thresholds[modules - 1]);
    expect(scores.filter((score) => score >= first.threshold.on).length).toBeGreaterThanOrEqual(labelled);
    for (const { uncertainty } of first.videos) {
      expect(uncertainty?.every((u) => u >= 0 && u <= 1)).toBe(true);
    }
    expect(first.notes.join(' ')).toMatch(
      /Estimated from single batches before the start: 2 modules take about/,
    );
    expect(joined(await train())).toEqual(scores);
  });

  test('gives the scores that are asked for', async () => {
    const [weak, oneClass, both] = await Promise.all(
      ['weak', 'oneClass', 'mean'].map(async (output) => joined(await train({ output }))),
    );
    expect(weak).not.toEqual(oneClass);
    const [a, b] = [ranks(weak), ranks(oneClass)];
    for (const [i, x] of both.entries()) expect(x).toBeCloseTo((a[i] + b[i]) / 2, 5);
  });

  test('a video without segments gets no scores; without any there is nothing to do', async () => {
    const empty: VideoFeatures = { videoId: 99, segments: 0, crops: 2, dim: DIM, data: new Float32Array(0) };
    const out = await train({ maxModules: 1 }, input({ videos: [empty, ...planted()] }));
    expect(out.videos[0]).toMatchObject({ videoId: 99, videoLabel: null });
    expect(out.videos[0].scores).toHaveLength(0);
    await expect(train({}, input({ videos: [empty] }))).rejects.toMatchObject({ code: 'bad_input' });
    await expect(train({}, input({ device: null }))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('variants with known labels need them', async () => {
    const videoLabels = planted().map(() => null);
    await expect(train({ variant: 'oneClass' }, input({ videoLabels }))).rejects.toThrow(
      /known to be normal/,
    );
    await expect(train({ variant: 'weak' }, input({ videoLabels }))).rejects.toThrow(/known to be normal/);
    const out = await train({ variant: 'weak', output: 'oneClass' });
    expect(auc(joined(out))).toBeGreaterThan(0.85);
  });

  test('describes each of its settings, and its presets can be used', () => {
    for (const [info, schema] of [
      [woccInfo, woccConfig],
      [rtfmInfo, rtfmConfig],
      [sultaniInfo, sultaniConfig],
    ] as const) {
      expect(methodInfo.parse(info)).toEqual(info);
      expect(info.options.map(({ key }) => key).sort()).toEqual(Object.keys(schema.parse({})).sort());
      for (const preset of info.presets) expect(schema.safeParse(preset.values).success).toBe(true);
    }
    expect(woccConfig.safeParse(woccDefaultsFor('cellmotion-v1').values).success).toBe(true);
  });
});

const few = { videoLabels: 'known', batches: 60, pairs: 4, segments: 8 };
describe.each([
  ['RTFM', rtfm, rtfmConfig.parse({ ...few, network: 'full', batches: 120 })],
  ['RTFM with the small network', rtfm, rtfmConfig.parse(few)],
  [
    'the ranking network',
    sultani,
    sultaniConfig.parse({ videoLabels: 'known', batches: 200, pairs: 4, segments: 8 }),
  ],
  [
    'the ranking network, pooled as published',
    sultani,
    sultaniConfig.parse({
      videoLabels: 'known',
      pooling: 'sultani',
      batches: 200,
      pairs: 4,
      segments: 8,
    }),
  ],
] as const)('%s alone', (_, method, config) => {
  const train = (given = input(), changes: Partial<typeof config> = {}): Promise<TrainOutput> =>
    method.train(given, { ...config, ...changes } as never);

  test('learns planted anomalies from labels of videos, repeats itself and goes on where it stopped', async () => {
    const kept = input();
    const out = await train(kept);
    const scores = joined(out);
    expect(auc(scores)).toBeGreaterThan(0.9);
    expect(kept.curve.length).toBeGreaterThan(0);
    // The last checkpoint holds the trained network: what is left is to score.
    const again = await train(input({ loadCheckpoint: async () => kept.checkpoints.at(-1)! }));
    expect(joined(again)).toEqual(scores);
    // Videos labelled normal hold no pseudo-label.
    for (const { videoLabel, labels } of out.videos)
      if (videoLabel === 0) expect(labels.some((label) => label === 1)).toBe(false);
  });

  test('needs both kinds of videos', async () => {
    const videoLabels = planted().map((): 0 | 1 => 1);
    await expect(train(input({ videoLabels }))).rejects.toThrow(/known to be normal/);
  });
});

describe('weights trained elsewhere', () => {
  const net = {
    network: 'full',
    bags: 2,
    bagSize: 16,
    learningRate: 1e-3,
    weightDecay: 0,
    dropout: 0,
    joint: false,
    cropsAtOnce: 0,
  } as const;
  const full = rtfmConfig.parse({ network: 'full' });

  test('a state dictionary in a folder of .npy files scores as the network it came from', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zerolabel-weights-'));
    try {
      const source = await rtfmModel(component(), net);
      source.fresh(createRandom(8));
      const expected = await source.scoreSnippets();
      for (const [name, { shape, data }] of Object.entries(await source.parameters()))
        await writeFile(join(folder, `module.${name}.npy`), writeNpy(data, shape, 'f4'));
      await writeFile(join(folder, 'num_batches_tracked.npy'), writeNpy(Int32Array.of(7), [], 'i4'));
      await source.dispose();
      const weights = await readWeights(folder);
      const out = await rtfm.train(input({ weights, videoLabels: [] }), full);
      for (const [i, score] of joined(out).entries()) expect(score).toBeCloseTo(expected[i], 5);
      expect(out.notes.join(' ')).toMatch(/nothing was trained/);
      for (const { scores, labels } of out.videos)
        expect([...labels]).toEqual([...scores].map((score) => (score >= 0.5 ? 1 : 0)));

      const { 'fc1.weight': _, ...without } = weights;
      await expect(rtfm.train(input({ weights: without }), full)).rejects.toThrow(/"fc1.weight" is missing/);
      const other = { ...weights, 'fc3.bias': { shape: [2], data: new Float32Array(2) } };
      await expect(rtfm.train(input({ weights: other }), full)).rejects.toThrow(/has the shape \(2\)/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('STG-NF gives snippets the scores of the poses it saw, by the weights given', async () => {
    const shape = { segmentLength: 16, steps: 8 };
    const state = initStgNf(shape, createRandom(2));
    const weights = unpackStgNf(shape, { parameters: state.parameters.data, buffers: state.buffers.data });
    const videos = planted(2, 4);
    const random = createRandom(5);
    const person = {
      id: 1,
      frames: Int32Array.from({ length: 60 }, (_, i) => i),
      keypoints: Float32Array.from({ length: 60 * 51 }, () => 100 + 50 * random.normal()),
      scores: new Float64Array(60).fill(1),
    };
    const poses = [{ frames: 64, persons: [person] }, null];
    const config = woccConfig.parse({ oneClass: 'stgnf', poseLength: 16, ratio: 0.25 });
    const out = await wocc.train(input({ videos, poses, weights }), config);
    const scores = joined(out);
    expect(new Set(scores.slice(0, 4)).size).toBeGreaterThan(1);
    // Nobody was seen in the second video: all of it is most normal.
    expect(scores.slice(4)).toEqual([0, 0, 0, 0]);
    expect(out.videos[0].labels.reduce((sum, label) => sum + label, 0)).toBe(2);
  });

  test('a folder without tensors, or none at all, is refused', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zerolabel-weights-'));
    await expect(readWeights(folder)).rejects.toMatchObject({ code: 'bad_input' });
    await expect(readWeights(join(folder, 'none'))).rejects.toMatchObject({ code: 'not_found' });
    await rm(folder, { recursive: true });
  });
});
