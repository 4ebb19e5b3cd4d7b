// The job queue over a real store. The trainer process is played by a script here, because what is tested is how the
// queue takes progress, crashes, cancels and ends; real trainers run in engine.test.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createQueue, type Queue } from '../../electron/jobs/queue.ts';
import { openProject } from '../../electron/store/open.ts';
import type { Store } from '../../electron/store/store.ts';
import type { Child, Spawn } from '../../electron/tasks/child.ts';
import type { FromTrainer, ImportedVideo, ToTrainer } from '../../electron/tasks/protocol.ts';
import type { Job } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { REMOVE } from '../remove.ts';

let folder: string;
let store: Store;
let queue: Queue;
const heard: Job[] = [];

interface Trainer {
  task: Extract<ToTrainer, { type: 'run' }>['task'];
  say(message: FromTrainer): void;
  exit(code: number | null, reason: string): void;
  cancelled: boolean;
  killed: boolean;
}
let trainers: Trainer[] = [];
let waitingForTrainer: (() => void)[] = [];

const spawn: Spawn = (): Child => {
  let listener: (message: unknown) => void = () => {};
  let end: (value: { code: number | null; reason: string }) => void = () => {};
  const exited = new Promise<{ code: number | null; reason: string }>((resolve) => {
    end = resolve;
  });
  const trainer: Trainer = {
    task: undefined as never,
    say: (message) => listener(message),
    exit: (code, reason) => end({ code, reason }),
    cancelled: false,
    killed: false,
  };
  return {
    port: {
      post: (raw) => {
        const message = raw as ToTrainer;
        if (message.type === 'cancel') trainer.cancelled = true;
        else {
          trainer.task = message.task;
          trainers.push(trainer);
          for (const resolve of waitingForTrainer.splice(0)) resolve();
        }
      },
      onMessage: (given) => {
        listener = given;
      },
    },
    kill: () => {
      trainer.killed = true;
      end({ code: null, reason: 'ended by SIGKILL' });
    },
    exited,
  };
};

async function trainerNumber(n: number): Promise<Trainer> {
  while (trainers.length < n) await new Promise<void>((resolve) => waitingForTrainer.push(resolve));
  return trainers[n - 1];
}

function video(name: string): ImportedVideo {
  return {
    relPath: name,
    path: join(folder, name),
    state: 'ready',
    problem: null,
    container: 'mp4',
    codec: 'h264',
    width: 64,
    height: 48,
    frames: 32,
    fpsNum: 25,
    fpsDen: 1,
    vfr: false,
    durationSeconds: 1.28,
    bytes: 1000,
    fingerprint: name,
    playable: 'direct',
    frameTable: null,
    thumbnails: [],
  };
}

const importJob = (...names: string[]) => ({
  kind: 'import' as const,
  title: 'Import',
  payload: { files: names.map((relPath) => ({ relPath, path: join(folder, relPath) })) },
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zerolabel-queue-'));
  store = openProject(folder, { create: { name: 'queue' } });
  heard.length = 0;
  trainers = [];
  waitingForTrainer = [];
  queue = createQueue(
    store,
    spawn,
    (event, payload) => {
      if (event === 'job.changed') heard.push(payload as Job);
    },
    true,
  );
});
afterEach(async () => {
  for (const trainer of trainers) trainer.exit(null, 'test over');
  await queue.close();
  store.close();
  rmSync(folder, REMOVE);
});

