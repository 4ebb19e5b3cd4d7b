// The client in React. Role: one provider at the root, `useClient` and `useConnection` below it.
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { Connection, PageClient } from './client.ts';

const ClientContext = createContext<PageClient | null>(null);

export function ClientProvider({ client, children }: { client: PageClient; children: ReactNode }) {
  return <ClientContext value={client}>{children}</ClientContext>;
}

/** The page's client. @throws Error outside of a {@link ClientProvider}. */
export function useClient(): PageClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('useClient needs a ClientProvider above it.');
  return client;
}

export function useConnection(): Connection {
  const client = useClient();
  return useSyncExternalStore(client.onConnection, client.connection);
}
