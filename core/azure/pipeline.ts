import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { AzureAnswer, type AzureFailure } from './errors.ts';

/**
 * Our layers around every call of a Resource Manager client.
 *
 * `errorPolicy` is outermost and throws each error answer and each failed long-running operation with what the raw
 * answer says; `azureCall` makes an AppError of it. The SDK alone would lose the inner details of a refused operation,
 * and everything but the text of one that failed later (measured).
 */
export function errorPolicy(): PipelinePolicy {
  return {
    name: 'cairnErrorPolicy',
    async sendRequest(request, next): Promise<PipelineResponse> {
      const response = await next(request);
      const failure = failureIn(response, request.method);
      if (failure) throw new AzureAnswer(failure);
      return response;
    },
  };
}

/**
 * A 429 that names no time is not retried by the SDK. Inside the retry layer this gives it one, doubling per try, so
 * that the SDK's own retry waits for it.
 */
export function throttlePolicy(firstDelayMs: number): PipelinePolicy {
  const tries = new WeakMap<PipelineRequest, number>();
  return {
    name: 'cairnThrottlePolicy',
    async sendRequest(request, next): Promise<PipelineResponse> {
      const response = await next(request);
      if (response.status !== 429 || waitHeaders.some((name) => response.headers.has(name))) return response;
      const count = tries.get(request) ?? 0;
      tries.set(request, count + 1);
      response.headers.set('retry-after-ms', String(Math.min(firstDelayMs * 2 ** count, 30_000)));
      return response;
    },
  };
}

const waitHeaders = ['retry-after', 'retry-after-ms', 'x-ms-retry-after-ms'];

interface ErrorBody {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly target?: unknown;
  readonly details?: unknown;
  readonly innererror?: unknown;
}

function failureIn(response: PipelineResponse, method: string): AzureFailure | undefined {
  const body = parseObject(response.bodyAsText);
  const operationFailed =
    response.status < 400 &&
    method === 'GET' &&
    typeof body?.['status'] === 'string' &&
    /^(failed|canceled|cancelled)$/i.test(body['status']);
  if (response.status < 400 && !operationFailed) return undefined;
  const error: ErrorBody = objectOrEmpty(body?.['error'] ?? body);
  return {
    status: response.status < 400 ? 409 : response.status,
    azureCode: typeof error.code === 'string' ? error.code : '',
    message: typeof error.message === 'string' ? error.message : '',
    requestId:
      response.headers.get('x-ms-request-id') ?? response.headers.get('x-ms-correlation-request-id') ?? '',
    inner: innerErrors(error).join('; '),
  };
}

function innerErrors(error: ErrorBody): string[] {
  if (!Array.isArray(error.details)) return [];
  return error.details.slice(0, 10).flatMap((detail: unknown) => {
    const { code, message } = objectOrEmpty(detail);
    return [code, message].filter((part) => typeof part === 'string').join(': ');
  });
}

function objectOrEmpty(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function parseObject(text: string | null | undefined): Record<string, unknown> | undefined {
  if (!text?.startsWith('{')) return undefined;
  try {
    return objectOrEmpty(JSON.parse(text));
  } catch {
    return undefined;
  }
}
