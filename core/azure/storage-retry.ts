import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../contract/index.ts';
import { toAzureError } from './errors.ts';

export interface RetryOptions {
  /** Tries after the first. Default 8. */
  readonly maxRetries?: number;
  /** First pause, doubles up to 30 s. Default 300 ms. */
  readonly retryDelayMs?: number;
}

export interface RetriedCall<T> {
  readonly action: string;
  readonly options: RetryOptions;
  readonly signal: AbortSignal;
  /** `tries` counts from 0. */
  readonly call: (tries: number) => Promise<T>;
  /** Called once on a 403, to get a fresh SAS; the call is then repeated. */
  readonly renew?: () => Promise<void>;
}

/** Options for the SDK's own clients: retries are ours, because the SDK does not repeat a 429. */
export const noSdkRetries = { retryOptions: { maxTries: 1 } } as const;

/**
 * Repeats a call of the blob, queue or disk service while its failure may pass: network, 408, 429, 5xx.
 * Waits as long as `Retry-After` says, else twice as long each time.
 */
export async function withRetries<T>(request: RetriedCall<T>): Promise<T> {
  const { action, options, signal } = request;
  const maxRetries = options.maxRetries ?? 8;
  let renewed = false;
  for (let tries = 0; ; tries += 1) {
    if (signal.aborted)
      throw new AppError('cancelled', { message: `Cancelled: ${action}.`, cause: signal.reason });
    try {
      return await request.call(tries);
    } catch (thrown) {
      if (signal.aborted)
        throw new AppError('cancelled', { message: `Cancelled: ${action}.`, cause: signal.reason });
      if (request.renew && !renewed && statusOf(thrown) === 403) {
        renewed = true;
        await request.renew();
        continue;
      }
      const wait = retryDelay(thrown, tries, options.retryDelayMs ?? 300);
      if (wait === null || tries >= maxRetries) throw toAzureError(action, thrown);
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
}

interface RestFields {
  readonly name?: unknown;
  readonly statusCode?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly details?: { readonly errorCode?: unknown } | undefined;
  readonly response?: { readonly headers?: { get?(name: string): string | undefined } };
}

/** HTTP status of what an SDK threw; undefined when there was no answer. */
export function statusOf(thrown: unknown): number | undefined {
  const status = (thrown as RestFields | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** The service's error code, which the SDK keeps in different places for different calls. */
export function serviceCodeOf(thrown: unknown): string {
  const fields: RestFields = typeof thrown === 'object' && thrown !== null ? thrown : {};
  const candidates = [
    fields.details?.errorCode,
    fields.code,
    fields.response?.headers?.get?.('x-ms-error-code'),
  ];
  return candidates.find((value): value is string => typeof value === 'string') ?? '';
}

/** Pause before the next try in ms; null when another try makes no sense. */
export function retryDelay(thrown: unknown, tries: number, firstDelayMs: number): number | null {
  if (thrown instanceof AppError && !thrown.retryable) return null;
  const status = statusOf(thrown);
  if (status !== undefined && ![408, 429, 500, 502, 503, 504].includes(status)) return null;
  if (status === undefined && !isNetworkFailure(thrown)) return null;
  const asked = retryAfter((thrown as RestFields).response?.headers?.get?.('retry-after'));
  return asked ?? Math.min(firstDelayMs * 2 ** tries, 30_000);
}

function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.min(Math.max(seconds, 0), 300) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.min(Math.max(date - Date.now(), 0), 300_000);
}

function isNetworkFailure(thrown: unknown): boolean {
  if (thrown instanceof AppError) return thrown.retryable;
  const fields: RestFields = typeof thrown === 'object' && thrown !== null ? thrown : {};
  const text = `${String(fields.code)} ${String(fields.name)} ${String(fields.message)}`;
  return /REQUEST_SEND_ERROR|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|socket hang up|aborted|premature|terminated|other side closed/i.test(
    text,
  );
}
