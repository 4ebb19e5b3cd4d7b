// What both transports share. Role: the page's view of a connection, listeners by event, and reading of replies.
// Limits: runs under Node too; no DOM, no React.
import {
  type CallName,
  type Client,
  calls,
  type EventName,
  type EventPayload,
  events,
  type Output,
  result,
} from '../../shared/contract/index.ts';
import { AppError, fromErrorData } from '../../shared/errors.ts';

/** `connecting` before the first contact, `open`, `lost` while the engine does not answer and is looked for again. */
export type Connection = 'connecting' | 'open' | 'lost';

/** A client that also says how the connection is. */
export interface PageClient extends Client {
  connection(): Connection;
  onConnection(listener: (state: Connection) => void): () => void;
}

export function connectionState() {
  let state: Connection = 'connecting';
  const listeners = new Set<(state: Connection) => void>();
  return {
    get: () => state,
    set(next: Connection): void {
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener(next);
    },
    on(listener: (state: Connection) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type Listener = (payload: never) => void;

/** Listeners by event name; payloads are parsed once, events of other versions are ignored. */
export function eventHub() {
  const listeners = new Map<string, Set<Listener>>();
  return {
    on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
      const set = listeners.get(name) ?? new Set<Listener>();
      listeners.set(name, set.add(listener as Listener));
      return () => set.delete(listener as Listener);
    },
    emit(name: string, payload: unknown): void {
      if (!Object.hasOwn(events, name)) return;
      const parsed = events[name as EventName].safeParse(payload);
      if (!parsed.success) return;
      for (const listener of [...(listeners.get(name) ?? [])]) listener(parsed.data as never);
    },
  };
}

/**
 * The value of an engine reply, checked against the contract.
 * @throws AppError the engine's own error, or `internal` when the reply does not fit the contract.
 */
export function readResult<N extends CallName>(name: N, reply: unknown): Output<N> {
  const envelope = result.safeParse(reply);
  if (!envelope.success)
    throw new AppError('internal', `The engine answered ${name} with something unreadable.`, { reply });
  if (!envelope.data.ok) throw fromErrorData(envelope.data.error);
  const value = calls[name].output.safeParse(envelope.data.value);
  if (!value.success) {
    throw new AppError(
      'internal',
      `The engine's answer to ${name} does not fit this version of the page. Reload the window.`,
      {
        problems: value.error.issues.slice(0, 5),
      },
    );
  }
  return value.data as Output<N>;
}
