// Threads that describe pairs of frames, so that one video keeps all cores busy.
// Role: hands out stretches of frames and gives their vectors back. Limits: knows no video; whoever asks puts the vectors in
// order. Where threads cannot be started, the work is done on the thread that asks.
import { Worker } from 'node:worker_threads';
import type { ExtractorName } from '../extractors.ts';

/** What a thread is asked. */
export interface StretchOrder {
  extractor: ExtractorName;
  /** 160 x 120 grey bytes each. */
  frames: Uint8Array[];
}

export interface Describers {
  readonly threads: number;
  /** Vectors of the pairs of these frames, `[frames - 1, 48, 19]`. */
  describe(extractor: ExtractorName, frames: Uint8Array[]): Promise<Float64Array>;
  close(): void;
}

interface Job {
  order: StretchOrder;
  resolve(vectors: Float64Array): void;
  reject(error: unknown): void;
}

/**
 * @param file the built entry describer.js.
 * @param threads at least 1.
 * @param here does the work of a thread that could not start or died.
 */
export function startDescribers(
  file: string,
  threads: number,
  here: (order: StretchOrder) => Float64Array,
): Describers {
  const idle: Worker[] = [];
  const jobs: Job[] = [];
  const at = new Map<Worker, Job>();
  let alive = threads;
  let closed = false;
  const doHere = ({ order, resolve, reject }: Job): void => {
    try {
      resolve(here(order));
    } catch (thrown) {
      reject(thrown);
    }
  };
  const next = (): void => {
    while (jobs.length > 0 && (idle.length > 0 || alive === 0)) {
      const job = jobs.shift()!;
      const worker = idle.pop();
      if (!worker) {
        doHere(job);
        continue;
      }
      at.set(worker, job);
      worker.postMessage(job.order);
    }
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(file);
    let ended = false;
    const end = (): void => {
      if (ended || closed) return;
      ended = true;
      alive--;
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
      const job = at.get(worker);
      at.delete(worker);
      if (job) doHere(job);
      next();
    };
    worker.on('message', (vectors: Float64Array) => {
      const job = at.get(worker);
      at.delete(worker);
      idle.push(worker);
      job?.resolve(vectors);
      next();
    });
    worker.on('error', end);
    worker.on('exit', end);
    idle.push(worker);
    return worker;
  });
  return {
    threads,
    describe: (extractor, frames) =>
      new Promise((resolve, reject) => {
        jobs.push({ order: { extractor, frames }, resolve, reject });
        next();
      }),
    close() {
      closed = true;
      for (const worker of workers) void worker.terminate();
    },
  };
}
