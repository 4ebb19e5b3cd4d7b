// What the queue needs to know about a kind of job.
// Role: the interface. A kind turns a stored payload into a task for a trainer process, takes in what the trainer
// reports, and stores the result. Limits: kinds run in the engine process and do nothing long themselves.
import type { z } from 'zod';
import type { EventName, Job, JobKind } from '../../shared/contract/index.ts';
import type { Store } from '../store/store.ts';
import type { FromTrainer, Task, TaskResult } from '../tasks/protocol.ts';

/** A job to be queued. */
export interface JobRequest {
  kind: JobKind;
  title: string;
  payload: unknown;
  runId?: number;
}

export type Lane = 'work' | 'media';

export interface Kind<Payload> {
  kind: JobKind;
  lane: Lane;
  payload: z.ZodType<Payload>;
  /** Whether a stopped job can go on later; `checkpoint`: only once the trainer wrote one. */
  resumes: 'always' | 'checkpoint' | 'never';
  /** What is to be done now; called when the job starts, so that a resumed job plans only the rest. Null: nothing to do. */
  plan(store: Store, payload: Payload, job: Job): Task | null;
  /** Stores one finished unit of work; returns what changed. */
  received?(store: Store, payload: Payload, message: FromTrainer): EventName[];
  /** Stores the result (in one transaction with the job's end, see queue.ts) and names the jobs that follow. */
  finished?(store: Store, payload: Payload, result: TaskResult, job: Job): JobRequest[];
}

export function defineKind<Payload>(kind: Kind<Payload>): Kind<Payload> {
  return kind;
}
