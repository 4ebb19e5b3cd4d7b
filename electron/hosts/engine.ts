// Entry of the engine's utilityProcess in Electron.
// Role: joins the engine with main (grants, resources, trainer processes) and with windows (MessagePorts).
// Limits: everything it does is in electron/api; the server and the command line use that without this file.
import { AppError, toErrorData } from '../../shared/errors.ts';
import { createEngine } from '../api/engine.ts';
import { serveClient } from '../api/serve-client.ts';
import { defaultAppDataFolder } from '../files/app-data.ts';
import { createObserver } from '../observe/observer.ts';
import type { Child, Spawn } from '../tasks/child.ts';
import { type FromEngine, toEngine } from './engine-protocol.ts';

/** The parts of Electron's ports that are used; their types live in 'electron', which may not be imported here. */
interface MessagePortMain {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
}
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: MessagePortMain[] }) => void): void;
}

const { parentPort } = process as typeof process & { parentPort?: ParentPort };
if (!parentPort) {
  throw new AppError(
    'unavailable',
    'This file runs inside Electron only. Use "npm start", or "npm run -s zerolabel -- serve".',
  );
}
const main = parentPort;
const send = (message: FromEngine): void => main.postMessage(message);

interface Waiting {
  port(port: MessagePortMain): void;
  exited(end: { code: number | null; reason: string }): void;
}
const children = new Map<number, Waiting>();
let nextChild = 1;

/** Asks main for a process: only main can fork there. Messages posted before its port is there are kept. */
const spawn: Spawn = (entry): Child => {
  const id = nextChild++;
  let port: MessagePortMain | null = null;
  const early: unknown[] = [];
  const listeners: ((message: unknown) => void)[] = [];
  const exited = new Promise<{ code: number | null; reason: string }>((resolve) => {
    children.set(id, {
      port: (given) => {
        port = given;
        given.on('message', (event) => {
          for (const listener of listeners) listener(event.data);
        });
        given.start();
        for (const message of early) given.postMessage(message);
      },
      exited: (end) => {
        children.delete(id);
        resolve(end);
      },
    });
  });
  send({ type: 'spawn', id, entry });
  return {
    port: {
      post: (message) => {
        if (port) port.postMessage(message);
        else early.push(message);
      },
      onMessage: (listener) => {
        listeners.push(listener);
      },
    },
    kill: () => send({ type: 'kill', id }),
    exited,
  };
};

const observer = createObserver({ hooks: true, family: true });
const engine = await createEngine({
  spawn,
  host: 'electron',
  appData: defaultAppDataFolder(),
  roots: [],
  observer,
  profile: process.argv[2] ?? null,
});

main.on('message', ({ data, ports }) => {
  const message = toEngine.parse(data);
  switch (message.type) {
    case 'client': {
      const [port] = ports;
      const stop = serveClient(engine, {
        post: (reply) => port.postMessage(reply),
        onMessage: (listener) => port.on('message', (event) => listener(event.data)),
      });
      port.on('close', stop);
      port.start();
      break;
    }
    case 'grant':
      answer(message.id, async () => ({
        type: 'granted',
        id: message.id,
        ...(await engine.grant(message.path)),
      }));
      break;
    case 'resource':
      answer(message.id, async () => ({
        type: 'resource',
        id: message.id,
        resource: await engine.resource(message.pathname),
      }));
      break;
    case 'reveal':
      answer(message.id, async () => ({
        type: 'path',
        id: message.id,
        path: engine.pathOf(message.target, message.of),
      }));
      break;
    case 'open':
      answer(message.id, async () => {
        await engine.open(message.path);
        return { type: 'opened', id: message.id };
      });
      break;
    case 'happened':
      observer.happened(message.kind, message.what);
      break;
    case 'spawned':
      children.get(message.id)?.port(ports[0]);
      break;
    case 'exited':
      children.get(message.id)?.exited({ code: message.code, reason: message.reason });
      break;
    case 'close':
      engine.close().then(() => send({ type: 'closed' }));
      break;
    default:
      message satisfies never;
  }
});
send({ type: 'ready' });

function answer(id: number, work: () => Promise<FromEngine>): void {
  work().then(send, (error: unknown) => send({ type: 'refused', id, error: toErrorData(error) }));
}
