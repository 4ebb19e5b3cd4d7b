// The job queue of one open project: progress, cancel, crash, resume; one trainer process at a time per lane.
// Role: drives kinds (kinds/*.ts) through a trainer process and keeps the row of each job true.
// Limits: state lives in SQLite, so a killed engine finds its jobs again as `interrupted`; nothing here knows a method.
import type { EventName, EventPayload, Job, JobKind } from '../../shared/contract/index.ts';
import { AppError, type ErrorData, toErrorData } from '../../shared/errors.ts';
import type { Store } from '../store/store.ts';
import type { Child, Spawn } from '../tasks/child.ts';
import { type FromTrainer, fromTrainer, type TaskResult } from '../tasks/protocol.ts';
import type { JobRequest, Kind, Lane } from './kind.ts';
import { kinds } from './kinds/index.ts';
import { createPace } from './progress.ts';

/** A trainer that does not stop by itself this long after a cancel is killed. */
const CANCEL_GRACE_MS = 5000;
const CLOSE_GRACE_MS = 1500;
/** Progress events to the faces, at most one in this time per job; the last one is always sent. */
const EVENT_EVERY_MS = 100;
const ROW_EVERY_MS = 1000;

export interface Queue {
  add(request: JobRequest): number;
  cancel(id: number): void;
  /** Puts a stopped job back into the queue. @throws AppError `conflict` when it cannot go on. */
  resume(id: number): void;
  /** The job's live state; rows lag behind by up to a second. */
  live(job: Job): Job;
  /** Resolves with the job's last state once it has ended. */
  ended(id: number): Promise<Job>;
  /** Stops the running job (it becomes `interrupted`) and resolves when its process is gone. */
  close(): Promise<void>;
}

type Emit = <N extends EventName>(event: N, payload: EventPayload<N>) => void;

/** A playable copy is made while a training goes on; everything else waits for its turn. */
const LANES: readonly Lane[] = ['work', 'media'];
const kindNames = Object.keys(kinds) as JobKind[];

interface Running {
  id: number;
  child: Child | null;
  cancelled: boolean;
  progress: Pick<Job, 'done' | 'total' | 'unit' | 'message' | 'rate' | 'secondsLeft'>;
  work: Promise<void>;
}

