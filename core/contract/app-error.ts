/**
 * The closed list of error codes. A code names what went wrong in the operator's world, never which
 * library noticed it; `details` keeps the technology's own code, request id and inner messages.
 */
export const errorCodes = [
  'invalid-input',
  'not-found',
  'already-exists',
  'conflict',
  'not-signed-in',
  'sign-in-failed',
  'permission-denied',
  'throttled',
  'quota-exceeded',
  'capacity-unavailable',
  'not-supported',
  'unreachable',
  'timeout',
  'cancelled',
  'wrong-password',
  'repository-foreign',
  'repository-owned',
  'repository-locked',
  'damaged',
  'snapshot-missing',
  'worker-lost',
  'worker-failed',
  'azure-failed',
  'plan-expired',
  'read-only',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The only form in which an error crosses a process border: whitelisted fields, plain JSON, no secret. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  /** What happened, one sentence. */
  readonly message: string;
  /** What the operator can do about it, one sentence; empty when there is nothing to do. */
  readonly hint: string;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, string>>;
}

export interface AppErrorInit {
  readonly message: string;
  readonly hint?: string;
  readonly retryable?: boolean;
  /** Azure's own error code, request id, field names, object names. Never a secret, never a SAS. */
  readonly details?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The one error type that core's public functions throw. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, init: AppErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = init.hint ?? '';
    this.retryable = init.retryable ?? false;
    this.details = init.details ?? {};
  }

  toRecord(): ErrorRecord {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      retryable: this.retryable,
      details: { ...this.details },
    };
  }

  static fromRecord(record: ErrorRecord): AppError {
    return new AppError(record.code, record);
  }
}

/** Anything thrown, as an AppError. Unknown errors become `internal` and keep their message in details. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isAbort(thrown))
    return new AppError('cancelled', { message: 'The operation was cancelled.', cause: thrown });
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('internal', {
    message: 'Something inside Cairn failed unexpectedly.',
    hint: 'Open the log of this session; if it happens again, report it with the details shown here.',
    details: { reason: reason.slice(0, 500) },
    cause: thrown,
  });
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'AbortSignal');
}
