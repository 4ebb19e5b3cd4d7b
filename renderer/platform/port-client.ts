// Client over a MessagePort (Electron). Role: pairs requests with replies, queues calls until a port is there, and takes
// the new port after an engine restart. Limits: calls under way when the engine stops fail with `crashed`, because
// repeating them could do their work twice.
import { type CallName, type Input, type Output, reply as replySchema } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { connectionState, eventHub, type PageClient, readResult } from './client.ts';

/** What is needed of a MessagePort; the browser's and Node's both fit. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

interface Waiting {
  name: CallName;
  settle(reply: unknown): void;
  fail(error: AppError): void;
}

/**
 * @param onPort Registers a listener that gets a port now or later, and a new one after each engine restart.
 */
export function createPortClient(onPort: (listener: (port: Port) => void) => void): PageClient {
  const connection = connectionState();
  const hub = eventHub();
  const waiting = new Map<number, Waiting>();
  let queued: { id: number; call: CallName; input: unknown }[] = [];
  let port: Port | null = null;
  let closed = false;
  let nextId = 1;

  const drop = (message: string): void => {
    const unsent = new Set(queued.map((request) => request.id));
    for (const [id, call] of [...waiting]) {
      if (unsent.has(id)) continue;
      waiting.delete(id);
      call.fail(new AppError('crashed', message, { call: call.name }));
    }
  };

  const receive = (data: unknown): void => {
    const message = replySchema.safeParse(data);
    if (!message.success) return;
    if ('event' in message.data) {
      hub.emit(message.data.event, message.data.payload);
      return;
    }
    const call = waiting.get(message.data.id);
    waiting.delete(message.data.id);
    call?.settle(message.data.result);
  };

  onPort((next) => {
    if (closed) return next.close();
    port?.close();
    drop('The engine was restarted while it worked on this. What was saved is kept; try again.');
    port = next;
    next.addEventListener('message', (event) => {
      if (port === next) receive(event.data);
    });
    next.addEventListener('close', () => {
      if (port !== next) return;
      port = null;
      connection.set('lost');
      drop('The engine stopped while it worked on this. What was saved is kept; try again when it is back.');
    });
    next.start();
    for (const request of queued) next.postMessage(request);
    queued = [];
    connection.set('open');
  });

  return {
    call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>> {
      if (closed) return Promise.reject(new AppError('cancelled', 'The window is closing.'));
      return new Promise<Output<N>>((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, {
          name,
          settle(reply) {
            try {
              resolve(readResult(name, reply));
            } catch (error) {
              reject(error);
            }
          },
          fail: reject,
        });
        const request = { id, call: name, input };
        if (port) port.postMessage(request);
        else queued.push(request);
      });
    },
    on: hub.on,
    connection: connection.get,
    onConnection: connection.on,
    close() {
      closed = true;
      queued = [];
      drop('The window is closing.');
      port?.close();
      port = null;
    },
  };
}
