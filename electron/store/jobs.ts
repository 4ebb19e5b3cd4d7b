// Work that takes time, as rows, so that it survives a crash and a restart.
// Role: statements of the table `jobs`. Limits: starts nothing; the queue (electron/jobs) drives the work. The state of
// a run that belongs to a job always changes together with the job's, in the same statement's transaction.
import { z } from 'zod';
import type { Job, JobKind } from '../../shared/contract/entities.ts';
import { AppError, type ErrorData, errorData } from '../../shared/errors.ts';
import { inTransaction, now, parseColumn, type ReadDb, type WriteDb } from './sqlite.ts';

export type EndState = Extract<Job['state'], 'done' | 'failed' | 'cancelled' | 'interrupted'>;

interface JobRow extends Omit<Job, 'error' | 'resumable' | 'rate' | 'secondsLeft'> {
  error: string | null;
  resumable: number;
}

const JOB = `
  SELECT id, kind, title, state, done, total, unit, message, run_id AS runId, created_at AS createdAt,
    started_at AS startedAt, ended_at AS endedAt, error, resumable
  FROM jobs`;

/** A row knows no pace: `rate` is 0 and `secondsLeft` null; the queue adds them while a job runs. */
function fromRow(row: JobRow): Job {
  return {
    ...row,
    rate: 0,
    secondsLeft: null,
    error: row.error === null ? null : parseColumn(errorData, 'jobs.error', row.error),
    resumable: row.resumable === 1,
  };
}

export function jobsReader(db: ReadDb) {
  const all = db.prepare<[], JobRow>(`${JOB} ORDER BY id DESC`);
  const one = db.prepare<{ id: number }, JobRow>(`${JOB} WHERE id = @id`);
  const payload = db.prepare<{ id: number }, { task: string }>('SELECT task FROM jobs WHERE id = @id');
  const missing = (id: number) =>
    new AppError('not_found', 'This job is not in the project (any more).', { jobId: id });
  return {
    /** Newest first. */
    list: (): Job[] => all.all().map(fromRow),
    /** @throws AppError `not_found` */
    get(id: number): Job {
      const row = one.get({ id });
      if (!row) throw missing(id);
      return fromRow(row);
    },
    /** What the job is to do, as JSON; the kind of job parses it. @throws AppError `not_found` */
    payload(id: number): unknown {
      const row = payload.get({ id });
      if (!row) throw missing(id);
      return parseColumn(z.unknown(), 'jobs.task', row.task);
    },
  };
}

