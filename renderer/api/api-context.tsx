import { QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Client } from './client.ts';
import { keepCacheLive } from './live-cache.ts';
import { createQueryClient } from './query-cache.ts';

interface Api {
  readonly client: Client;
  readonly connection: 'open' | 'lost' | 'opening';
}

const ApiContext = createContext<Api | null>(null);

/** Gives the pages below it the door to core and a cache kept live by core's events. */
export function ApiProvider({ client, children }: { client: Client; children: ReactNode }) {
  const [queries] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <LiveApi client={client}>{children}</LiveApi>
    </QueryClientProvider>
  );
}

function LiveApi({ client, children }: { client: Client; children: ReactNode }) {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Api['connection']>('opening');
  useEffect(
    () => keepCacheLive({ client, queries, gatherMilliseconds: 100, onConnection: setConnection }),
    [client, queries],
  );
  const api = useMemo(() => ({ client, connection }), [client, connection]);
  return <ApiContext value={api}>{children}</ApiContext>;
}

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === null) throw new Error('useApi is used outside of ApiProvider');
  return api;
}
