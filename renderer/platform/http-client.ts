// Client of the loopback server. Role: calls by POST, events by WebSocket with a growing pause between attempts.
// Limits: needs only fetch and WebSocket, so it runs under Node too; it never talks to another origin than `base`.
import { z } from 'zod';
import type { CallName, Input, Output } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { connectionState, eventHub, type PageClient, readResult } from './client.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;
const eventMessage = z.object({ event: z.string(), payload: z.unknown() });

export interface HttpClientOptions {
  /** Origin of the server, for example `http://127.0.0.1:4100`. */
  base: string;
  token: string;
}

/** Opens the event channel at once; calls do not wait for it. */
export function createHttpClient({ base, token }: HttpClientOptions): PageClient {
  const connection = connectionState();
  const hub = eventHub();
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_PAUSE_MS;
  let closed = false;

  const listen = (): void => {
    if (closed) return;
    const next = new WebSocket(`${base.replace(/^http/, 'ws')}/events?token=${encodeURIComponent(token)}`);
    socket = next;
    next.onopen = () => {
      pause = FIRST_PAUSE_MS;
      connection.set('open');
    };
    next.onmessage = (message) => {
      const parsed = readEvent(message.data);
      if (parsed) hub.emit(parsed.event, parsed.payload);
    };
    next.onclose = () => {
      if (closed || socket !== next) return;
      connection.set('lost');
      timer = setTimeout(listen, pause);
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
    };
  };
  listen();

  return {
    async call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>> {
      let response: Response;
      try {
        response = await fetch(`${base}/api/${name}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-zerolabel-token': token },
          body: JSON.stringify(input),
        });
      } catch (cause) {
        throw new AppError(
          'unavailable',
          'The engine does not answer. Check that `zerolabel serve` still runs; nothing saved is lost.',
          { call: name },
          cause,
        );
      }
      let body: unknown;
      try {
        body = await response.json();
      } catch (cause) {
        throw new AppError(
          'unavailable',
          `The server refused ${name} (HTTP ${response.status}). Reload the page.`,
          { call: name },
          cause,
        );
      }
      return readResult(name, body);
    },
    on: hub.on,
    connection: connection.get,
    onConnection: connection.on,
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}

function readEvent(data: unknown): z.infer<typeof eventMessage> | null {
  if (typeof data !== 'string') return null;
  try {
    return eventMessage.parse(JSON.parse(data));
  } catch {
    return null; // an event of another version is no reason to stop listening
  }
}
