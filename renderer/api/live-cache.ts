import type { QueryClient } from '@tanstack/react-query';
import type { Client } from './client.ts';
import type { Change } from './dependencies.ts';
import { dropStale, patchProgress } from './query-cache.ts';

export interface LiveCacheDeps {
  readonly client: Client;
  readonly queries: QueryClient;
  /** Changes that arrive within this time are answered by one round of questions. */
  readonly gatherMilliseconds: number;
  readonly onConnection: (state: 'open' | 'lost') => void;
}

/** Keeps the query cache true while the console is open. Returns the function that ends it. */
export function keepCacheLive({
  client,
  queries,
  gatherMilliseconds,
  onConnection,
}: LiveCacheDeps): () => void {
  const waiting: Change[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLost = false;

  const flush = () => {
    timer = undefined;
    void dropStale(queries, waiting.splice(0));
  };
  const end = client.subscribe({
    onEvent: (event) => {
      if (event.type === 'session.progress') return patchProgress(queries, event);
      waiting.push({ topic: event.topic, id: event.id });
      timer ??= setTimeout(flush, gatherMilliseconds);
    },
    onConnection: (state) => {
      // Whatever was pushed during the break is lost, so nothing in the cache can be trusted.
      if (state === 'open' && wasLost) void queries.invalidateQueries();
      wasLost = state === 'lost';
      onConnection(state);
    },
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}
