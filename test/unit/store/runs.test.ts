// Runs, their results and jobs: what is stored comes back, all at once or not at all.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openProject } from '../../../electron/store/open.ts';
import { artifactOf, imported, newProject, resultFor, runningProject, steadyTimes } from './project.ts';

describe('finish', () => {
  it('stores scores, labels, rows, model and rule, and ends run and job', async () => {
    const store = newProject();
    const { runId, jobId, videoIds, setId } = await runningProject(store, [3, 5]);
    expect(store.runs.get(runId).state).toBe('running');
    const model = await artifactOf(store, 'weights');
    const result = {
      ...resultFor([
        { videoId: videoIds[0], segments: 3 },
        { videoId: videoIds[1], segments: 5 },
      ]),
      model,
    };
    store.runs.setRule(runId, { on: 0.1, off: 0.1, minFrames: 32, gapFrames: 16 });
    store.runs.finish(runId, result);
    expect(store.jobs.get(jobId)).toMatchObject({ state: 'done', runId });
    expect(store.runs.get(runId)).toMatchObject({
      state: 'done',
      device: 'cpu',
      featureSetId: setId,
      videos: 2,
      segments: 8,
      jobId,
      rule: { on: 0.75, off: 0.25, minFrames: 32, gapFrames: 16 },
      notes: ['A note.'],
      timings: { train: 1.5 },
      config: { beta: 0.2 },
      model,
    });
    expect(store.runs.list()[0]).toMatchObject({ id: runId, videos: 2, segments: 8 });
    expect(store.runs.scores(runId, videoIds[1])).toEqual(result.videos[1].scores);
    expect(store.runs.labels(runId, videoIds[1])).toEqual(result.videos[1].labels);
    expect(store.runs.scores(runId, 999)).toBeNull();
    expect(store.runs.allScores(runId).map((v) => [v.videoId, v.frames, v.videoLabel])).toEqual([
      [videoIds[0], 48, 1],
      [videoIds[1], 80, 1],
    ]);
    expect(() => store.runs.finish(runId, result)).toThrow(/already done/);
  });

  it('clips the last segment to the frames of the video', async () => {
    const store = newProject();
    const videoId = store.videos.upsertImported(await imported(store, 'v.mp4', steadyTimes(40)));
    const setId = store.features.ensureSet({ name: 's', extractor: 'x', crops: 1, dim: 4, directed: true });
    store.features.put({
      setId,
      videoId,
      segments: 3,
      crops: 1,
      dim: 4,
      file: await artifactOf(store, 'f'),
      seconds: 0,
    });
    const runId = store.runs.create({
      name: 'r',
      method: 'motion',
      featureSetId: setId,
      seed: 1,
      device: 'cpu',
      config: {},
    });
    store.runs.finish(runId, resultFor([{ videoId, segments: 3 }]));
    const db = new Database(join(store.folder, 'project.sqlite'), { readonly: true });
    expect(
      db
        .prepare(
          'SELECT start_frame AS a, end_frame AS b, start_seconds AS s, end_seconds AS t FROM pseudo_labels ORDER BY segment',
        )
        .all(),
    ).toEqual([
      { a: 0, b: 16, s: 0, t: 0.64 },
      { a: 16, b: 32, s: 0.64, t: 1.28 },
      { a: 32, b: 40, s: 1.28, t: 1.6 },
    ]);
    db.close();
  });

  it('writes the same float32 numbers into rows and blobs', async () => {
    const store = newProject();
    const { videoIds, setId } = await runningProject(store, [64]);
    const db = new Database(join(store.folder, 'project.sqlite'), { readonly: true });
    const rows = db.prepare(
      'SELECT score, label, uncertainty FROM segment_labels WHERE run_id = ? ORDER BY segment',
    );
    const floats = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 64,
      maxLength: 64,
    });
    fc.assert(
      fc.property(floats, fc.array(fc.nat(1), { minLength: 64, maxLength: 64 }), (scores, labels) => {
        const runId = store.runs.create({
          name: 'r',
          method: 'c2fpl',
          featureSetId: setId,
          seed: 1,
          device: 'cpu',
          config: {},
        });
        const video = {
          videoId: videoIds[0],
          scores: Float32Array.from(scores),
          labels: Uint8Array.from(labels),
          uncertainty: Float32Array.from(scores, Math.abs),
          videoLabel: null,
        };
        store.runs.finish(runId, { ...resultFor([]), videos: [video] });
        const stored = rows.all(runId) as { score: number; label: number; uncertainty: number }[];
        expect(stored.map((row) => row.uncertainty)).toEqual(scores.map((s) => Math.abs(s)));
        expect(store.runs.saysUncertainty(runId)).toBe(true);
        // JSON knows no negative zero; as a score it is the same number.
        expect(stored.map((row) => row.score)).toEqual(scores.map((s) => s + 0));
        expect(stored.map((row) => row.label)).toEqual(labels);
        expect(store.runs.scores(runId, videoIds[0])).toEqual(video.scores);
      }),
      { numRuns: 50 },
    );
    db.close();
  });

  it.each([
    [
      'a score that is not a number',
      (s: Float32Array) => s.fill(Number.NaN, 2, 3),
      /not a number at segment 2/,
    ],
    ['too few scores', (s: Float32Array) => s.subarray(1), /4 scores and 5 labels for 5 segments/],
  ])('refuses %s and stores nothing of the run', async (_name, spoil, message) => {
    const store = newProject();
    const { runId, jobId, videoIds } = await runningProject(store, [3, 5]);
    const result = resultFor([
      { videoId: videoIds[0], segments: 3 },
      { videoId: videoIds[1], segments: 5 },
    ]);
    result.videos[1].scores = spoil(result.videos[1].scores);
    expect(() => store.runs.finish(runId, result)).toThrow(message);
    expect(store.runs.get(runId)).toMatchObject({ state: 'running', videos: 0, segments: 0 });
    expect(store.runs.scores(runId, videoIds[0])).toBeNull();
    expect(store.jobs.get(jobId).state).toBe('running');
  });

  it('refuses a label that is neither 0 nor 1', async () => {
    const store = newProject();
    const { runId, videoIds } = await runningProject(store, [3]);
    const result = resultFor([{ videoId: videoIds[0], segments: 3 }]);
    result.videos[0].labels[1] = 2;
    expect(() => store.runs.finish(runId, result)).toThrow(/neither 0 nor 1/);
  });

  it('leaves out a video that was removed meanwhile', async () => {
    const store = newProject();
    const { runId, videoIds } = await runningProject(store, [3, 5]);
    const result = resultFor([
      { videoId: videoIds[0], segments: 3 },
      { videoId: videoIds[1], segments: 5 },
    ]);
    store.videos.remove([videoIds[0]]);
    store.runs.finish(runId, result);
    expect(store.runs.allScores(runId).map((v) => v.videoId)).toEqual([videoIds[1]]);
  });

  it('joins an outer transaction: what comes after can still undo it', async () => {
    const store = newProject();
    const { runId, videoIds } = await runningProject(store, [3]);
    expect(() =>
      store.transaction(() => {
        store.runs.finish(runId, resultFor([{ videoId: videoIds[0], segments: 3 }]));
        throw new Error('later');
      }),
    ).toThrow('later');
    expect(store.runs.get(runId)).toMatchObject({ state: 'running', videos: 0 });
  });
});

