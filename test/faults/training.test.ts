// Training against crashes: a trainer killed in the middle is resumed to the very result of an uninterrupted run; a
// cancel is quick; an engine that was killed finds its job again.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../electron/api/engine.ts';
import { createRandom } from '../../electron/compute/random.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { forkChild } from '../../electron/hosts/fork.ts';
import type { Child } from '../../electron/tasks/child.ts';
import type { RunDetail } from '../../shared/contract/index.ts';
import { REMOVE } from '../remove.ts';

const VIDEOS = 12;
const SEGMENTS = 40;
const CROPS = 4;
const DIM = 16;

let folder: string;
let engine: Engine;
let child: Child | null = null;

const start = (): Promise<Engine> =>
  createEngine({
    spawn: (entry) => {
      child = forkChild(entry);
      return child;
    },
    host: 'server',
    appData: join(folder, 'data'),
    roots: [],
  });

/** Features in which every third video has a stretch of longer vectors. */
async function writeFeatures(to: string): Promise<void> {
  await mkdir(to);
  const random = createRandom(7);
  for (let v = 0; v < VIDEOS; v++) {
    const data = random.fillUniform(new Float32Array(SEGMENTS * CROPS * DIM), 0, 0.2);
    if (v % 3 === 0) for (let i = 10 * CROPS * DIM; i < 22 * CROPS * DIM; i++) data[i] += 0.5;
    await writeFile(join(to, `video-${v}.npy`), writeNpy(data, [SEGMENTS, CROPS, DIM], 'f4'));
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zerolabel-training-'));
  await writeFeatures(join(folder, 'features'));
  engine = await start();
  await engine.open(join(folder, 'project'), { name: 'faults' });
  const { grant } = await engine.grant(join(folder, 'features'));
  const { jobId } = await engine.call('features.import', { grants: [grant], name: 'planted' });
  expect(await engine.jobEnded(jobId)).toMatchObject({ state: 'done' });
});
afterEach(async () => {
  await engine.close();
  await rm(folder, REMOVE);
});

async function train(epochs: number): Promise<{ runId: number; jobId: number }> {
  const [set] = await engine.call('features.list', {});
  return engine.call('runs.create', {
    method: 'c2fpl',
    featureSetId: set.id,
    seed: 5,
    device: 'cpu',
    config: { epochs, batchSize: 32, hidden1: 32, hidden2: 8 },
  });
}

/** Resolves once the run has told `epochs` epochs. */
function reached(runId: number, epochs: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = engine.on((event) => {
      if (
        event.event === 'run.point' &&
        event.payload.runId === runId &&
        event.payload.points.some((p) => p.x >= epochs)
      ) {
        stop();
        resolve();
      }
    });
  });
}

async function bytesOf(what: 'scores' | 'labels', runId: number): Promise<string[]> {
  const videos = await engine.call('videos.list', {});
  return Promise.all(
    videos.map(async ({ id }) => {
      const resource = await engine.resource(`/${what}/${runId}/${id}`);
      if (resource?.kind !== 'bytes') throw new Error(`No ${what} of video ${id}`);
      expect(resource.bytes.byteLength).toBe((what === 'scores' ? 4 : 1) * SEGMENTS);
      return Buffer.from(resource.bytes).toString('hex');
    }),
  );
}

const scoresOf = (runId: number) => bytesOf('scores', runId);
const labelsOf = (runId: number) => bytesOf('labels', runId);
const curveOf = (run: RunDetail) => run.curve.filter((point) => point.series === 'loss');

describe('a trainer killed in the middle of training', () => {
  test('is resumed to the same scores, bit for bit, and the same curve as an uninterrupted run', async () => {
    const whole = await train(40);
    expect(await engine.jobEnded(whole.jobId)).toMatchObject({ state: 'done' });

    const broken = await train(40);
    await reached(broken.runId, 12);
    child?.kill();
    const crashed = await engine.jobEnded(broken.jobId);
    expect(crashed).toMatchObject({ state: 'failed', resumable: true, error: { code: 'crashed' } });
    expect((await engine.call('runs.get', { id: broken.runId })).state).toBe('failed');

    await engine.call('jobs.resume', { id: broken.jobId });
    expect(await engine.jobEnded(broken.jobId)).toMatchObject({ state: 'done', error: null });
    expect(await scoresOf(broken.runId)).toEqual(await scoresOf(whole.runId));
    const [a, b] = await Promise.all(
      [whole, broken].map(({ runId }) => engine.call('runs.get', { id: runId })),
    );
    expect(curveOf(b)).toEqual(curveOf(a));
    expect(curveOf(a)).toHaveLength(40);
  });
});

