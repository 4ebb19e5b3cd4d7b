// The engine's end of a MessagePort: requests in, replies and events out.
// Role: used by Electron's engine host and by the tests that run both clients. Limits: no transport of its own.

import { request } from '../../shared/contract/index.ts';
import { toErrorData } from '../../shared/errors.ts';
import type { Engine } from './engine.ts';

interface ClientPort {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** Serves one client until the returned function is called. */
export function serveClient(engine: Engine, port: ClientPort): () => void {
  const stop = engine.on((event) => port.post(event));
  port.onMessage((message) => {
    const parsed = request.safeParse(message);
    if (!parsed.success) return; // no id, no one to answer
    const { id, call, input } = parsed.data;
    engine
      .answer(call, input)
      .catch((error: unknown) => ({ ok: false as const, error: toErrorData(error) }))
      .then((result) => port.post({ id, result }));
  });
  return stop;
}