describe('runs', () => {
  it('have a fingerprint of their data', async () => {
    const store = newProject();
    const { setId, runId, videoIds } = await runningProject(store, [3]);
    const again = () =>
      store.runs.get(
        store.runs.create({
          name: 'r',
          method: 'c2fpl',
          featureSetId: setId,
          seed: 9,
          device: 'cpu',
          config: {},
        }),
      ).dataFingerprint;
    expect(again()).toBe(store.runs.get(runId).dataFingerprint);
    store.features.put({
      setId,
      videoId: videoIds[0],
      segments: 3,
      crops: 1,
      dim: 4,
      file: await artifactOf(store, 'other'),
      seconds: 0,
    });
    expect(again()).not.toBe(store.runs.get(runId).dataFingerprint);
  });

  it('keep their curve; a repeated epoch replaces its points', async () => {
    const store = newProject();
    const { runId } = await runningProject(store, [3]);
    store.runs.appendPoints(runId, [
      { series: 'loss', x: 1, y: 0.9 },
      { series: 'loss', x: 2, y: Number.NaN },
    ]);
    store.runs.appendPoints(runId, [
      { series: 'loss', x: 2, y: 0.7 },
      { series: 'loss', x: 1, y: 0.8 },
      { series: 'AUC', x: 1, y: 0.5 },
    ]);
    expect(store.runs.get(runId).curve).toEqual([
      { series: 'AUC', x: 1, y: 0.5 },
      { series: 'loss', x: 1, y: 0.8 },
      { series: 'loss', x: 2, y: 0.7 },
    ]);
  });

  it('can be renamed, measured and removed, but not while running', async () => {
    const store = newProject();
    const { runId, jobId, videoIds } = await runningProject(store, [3]);
    expect(() => store.runs.remove(runId)).toThrow(/Cancel its job first/);
    store.runs.finish(runId, resultFor([{ videoId: videoIds[0], segments: 3 }]));
    store.runs.rename(runId, 'second');
    const metrics = {
      videos: 1,
      videosWithoutTruth: 0,
      frames: 48,
      anomalousFrames: 3,
      microAuc: 0.75,
      macroAuc: null,
      stepAp: 0.5,
      trapezoidPrAuc: 0.4,
      protocol: 'trimmed' as const,
      tail: 'pad_last' as const,
      truth: 'gt.npy',
    };
    store.runs.setMetrics(runId, metrics);
    expect(store.runs.get(runId)).toMatchObject({ name: 'second', metrics });
    store.runs.remove(runId);
    expect(store.runs.list()).toEqual([]);
    expect(() => store.jobs.get(jobId)).toThrow();
    expect(store.features.sets()).toHaveLength(1);
  });
});