describe('a job', () => {
  test('stores each finished part at once, tells progress, and ends', async () => {
    const id = queue.add(importJob('a.mp4', 'b.mp4'));
    const trainer = await trainerNumber(1);
    expect(store.jobs.get(id).state).toBe('running');
    trainer.say({ type: 'progress', done: 1, total: 2, unit: 'videos', message: 'a.mp4' });
    trainer.say({ type: 'imported', item: video('a.mp4') });
    expect(store.videos.list().map((v) => v.relPath)).toEqual(['a.mp4']);
    trainer.say({ type: 'imported', item: video('b.mp4') });
    trainer.say({ type: 'done', result: { kind: 'import' } });
    trainer.exit(0, 'ended with code 0');
    expect(await queue.ended(id)).toMatchObject({ state: 'done', error: null });
    expect(heard.some((job) => job.message === 'a.mp4' && job.done === 1)).toBe(true);
  });

  test('whose process dies is failed as crashed, keeps what was finished, and goes on with the rest', async () => {
    const id = queue.add(importJob('a.mp4', 'b.mp4'));
    const first = await trainerNumber(1);
    first.say({ type: 'imported', item: video('a.mp4') });
    first.exit(null, 'ended by SIGSEGV');
    const ended = await queue.ended(id);
    expect(ended).toMatchObject({ state: 'failed', resumable: true, error: { code: 'crashed' } });
    expect(ended.error?.message).toContain('SIGSEGV');

    queue.resume(id);
    const second = await trainerNumber(2);
    expect(second.task).toMatchObject({ kind: 'import', files: [{ relPath: 'b.mp4' }] });
    second.say({ type: 'imported', item: video('b.mp4') });
    second.say({ type: 'done', result: { kind: 'import' } });
    second.exit(0, 'ended with code 0');
    expect((await queue.ended(id)).state).toBe('done');
    expect(store.videos.list()).toHaveLength(2);
  });

  test('that fails says why', async () => {
    const id = queue.add(importJob('a.mp4'));
    const trainer = await trainerNumber(1);
    trainer.say({ type: 'failed', error: { code: 'disk_full', message: 'The disk is full.' } });
    trainer.exit(0, 'ended with code 0');
    expect(await queue.ended(id)).toMatchObject({
      state: 'failed',
      error: { code: 'disk_full', message: 'The disk is full.' },
    });
  });

  test('is cancelled while it runs and while it waits', async () => {
    const running = queue.add(importJob('a.mp4'));
    const waiting = queue.add(importJob('b.mp4'));
    const trainer = await trainerNumber(1);
    queue.cancel(waiting);
    expect((await queue.ended(waiting)).state).toBe('cancelled');
    queue.cancel(running);
    expect(trainer.cancelled).toBe(true);
    trainer.say({ type: 'failed', error: { code: 'cancelled', message: 'Stopped.' } });
    trainer.exit(0, 'ended with code 0');
    expect((await queue.ended(running)).state).toBe('cancelled');
    expect(trainers).toHaveLength(1);
  });

  test('with a message that makes no sense ends, and its process too', async () => {
    const id = queue.add(importJob('a.mp4'));
    const trainer = await trainerNumber(1);
    trainer.say({ type: 'imported', item: { ...video('a.mp4'), frames: 1.5 } });
    expect(trainer.killed).toBe(true);
    expect(await queue.ended(id)).toMatchObject({ state: 'failed', error: { code: 'bad_input' } });
  });

  test('cannot be resumed while it runs or once it is done', async () => {
    const id = queue.add(importJob('a.mp4'));
    const trainer = await trainerNumber(1);
    expect(() => queue.resume(id)).toThrow(/not stopped/);
    trainer.say({ type: 'imported', item: video('a.mp4') });
    trainer.say({ type: 'done', result: { kind: 'import' } });
    trainer.exit(0, 'ended with code 0');
    await queue.ended(id);
    expect(() => queue.resume(id)).toThrow(/not stopped/);
  });
});

describe('the queue', () => {
  test('works one job after the other, in order, but makes playable copies beside them', async () => {
    store.videos.upsertImported({ ...video('old.avi'), playable: 'needs_proxy' });
    const [{ id: videoId }] = store.videos.list();
    queue.add(importJob('a.mp4'));
    queue.add(importJob('b.mp4'));
    queue.add({ kind: 'proxy', title: 'Copy', payload: { videoId } });
    await trainerNumber(2);
    expect(trainers.map((t) => t.task.kind).sort()).toEqual(['import', 'proxy']);
    const importing = trainers.find((t) => t.task.kind === 'import');
    importing?.say({ type: 'imported', item: video('a.mp4') });
    importing?.say({ type: 'done', result: { kind: 'import' } });
    importing?.exit(0, 'ended with code 0');
    expect((await trainerNumber(3)).task).toMatchObject({ kind: 'import', files: [{ relPath: 'b.mp4' }] });
  });

  test('that is closed leaves the running job interrupted, to be found and resumed at the next start', async () => {
    const id = queue.add(importJob('a.mp4'));
    const trainer = await trainerNumber(1);
    const closed = queue.close();
    expect(trainer.cancelled).toBe(true);
    trainer.exit(0, 'ended with code 0');
    await closed;
    expect(store.jobs.get(id).state).toBe('interrupted');

    queue = createQueue(store, spawn, () => {}, false);
    queue.resume(id);
    expect((await trainerNumber(2)).task).toMatchObject({ kind: 'import' });
  });
});

describe('a disk without room', () => {
  const full = (): never => {
    throw new AppError('disk_full', 'The disk is full.');
  };

  test('the end of a job that cannot be written is told all the same, and the job can go on later', async () => {
    const end = store.jobs.end;
    const id = queue.add(importJob('a.mp4'));
    const trainer = await trainerNumber(1);
    store.jobs.end = full;
    trainer.say({ type: 'failed', error: { code: 'disk_full', message: 'No room for a.mp4.' } });
    trainer.exit(0, 'ended with code 0');
    expect(await queue.ended(id)).toMatchObject({ state: 'failed', error: { code: 'disk_full' } });
    expect(store.jobs.get(id).state).toBe('running');
    store.jobs.end = end;
    queue.resume(id);
    const again = await trainerNumber(2);
    again.say({ type: 'done', result: { kind: 'import' } });
    again.exit(0, 'ended with code 0');
    expect((await queue.ended(id)).state).toBe('done');
  });

  test('jobs that cannot even be started fail instead of waiting for ever', async () => {
    store.jobs.claimNext = full;
    const id = queue.add(importJob('a.mp4'));
    expect(await queue.ended(id)).toMatchObject({ state: 'failed', error: { code: 'disk_full' } });
  });
});
