// Chooses the transport: the Electron bridge where there is one, else the loopback server that served this page.
import { bridge } from './bridge.ts';
import type { PageClient } from './client.ts';
import { createHttpClient } from './http-client.ts';
import { createPortClient } from './port-client.ts';

/** Opens the page's one client. */
export function openClient(): PageClient {
  const host = bridge();
  if (host) return createPortClient((listener) => host.onPort(listener));
  const token = document.querySelector<HTMLMetaElement>('meta[name="zerolabel-token"]')?.content ?? '';
  return createHttpClient({ base: location.origin, token });
}
