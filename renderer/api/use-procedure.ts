import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback } from 'react';
import type {
  AppError,
  LogEntry,
  ProcedureInput,
  ProcedureName,
  ProcedureOutput,
} from '../../core/contract/index.ts';
import { useApi } from './api-context.tsx';
import { dropChangeable } from './query-cache.ts';

export interface AskOptions<Output = unknown> {
  /** False: do not ask yet. */
  readonly enabled?: boolean;
  /** Milliseconds between two questions, or false; may depend on the answer. For the few things core does not push. */
  readonly every?: number | false | ((answer: Output | undefined) => number | false);
  /** Shows the former answer while another input's answer is on its way. */
  readonly keepFormer?: boolean;
  /** Asks anew whenever a page opens, and not again by itself: for what is shown once and acted upon. */
  readonly once?: boolean;
}

/** Core's answer to a question, cached, asked again when core says that it changed. */
export function useProcedure<N extends ProcedureName>(
  name: N,
  input: ProcedureInput<N>,
  options: AskOptions<ProcedureOutput<N>> = {},
): UseQueryResult<ProcedureOutput<N>, AppError> {
  const { client } = useApi();
  const { every = false } = options;
  return useQuery<ProcedureOutput<N>, AppError>({
    queryKey: [name, input],
    queryFn: ({ signal }) => client.call(name, input, signal),
    enabled: options.enabled ?? true,
    refetchInterval: typeof every === 'function' ? (query) => every(query.state.data) : every,
    ...(options.keepFormer === true ? { placeholderData: keepPreviousData } : {}),
    ...(options.once === true ? { gcTime: 0, staleTime: Number.POSITIVE_INFINITY } : {}),
  });
}

/** Answers to the same question about several things, each cached by itself, in the order of the inputs. */
export function useProcedures<N extends ProcedureName>(
  name: N,
  inputs: readonly ProcedureInput<N>[],
): UseQueryResult<ProcedureOutput<N>, AppError>[] {
  const { client } = useApi();
  return useQueries({
    queries: inputs.map((input) => ({
      queryKey: [name, input],
      queryFn: ({ signal }: { signal: AbortSignal }) => client.call(name, input, signal),
    })),
  }) as UseQueryResult<ProcedureOutput<N>, AppError>[];
}

/** Asks once, through the cache: for what a key press or a click needs to know before it can go on. */
export function useAsk(): <N extends ProcedureName>(
  name: N,
  input: ProcedureInput<N>,
) => Promise<ProcedureOutput<N>> {
  const { client } = useApi();
  const queries = useQueryClient();
  return useCallback(
    (name, input) =>
      queries.fetchQuery({
        queryKey: [name, input],
        queryFn: ({ signal }) => client.call(name, input, signal),
      }),
    [client, queries],
  );
}

/** A command to core. What it may have changed is asked for again at once, ahead of core's own events. */
export function useCommand<N extends ProcedureName>(
  name: N,
): UseMutationResult<ProcedureOutput<N>, AppError, ProcedureInput<N>> {
  const { client } = useApi();
  const queries = useQueryClient();
  return useMutation<ProcedureOutput<N>, AppError, ProcedureInput<N>>({
    mutationFn: (input) => client.call(name, input),
    onSuccess: () => void dropChangeable(queries),
  });
}

/** A session's log; each question asks only for the entries after the last one known. */
export function useSessionLog(sessionId: string): UseQueryResult<LogEntry[], AppError> {
  const { client } = useApi();
  const queries = useQueryClient();
  const queryKey = ['session.log', { sessionId }];
  return useQuery<LogEntry[], AppError>({
    queryKey,
    queryFn: async ({ signal }) => {
      const known = queries.getQueryData<LogEntry[]>(queryKey) ?? [];
      const fresh = await client.call('session.log', { sessionId, after: known.at(-1)?.seq ?? 0 }, signal);
      return [...known, ...fresh];
    },
  });
}