describe('jobs', () => {
  it('are claimed oldest first, once', () => {
    const store = newProject();
    const ids = ['a', 'b'].map((title) =>
      store.jobs.create({ kind: 'import', title, payload: { title }, runId: null }),
    );
    expect([
      store.jobs.claimNext(['import']),
      store.jobs.claimNext(['import']),
      store.jobs.claimNext(['import']),
    ]).toEqual([...ids, null]);
    expect(store.jobs.payload(ids[1])).toEqual({ title: 'b' });
    expect(store.jobs.list().map((j) => j.title)).toEqual(['b', 'a']);
  });

  it('are claimed by kind', () => {
    const store = newProject();
    store.jobs.create({ kind: 'import', title: 'a', payload: {}, runId: null });
    const proxy = store.jobs.create({ kind: 'proxy', title: 'b', payload: {}, runId: null });
    expect(store.jobs.claimNext(['proxy', 'train'])).toBe(proxy);
    expect(store.jobs.claimNext(['proxy', 'train'])).toBeNull();
  });

  it('end once, with a time; the same end again changes nothing', () => {
    const store = newProject();
    const id = store.jobs.create({ kind: 'import', title: 'a', payload: {}, runId: null });
    store.jobs.claimNext(['import']);
    store.jobs.progress(id, { done: 3, total: 8, unit: 'videos', message: 'Reading' });
    expect(store.jobs.get(id)).toMatchObject({
      done: 3,
      total: 8,
      unit: 'videos',
      message: 'Reading',
      endedAt: null,
    });
    store.jobs.end(id, 'failed', { code: 'crashed', message: 'Gone.' });
    const ended = store.jobs.get(id);
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'crashed', message: 'Gone.' }, done: 3 });
    expect(ended.endedAt).not.toBeNull();
    store.jobs.end(id, 'failed', null);
    store.jobs.progress(id, { done: 8, total: 8, unit: 'videos', message: 'late' });
    store.jobs.heartbeat(id);
    expect(store.jobs.get(id)).toEqual(ended);
    expect(() => store.jobs.end(id, 'done', null)).toThrow(/already ended/);
    expect(() => store.jobs.end(999, 'done', null)).toThrow(/not in the project/);
  });

  it('take the state of their run along, and can be started again', async () => {
    const store = newProject();
    const { runId, jobId } = await runningProject(store, [3]);
    store.jobs.setResumable(jobId);
    store.jobs.end(jobId, 'cancelled', null);
    expect(store.runs.get(runId).state).toBe('cancelled');
    store.jobs.requeue(jobId);
    expect(store.runs.get(runId).state).toBe('queued');
    expect(store.jobs.get(jobId)).toMatchObject({
      state: 'queued',
      endedAt: null,
      error: null,
      resumable: true,
    });
    expect(() => store.jobs.requeue(jobId)).toThrow(/queued/);
  });

  it('left running by a dead engine are interrupted, or cancelled if someone had asked; checkpoints of live runs stay', async () => {
    const store = newProject();
    const { runId, jobId } = await runningProject(store, [3]);
    const asked = store.jobs.create({ kind: 'import', title: 'asked', payload: {}, runId: null });
    store.jobs.claimNext(['import']);
    store.jobs.requestCancel(asked);
    const waiting = store.jobs.create({ kind: 'import', title: 'waiting', payload: {}, runId: null });
    const checkpoints = [runId, 777].map((run) => join(store.folder, 'checkpoints', String(run)));
    for (const folder of checkpoints) mkdirSync(folder);
    store.close(); // the rows are as a crash would leave them
    const again = openProject(store.folder);
    expect(again.jobs.get(jobId)).toMatchObject({ state: 'interrupted' });
    expect(again.jobs.get(jobId).endedAt).not.toBeNull();
    expect(again.runs.get(runId).state).toBe('interrupted');
    expect(again.jobs.get(asked).state).toBe('cancelled');
    expect(again.jobs.get(waiting).state).toBe('queued');
    expect(checkpoints.map((folder) => existsSync(folder))).toEqual([true, false]);
    again.close();
  });
});

