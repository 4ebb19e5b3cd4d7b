// Worker threads in place of Electron's utility processes: the same shape (a parent port that carries ports), the same
// bundles. Shared by the tests that run the engine and the trainer as main does.
import { join } from 'node:path';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { Forked } from '../../electron/main/supervise.ts';

/** Gives a worker `process.parentPort` as Electron does, then runs the entry. */
const BOOT = `
const { parentPort, workerData } = require('node:worker_threads');
const wrap = (port) => ({
  postMessage: (message) => port.postMessage(message),
  on: (event, listener) => port.on(event, event === 'message' ? (data) => listener({ data }) : listener),
  start: () => port.start(),
});
process.parentPort = {
  postMessage: (message) => parentPort.postMessage(message),
  on: (_event, listener) => parentPort.on('message', ({ data, ports }) => listener({ data, ports: ports.map(wrap) })),
};
import(workerData.entry);
`;

export interface WorkerForks {
  fork(entry: 'engine' | 'trainer'): Forked<MessagePort>;
  /** All that were started, in order. */
  started: { entry: string; worker: Worker }[];
}

/** @param hosts folder of the built entries. @param data where the engine keeps what it remembers */
export function workerForks(hosts: string, data: string): WorkerForks {
  const started: WorkerForks['started'] = [];
  return {
    started,
    fork(entry) {
      const worker = new Worker(BOOT, {
        eval: true,
        workerData: { entry: join(hosts, `${entry}.js`) },
        env: { ...process.env, ZEROLABEL_DATA: data },
        stderr: true,
      });
      let words = '';
      worker.stderr.on('data', (chunk: Buffer) => {
        words += chunk.toString();
      });
      worker.on('error', (error) => {
        words += String(error);
      });
      started.push({ entry, worker });
      return {
        process: {
          postMessage: (message, ports = []) => worker.postMessage({ data: message, ports }, ports),
          kill: () => {
            void worker.terminate();
            return true;
          },
          on: (event: string, listener: (value: never) => void) =>
            worker.on(event, listener as (value: unknown) => void),
        },
        lastWords: () => words,
      };
    },
  };
}
