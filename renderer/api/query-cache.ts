import { QueryClient } from '@tanstack/react-query';
import {
  AppError,
  type CoreEvent,
  isProcedureName,
  type Overview,
  type Session,
} from '../../core/contract/index.ts';
import { type Change, isStaleAfter, topicsOfProcedure } from './dependencies.ts';

type ProgressEvent = Extract<CoreEvent, { type: 'session.progress' }>;

/** The console's only memory of core's answers. Fresh until core says otherwise; look-ups in Azure for a minute. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        refetchOnWindowFocus: false,
        networkMode: 'always',
        retry: (failures, error) => error instanceof AppError && error.retryable && failures < 2,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** Drops the answers that the changes made stale; those on screen are asked for again. */
export function dropStale(queries: QueryClient, changes: readonly Change[]): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey: [name, input] }) =>
      typeof name === 'string' &&
      isProcedureName(name) &&
      changes.some((change) => isStaleAfter(name, input, change)),
  });
}

/** Drops every answer that core can change; look-ups in Azure stay. */
export function dropChangeable(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey: [name] }) =>
      typeof name === 'string' && isProcedureName(name) && topicsOfProcedure[name].length > 0,
  });
}

/** Writes pushed progress into every cached copy of its session, so that no question is asked for it. */
export function patchProgress(queries: QueryClient, event: ProgressEvent): void {
  const patch = (session: Session): Session =>
    session.id === event.sessionId
      ? { ...session, state: event.state, steps: event.steps, progress: event.progress }
      : session;
  queries.setQueryData<Session>(['session.get', { sessionId: event.sessionId }], (old) => old && patch(old));
  queries.setQueriesData<Session[]>({ queryKey: ['session.list'] }, (old) => old?.map(patch));
  queries.setQueriesData<Overview>(
    { queryKey: ['overview.get'] },
    (old) => old && { ...old, runningSessions: old.runningSessions.map(patch) },
  );
}