describe('transactions and settings', () => {
  it('undo everything when the work fails, and refuse to wait', () => {
    const store = newProject();
    expect(() =>
      store.transaction(() => {
        store.settings.set('a', 1);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.settings.get('a')).toBeNull();
    expect(() => store.transaction(async () => store.settings.set('a', 1))).toThrow(/must not wait/);
    expect(store.settings.get('a')).toBeNull();
  });

  it('keep any JSON value and forget with null', () => {
    const store = newProject();
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), (key, value) => {
        store.settings.set(key, value);
        expect(store.settings.get(key)).toEqual(JSON.parse(JSON.stringify(value)));
        store.settings.set(key, null);
        expect(store.settings.get(key)).toBeNull();
      }),
    );
  });
});

describe('score maps', () => {
  it('are kept stage by stage in the order given, replaced by those of a repeated stage, and go with the run', async () => {
    const store = newProject();
    const { runId, videoIds } = await runningProject(store, [3, 5]);
    const map = (videoId: number, stage: number, values: number[]) => ({
      videoId,
      stage,
      lines: [{ name: 'One-class model', values }],
    });
    store.runs.putMaps(runId, [map(videoIds[1], 1, [0.123456, 0, 1]), map(videoIds[0], 1, [0, 0, 0])]);
    store.runs.putMaps(runId, [map(videoIds[1], 2, [1, 1, 1])]);
    store.runs.putMaps(runId, [map(videoIds[1], 2, [0, 1, 1])]);
    expect(store.runs.maps(runId)).toEqual([
      map(videoIds[1], 1, [0.1235, 0, 1]),
      map(videoIds[0], 1, [0, 0, 0]),
      map(videoIds[1], 2, [0, 1, 1]),
    ]);
    expect(store.runs.maps(runId + 1)).toEqual([]);
  });
});
