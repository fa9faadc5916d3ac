import { AppError, type Session, type SessionKind } from '../../contract/index.ts';

export interface StartRequest {
  readonly kind: SessionKind;
  readonly title: string;
  readonly input: unknown;
  /** Two sessions with the same key never run at the same time. */
  readonly exclusiveKey: string;
  /** What to tell when that key is taken. */
  readonly busyMessage: string;
  readonly resourceId?: string;
  readonly resourceName?: string;
  readonly repositoryId?: string;
  /** Chosen by the caller when something must be stored under it beforehand. */
  readonly sessionId?: string;
}

export function newSession(
  request: StartRequest,
  made: {
    readonly id: string;
    readonly now: string;
    readonly titles: readonly { key: string; title: string }[];
  },
): Session {
  return {
    id: made.id,
    kind: request.kind,
    state: 'queued',
    title: request.title,
    resourceId: request.resourceId ?? null,
    resourceName: request.resourceName ?? null,
    repositoryId: request.repositoryId ?? null,
    createdAt: made.now,
    startedAt: null,
    endedAt: null,
    steps: made.titles.map(({ key, title }) => ({
      key,
      title,
      state: 'waiting',
      startedAt: null,
      endedAt: null,
    })),
    progress: null,
    error: null,
    result: null,
  };
}

export function busy(request: StartRequest, holder: Session): AppError {
  return new AppError('conflict', {
    message: request.busyMessage,
    hint: 'Wait until that session has ended, or cancel it.',
    retryable: true,
    details: { sessionId: holder.id },
  });
}
