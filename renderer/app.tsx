// The application. Role: providers around the shell, and the engine's events wired to the cache.
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { Shell } from './features/shell/Shell.tsx';
import type { PageClient } from './platform/client.ts';
import { ClientProvider } from './platform/context.tsx';
import { createQueries, followEngine } from './state/queries.ts';

export function App({ client }: { client: PageClient }) {
  const [queries] = useState(createQueries);
  useEffect(() => followEngine(client, queries), [client, queries]);
  return (
    <ClientProvider client={client}>
      <QueryClientProvider client={queries}>
        <Router hook={useHashLocation}>
          <Shell />
        </Router>
      </QueryClientProvider>
    </ClientProvider>
  );
}