describe('two models that label each other, killed in the middle of the second module', () => {
  const config = {
    weak: 'sultani',
    ratio: 0.2,
    bags: 3,
    batchSize: 128,
    stepsPerModule: 3,
    maxModules: 3,
    weakBatches: 20,
    oneClassEpochs: 2,
  };
  const loop = async (): Promise<{ runId: number; jobId: number }> => {
    const [set] = await engine.call('features.list', {});
    return engine.call('runs.create', {
      method: 'wocc-ws',
      featureSetId: set.id,
      seed: 5,
      device: 'cpu',
      config,
    });
  };
  /** Points that do not tell the time. */
  const timeless = (run: RunDetail) => run.curve.filter(({ series }) => series !== 'seconds per module');

  test('go on to the same labels, scores, thresholds and score maps as an uninterrupted run', async () => {
    const whole = await loop();
    expect(await engine.jobEnded(whole.jobId)).toMatchObject({ state: 'done' });

    const broken = await loop();
    // The second step of the second module has begun: five of nine steps.
    await reached(broken.runId, 5);
    child?.kill();
    const crashed = await engine.jobEnded(broken.jobId);
    expect(crashed).toMatchObject({ state: 'failed', resumable: true, error: { code: 'crashed' } });
    await engine.call('jobs.resume', { id: broken.jobId });
    expect(await engine.jobEnded(broken.jobId)).toMatchObject({ state: 'done', error: null });

    expect(await scoresOf(broken.runId)).toEqual(await scoresOf(whole.runId));
    expect(await labelsOf(broken.runId)).toEqual(await labelsOf(whole.runId));
    const [a, b] = await Promise.all(
      [whole, broken].map(({ runId }) => engine.call('runs.get', { id: runId })),
    );
    expect(timeless(b)).toEqual(timeless(a));
    expect(b.provenance.thresholds).toEqual(a.provenance.thresholds);
    const [mapsA, mapsB] = await Promise.all(
      [whole, broken].map(({ runId }) => engine.call('runs.maps', { id: runId })),
    );
    expect(mapsB).toEqual(mapsA);
    expect(new Set(mapsA.map(({ stage }) => stage)).size).toBe(a.provenance.modules);
  });
});

describe('a cancelled training', () => {
  test('stops, keeps its checkpoint, stores no scores, and can go on', async () => {
    const { runId, jobId } = await train(4000);
    await reached(runId, 5);
    await engine.call('jobs.cancel', { id: jobId });
    expect(await engine.jobEnded(jobId)).toMatchObject({ state: 'cancelled', resumable: true });
    const [{ id }] = await engine.call('videos.list', {});
    expect(await engine.resource(`/scores/${runId}/${id}`)).toBeNull();
    await engine.call('jobs.resume', { id: jobId });
    await reached(runId, 6);
    await engine.call('jobs.cancel', { id: jobId });
    expect(await engine.jobEnded(jobId)).toMatchObject({ state: 'cancelled' });
  });
});

describe('an engine that closes while a training runs', () => {
  test('finds it interrupted at the next start and resumes it to the end', async () => {
    const { runId, jobId } = await train(60);
    await reached(runId, 5);
    await engine.close();

    engine = await start();
    await engine.open(join(folder, 'project'));
    const found = (await engine.call('jobs.list', {})).find((job) => job.id === jobId);
    expect(found).toMatchObject({ state: 'interrupted', resumable: true });
    await engine.call('jobs.resume', { id: jobId });
    expect(await engine.jobEnded(jobId)).toMatchObject({ state: 'done' });
    expect(curveOf(await engine.call('runs.get', { id: runId }))).toHaveLength(60);
  });
});
