// Entry of a trainer process: takes one task, works on it, reports, ends.
// Role: the process border (messages parsed, errors as data, cancel, heartbeat, what is opened). Limits: knows no kind of task;
// electron/tasks/run.ts does. Runs under child_process.fork, where the parent is the engine, and under Electron's
// utilityProcess, where the parent is main and hands over a port to the engine.
import { join } from 'node:path';
import type { Observation } from '../../shared/contract/privacy.ts';
import { toErrorData } from '../../shared/errors.ts';
import { reportTo } from '../observe/report.ts';
import { type FromTrainer, toTrainer } from '../tasks/protocol.ts';
import { runTask } from '../tasks/run.ts';

interface MessagePortMain {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
}
interface ParentPort {
  on(event: 'message', listener: (event: { ports: MessagePortMain[] }) => void): void;
}
const parentPort = (process as typeof process & { parentPort?: ParentPort }).parentPort;
let engine: MessagePortMain | null = null;
/** Said before the port to the engine was there. */
const early: (FromTrainer | Observation)[] = [];

const send = (message: FromTrainer | Observation): void => {
  if (engine) engine.postMessage(message);
  else if (parentPort) early.push(message);
  else if (process.connected) process.send?.(message);
};

const observed = reportTo(send);

/** Ends the process once every message has left it. */
function finish(last: FromTrainer): void {
  observed.tell();
  if (parentPort) {
    send(last);
    setTimeout(() => process.exit(0), 200);
  } else if (process.connected) {
    process.send?.(last, undefined, undefined, () => process.exit(0));
  } else process.exit(1);
}

const abort = new AbortController();
let started = false;

function onMessage(raw: unknown): void {
  const message = toTrainer.parse(raw);
  if (message.type === 'cancel') {
    abort.abort();
    return;
  }
  if (started) return;
  started = true;
  const heartbeat = setInterval(() => send({ type: 'heartbeat' }), 2000);
  runTask(message.task, {
    signal: abort.signal,
    send,
    describer: join(import.meta.dirname, 'describer.js'),
    progress: (done, total, unit, text) => send({ type: 'progress', done, total, unit, message: text }),
  })
    .then(
      (result): FromTrainer => ({ type: 'done', result }),
      (error: unknown): FromTrainer => ({ type: 'failed', error: toErrorData(error) }),
    )
    .then((last) => {
      clearInterval(heartbeat);
      finish(last);
    });
}

if (parentPort) {
  parentPort.on('message', ({ ports: [port] }) => {
    engine = port;
    port.on('message', (event) => onMessage(event.data));
    port.on('close', () => process.exit(1)); // the engine is gone: nobody would take the result
    port.start();
    for (const message of early.splice(0)) port.postMessage(message);
  });
} else {
  process.on('message', onMessage);
  // Ctrl-C in a terminal reaches every process at once; the engine hears it too and says what is to be done.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(1)); // the engine is gone: nobody would take the result
}
process.on('unhandledRejection', (reason) => finish({ type: 'failed', error: toErrorData(reason) }));
send({ type: 'ready', node: process.versions.node });
