// An engine for the time of one command: opens the project, waits for jobs with progress, stops them on Ctrl-C.
// Role: the border between commands and the engine. Limits: no command; the engine is loaded only when one needs it, so
// that `--help` answers at once.
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Job } from '../../../shared/contract/index.ts';
import { AppError, ERROR_CODES, type ErrorCode } from '../../../shared/errors.ts';
import type { Engine } from '../../api/engine.ts';
import type { Io } from './io.ts';

/** A second Ctrl-C this long after the first one quits at once; sooner it is the same one, sent to a group of processes. */
const SECOND_INTERRUPT_MS = 700;

export interface Session {
  engine: Engine;
  io: Io;
  /**
   * Waits for a job and shows its progress.
   * @throws AppError the job's own error; `cancelled` after Ctrl-C
   */
  job(jobId: number): Promise<Job>;
  /** Throws `cancelled` when Ctrl-C was pressed between two jobs. */
  checkpoint(): void;
}

export interface ProjectOptions {
  /** Folder of the project; the current folder when left out. */
  project?: string;
}

/** Writes what the engine of this command opened, for `--privacy-report`. */
async function writePrivacyReport(engine: Engine, io: Io, file: string): Promise<void> {
  const { writeFileAtomic } = await import('../../files/atomic.ts');
  await writeFileAtomic(resolve(file), `${JSON.stringify(await engine.privacy(), null, 2)}\n`);
  io.note(`What this command opened is in ${file}.`);
}

function codeOf(code: string): ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(code) ? (code as ErrorCode) : 'internal';
}

function jobError(job: Job): AppError {
  const again = job.resumable ? ' What is finished is kept; "zerolabel resume" goes on from there.' : '';
  if (job.error)
    return new AppError(codeOf(job.error.code), `${job.title}: ${job.error.message}`, {
      ...job.error.details,
      job: job.id,
    });
  return new AppError('cancelled', `${job.title} was ${job.state}.${again}`, { job: job.id });
}

export async function startEngine(host: 'cli' | 'server', roots: string[]): Promise<Engine> {
  const { createObserver } = await import('../../observe/observer.ts');
  // First of all: what is opened from here on is seen.
  const observer = createObserver({ hooks: true, family: false });
  const [{ createEngine }, { forkChild }, { defaultAppDataFolder }] = await Promise.all([
    import('../../api/engine.ts'),
    import('../fork.ts'),
    import('../../files/app-data.ts'),
  ]);
  return createEngine({ spawn: forkChild, host, appData: defaultAppDataFolder(), roots, observer });
}

/** Runs `work` with an engine that is closed afterwards, whatever happens. Ctrl-C cancels jobs that `work` waits for. */
export async function withEngine<T>(io: Io, work: (session: Session) => Promise<T>): Promise<T> {
  const engine = await startEngine('cli', []);
  let interruptedAt: number | null = null;
  let waitingFor: number | null = null;
  const cancelCurrent = (): void => {
    engine.call('runs.stopEstimate', {}).catch(() => {}); // there may be none
    if (waitingFor === null) return;
    engine.call('jobs.cancel', { id: waitingFor }).catch(() => {}); // it may just have ended
  };
  const interrupt = (): void => {
    const now = performance.now();
    if (interruptedAt === null) {
      interruptedAt = now;
      io.note('Stopping; what is finished is kept. Press Ctrl-C again to quit at once.');
      cancelCurrent();
    } else if (now - interruptedAt > SECOND_INTERRUPT_MS) process.exit(130);
  };
  const checkpoint = (): void => {
    if (interruptedAt !== null) throw new AppError('cancelled', 'Cancelled. What was finished is kept.');
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  const stop = engine.on((event) => {
    if (event.event === 'job.changed') io.progress.update(event.payload);
  });
  try {
    return await work({
      engine,
      io,
      checkpoint,
      async job(jobId) {
        waitingFor = jobId;
        if (interruptedAt !== null) cancelCurrent();
        const job = await engine.jobEnded(jobId);
        waitingFor = null;
        if (job.state !== 'done') throw jobError(job);
        checkpoint();
        return job;
      },
    });
  } finally {
    stop();
    // Also of a command that failed, and while the project is open, so that files are known by what they are.
    try {
      if (io.privacyReport !== null) await writePrivacyReport(engine, io, io.privacyReport);
    } finally {
      await engine.close();
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
}

/** As {@link withEngine}, with the project of `options` open. `create` makes one when the folder holds none. */
export function withProject<T>(
  io: Io,
  options: ProjectOptions,
  work: (session: Session) => Promise<T>,
  create = false,
): Promise<T> {
  const folder = resolve(options.project ?? '.');
  return withEngine(io, async (session) => {
    const isNew = !existsSync(join(folder, 'project.sqlite'));
    if (isNew && create) io.note(`New project in ${folder}`);
    await session.engine.open(folder, isNew && create ? { name: basename(folder) || 'Project' } : undefined);
    return work(session);
  });
}
