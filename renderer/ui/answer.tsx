import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AppError } from '../../core/contract/index.ts';
import { ErrorNotice } from './error-notice.tsx';

export interface AnswerProps<T> {
  readonly query: UseQueryResult<T, AppError>;
  /** Takes the room that the content will take, so that nothing jumps. */
  readonly skeleton: ReactNode;
  /** E.g. `The repositories could not be read`. */
  readonly errorTitle: string;
  readonly children: (value: T) => ReactNode;
}

/** A question's three faces: waiting, failed, answered. A former answer stays on screen when a later question fails. */
export function Answer<T>({ query, skeleton, errorTitle, children }: AnswerProps<T>) {
  if (query.isPending) return <div aria-busy="true">{skeleton}</div>;
  if (query.data === undefined) {
    return (
      query.error && (
        <ErrorNotice title={errorTitle} error={query.error} onRetry={() => void query.refetch()} />
      )
    );
  }
  return (
    <>
      {query.error && (
        <ErrorNotice title={errorTitle} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {children(query.data)}
    </>
  );
}