export function jobsWriter(db: WriteDb) {
  const insert = db.prepare<{
    kind: JobKind;
    title: string;
    task: string;
    runId: number | null;
    now: number;
  }>(`
    INSERT INTO jobs (kind, state, title, task, run_id, created_at)
    VALUES (@kind, 'queued', @title, @task, @runId, @now)`);
  const oldest = db.prepare<{ kinds: string }, { id: number }>(`
    SELECT id FROM jobs WHERE state = 'queued' AND kind IN (SELECT value FROM json_each(@kinds)) ORDER BY id LIMIT 1`);
  const start = db.prepare<{ id: number; now: number }>(
    "UPDATE jobs SET state = 'running', started_at = @now, heartbeat_at = @now WHERE id = @id",
  );
  const state = db.prepare<{ id: number }, { state: Job['state'] }>('SELECT state FROM jobs WHERE id = @id');
  const end = db.prepare<{ id: number; state: EndState; error: string | null; now: number }>(
    "UPDATE jobs SET state = @state, error = @error, ended_at = @now, done = iif(@state = 'done', total, done), resumable = iif(@state = 'done', 0, resumable) WHERE id = @id",
  );
  const heartbeat = db.prepare<{ id: number; now: number }>(
    "UPDATE jobs SET heartbeat_at = @now WHERE id = @id AND state = 'running'",
  );
  const progress = db.prepare<{
    id: number;
    done: number;
    total: number;
    unit: string;
    message: string;
    now: number;
  }>(`
    UPDATE jobs SET done = @done, total = @total, unit = @unit, message = @message, heartbeat_at = @now
    WHERE id = @id AND state = 'running'`);
  const cancel = db.prepare<{ id: number }>('UPDATE jobs SET cancel_requested = 1 WHERE id = @id');
  const resumable = db.prepare<{ id: number }>('UPDATE jobs SET resumable = 1 WHERE id = @id');
  const requeue = db.prepare<{ id: number }>(`
    UPDATE jobs SET state = 'queued', ended_at = NULL, started_at = NULL, heartbeat_at = NULL, error = NULL,
      cancel_requested = 0
    WHERE id = @id`);
  const orphans = db.prepare<[], { id: number; cancelled: number; lastSeen: number }>(`
    SELECT id, cancel_requested AS cancelled, coalesce(heartbeat_at, started_at) AS lastSeen
    FROM jobs WHERE state = 'running'`);
  const mirror = db.prepare<{ id: number }>(`
    UPDATE runs SET state = (SELECT state FROM jobs WHERE id = @id)
    WHERE id = (SELECT run_id FROM jobs WHERE id = @id) AND state <> 'done'`);

  const stateOf = (id: number): Job['state'] => {
    const row = state.get({ id });
    if (!row) throw new AppError('not_found', 'This job is not in the project (any more).', { jobId: id });
    return row.state;
  };

  function endAt(id: number, to: EndState, error: ErrorData | null, at: number): void {
    end.run({ id, state: to, error: error && JSON.stringify(error), now: at });
    mirror.run({ id });
  }

  return {
    /** Queues a job; returns its id. */
    create(job: { kind: JobKind; title: string; payload: unknown; runId: number | null }): number {
      const { kind, title, runId } = job;
      return Number(
        insert.run({ kind, title, task: JSON.stringify(job.payload), runId, now: now() }).lastInsertRowid,
      );
    },

    /** Takes the oldest queued job of these kinds and makes it `running`, in one immediate transaction; null when none waits. */
    claimNext(kinds: readonly JobKind[]): number | null {
      return inTransaction(db, () => {
        const row = oldest.get({ kinds: JSON.stringify(kinds) });
        if (!row) return null;
        start.run({ id: row.id, now: now() });
        mirror.run({ id: row.id });
        return row.id;
      });
    },

    /**
     * Ends a job. Ending it again with the same state changes nothing.
     * @throws AppError `conflict` when it has already ended otherwise
     */
    end(id: number, to: EndState, error: ErrorData | null): void {
      inTransaction(db, () => {
        const from = stateOf(id);
        if (from === to) return;
        if (from !== 'queued' && from !== 'running') {
          throw new AppError('conflict', `This job has already ended (${from}).`, { jobId: id, from, to });
        }
        endAt(id, to, error, now());
      });
    },

    /** Says that the job's process is alive; jobs found `running` at start are dated by their last heartbeat. */
    heartbeat(id: number): void {
      heartbeat.run({ id, now: now() });
    },
    progress(id: number, at: Pick<Job, 'done' | 'total' | 'unit' | 'message'>): void {
      progress.run({ id, done: at.done, total: at.total, unit: at.unit, message: at.message, now: now() });
    },
    /** Notes that a person wants the job to stop: should the engine die before it has, it counts as cancelled. */
    requestCancel(id: number): void {
      cancel.run({ id });
    },
    setResumable(id: number): void {
      resumable.run({ id });
    },

    /** Puts an ended job back into the queue under the same id. @throws AppError `conflict` unless it ended without success. */
    requeue(id: number): void {
      inTransaction(db, () => {
        const from = stateOf(id);
        if (from === 'done' || from === 'queued' || from === 'running') {
          throw new AppError('conflict', `A job that is ${from} cannot be started again.`, { jobId: id });
        }
        requeue.run({ id });
        mirror.run({ id });
      });
    },

    /** Settles jobs a dead engine left `running`; called once when the project is opened. Returns their ids. */
    settleOrphans(): number[] {
      return inTransaction(db, () => {
        const found = orphans.all();
        for (const job of found)
          endAt(job.id, job.cancelled ? 'cancelled' : 'interrupted', null, job.lastSeen);
        return found.map((job) => job.id);
      });
    },
  };
}