/** @param startWaiting Whether jobs left `queued` by an earlier session start at once. */
export function createQueue(store: Store, spawn: Spawn, emit: Emit, startWaiting: boolean): Queue {
  const running = new Map<Lane, Running>();
  let closing = false;
  const waiting = new Map<number, ((job: Job) => void)[]>();
  /** Jobs whose end could not be written (full disk), as the faces are told; their rows say `interrupted` after the next opening. */
  const unsaved = new Map<number, Job>();

  const kindOf = (job: Job): Kind<unknown> => kinds[job.kind] as Kind<unknown>;
  const runningJob = (id: number): Running | undefined => [...running.values()].find((r) => r.id === id);
  const live = (job: Job): Job => unsaved.get(job.id) ?? { ...job, ...runningJob(job.id)?.progress };
  const changed = (id: number): Job => {
    const job = live(store.jobs.get(id));
    emit('job.changed', job);
    return job;
  };

  function settle(id: number): void {
    const job = changed(id);
    if (job.runId !== null) {
      emit('runs.changed', {});
    }
    for (const resolve of waiting.get(id) ?? []) resolve(job);
    waiting.delete(id);
  }

  /** Ends a job as failed; when not even that can be written, at least everyone who waits for it hears of it. */
  function fail(id: number, error: ErrorData): void {
    try {
      store.jobs.end(id, 'failed', error);
    } catch {
      const row = store.jobs.get(id);
      if (row.endedAt === null) unsaved.set(id, { ...row, state: 'failed', endedAt: Date.now(), error });
    }
  }

  /** The oldest job of a lane that waits, now `running`. When that cannot be written, the lane's jobs have failed. */
  function claim(lane: Lane): number | null {
    const names = kindNames.filter((name) => kinds[name].lane === lane);
    try {
      const id = store.jobs.claimNext(names);
      if (id !== null) unsaved.delete(id);
      return id;
    } catch (error) {
      for (const job of store.jobs.list()) {
        if (job.state !== 'queued' || !names.includes(job.kind)) continue;
        fail(job.id, toErrorData(error));
        settle(job.id);
      }
      return null;
    }
  }

  function next(): void {
    if (closing) return;
    for (const lane of LANES) {
      if (running.has(lane)) continue;
      const id = claim(lane);
      if (id === null) continue;
      const current: Running = {
        id,
        child: null,
        cancelled: false,
        progress: { done: 0, total: 0, unit: '', message: 'Starting', rate: 0, secondsLeft: null },
        work: Promise.resolve(),
      };
      running.set(lane, current);
      current.work = runJob(current)
        .catch((error: unknown) => fail(id, toErrorData(error)))
        .then(() => {
          running.delete(lane);
          settle(id);
          next();
        });
    }
  }

  async function runJob(current: Running): Promise<void> {
    const { id } = current;
    const row = store.jobs.get(id);
    const kind = kindOf(row);
    const payload = kind.payload.parse(store.jobs.payload(id));
    if (row.runId !== null) {
      emit('runs.changed', {});
    }
    changed(id);
    const task = kind.plan(store, payload, row);
    if (!task) {
      store.jobs.end(id, 'done', null);
      return;
    }

    if (kind.resumes === 'always') store.jobs.setResumable(id);
    const child = spawn('trainer');
    current.child = child;
    let outcome: { result: TaskResult } | { error: ErrorData } | null = null;
    const pace = createPace();
    let eventAt = 0;
    let rowAt = 0;
    let pending: NodeJS.Timeout | null = null;
    let over = false;

    const announce = (): void => {
      // Also when it is not this timer that called: it would fire once more, maybe after the project was closed.
      if (pending) clearTimeout(pending);
      pending = null;
      eventAt = Date.now();
      changed(id);
    };
    const receive = (message: FromTrainer): void => {
      const now = Date.now();
      switch (message.type) {
        case 'ready':
          break;
        case 'heartbeat':
          store.jobs.heartbeat(id);
          break;
        case 'progress': {
          current.progress = { ...message, ...pace(now, message.done, message.total) };
          if (now - rowAt > ROW_EVERY_MS) {
            rowAt = now;
            store.jobs.progress(id, current.progress);
          }
          if (now - eventAt >= EVENT_EVERY_MS) announce();
          else pending ??= setTimeout(announce, EVENT_EVERY_MS - (now - eventAt));
          break;
        }
        case 'checkpoint':
          if (kind.resumes === 'checkpoint') store.jobs.setResumable(id);
          break;
        case 'points':
        case 'maps':
        case 'imported':
        case 'extracted':
        case 'relinked': {
          for (const event of kind.received?.(store, payload, message) ?? []) emitPlain(event);
          if (message.type === 'points' && row.runId !== null) {
            emit('run.point', { runId: row.runId, points: message.points });
          }
          break;
        }
        case 'done':
          outcome = { result: message.result };
          break;
        case 'failed':
          outcome = { error: message.error };
          break;
        default:
          message satisfies never;
      }
    };
    child.port.onMessage((raw) => {
      // A message may come in after the end; what it would set off could find the project closed.
      if (over) return;
      try {
        receive(fromTrainer.parse(raw));
      } catch (error) {
        // What cannot be stored (full disk, broken message) ends the job; what is stored stays.
        outcome ??= { error: toErrorData(error) };
        child.kill();
      }
    });
    child.port.post({ type: 'run', task });
    const end = await child.exited;
    over = true;
    if (pending) clearTimeout(pending);
    store.jobs.progress(id, current.progress);

    const settled = outcome as { result: TaskResult } | { error: ErrorData } | null;
    if (settled && 'result' in settled) {
      const following = store.transaction(() => {
        const requests = kind.finished?.(store, payload, settled.result, row) ?? [];
        store.jobs.end(id, 'done', null);
        return requests;
      });
      for (const event of ['videos.changed', 'features.changed', 'runs.changed'] as const) emitPlain(event);
      for (const request of following) add(request);
    } else if (closing) {
      store.jobs.end(id, 'interrupted', null);
    } else if (current.cancelled || settled?.error.code === 'cancelled') {
      store.jobs.end(id, 'cancelled', null);
    } else if (settled) {
      store.jobs.end(id, 'failed', settled.error);
    } else {
      store.jobs.end(id, 'failed', {
        code: 'crashed',
        message: `The process doing this work ended unexpectedly (${end.reason}). Finished parts are kept.`,
      });
    }
  }

  const emitPlain = (event: EventName): void => {
    if (event === 'videos.changed' || event === 'features.changed' || event === 'runs.changed')
      emit(event, {});
  };

  function add(request: JobRequest): number {
    const payload = (kinds[request.kind] as Kind<unknown>).payload.parse(request.payload);
    const id = store.jobs.create({
      kind: request.kind,
      title: request.title,
      payload,
      runId: request.runId ?? null,
    });
    changed(id);
    setImmediate(next);
    return id;
  }

  if (startWaiting) setImmediate(next);

  return {
    add,
    cancel(id) {
      const job = store.jobs.get(id);
      const current = runningJob(id);
      if (current) {
        current.cancelled = true;
        store.jobs.requestCancel(id);
        current.progress = { ...current.progress, message: 'Stopping', secondsLeft: null };
        current.child?.port.post({ type: 'cancel' });
        changed(id);
        setTimeout(() => {
          if (runningJob(id) === current) current.child?.kill();
        }, CANCEL_GRACE_MS).unref();
      } else if (job.state === 'queued') {
        store.jobs.end(id, 'cancelled', null);
        settle(id);
      }
    },
    resume(id) {
      const lost = unsaved.get(id);
      if (lost) {
        store.jobs.end(id, 'failed', lost.error as ErrorData | null);
        unsaved.delete(id);
      }
      const job = store.jobs.get(id);
      if (!['failed', 'cancelled', 'interrupted'].includes(job.state)) {
        throw new AppError('conflict', 'This job is not stopped.');
      }
      store.jobs.requeue(id);
      changed(id);
      emit('runs.changed', {});
      setImmediate(next);
    },
    live,
    ended(id) {
      const job = live(store.jobs.get(id));
      if (job.endedAt !== null && job.state !== 'queued') return Promise.resolve(job);
      return new Promise((resolve) => waiting.set(id, [...(waiting.get(id) ?? []), resolve]));
    },
    async close() {
      closing = true;
      await Promise.all(
        [...running.values()].map((current) => {
          current.child?.port.post({ type: 'cancel' });
          setTimeout(() => current.child?.kill(), CLOSE_GRACE_MS).unref();
          return current.work;
        }),
      );
    },
  };
}
