import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { AppError } from '../contract/index.ts';
import { type Connection, scopeOf } from './connection.ts';
import { azureCall } from './errors.ts';
import { keyVaultError } from './key-vault-errors.ts';
import { formatKeyVaultKeyId, type KeyVaultKeyId } from './key-vault-key-id.ts';
import { throttlePolicy } from './pipeline.ts';

/** Generally available, in all clouds. */
const apiVersion = '7.4';

export interface KeyVaultCall {
  readonly action: string;
  readonly key: KeyVaultKeyId;
  /** Last part of the path; without it the key itself is read. */
  readonly operation?: 'wrapkey' | 'unwrapkey';
  readonly body?: Readonly<Record<string, string>>;
}

/**
 * One call of a vault. Throttled and broken ones are repeated. The token is asked for the cloud's own audience, whatever
 * a vault's challenge says, and a redirect is not followed.
 */
export async function callKeyVault(
  connection: Connection,
  call: KeyVaultCall,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const { action, key } = call;
  return azureCall(action, signal, async () => {
    const answer = await send(connection, call, signal);
    const body = objectOf(answer.bodyAsText);
    if (answer.status === 200) return body;
    const error = objectOf(body['error']);
    throw keyVaultError(action, key, {
      status: answer.status,
      code: textOf(error['code']),
      inner: textOf(objectOf(error['innererror'])['code']),
      message: textOf(error['message']),
      requestId: answer.headers.get('x-ms-request-id') ?? '',
    });
  });
}

async function send(
  connection: Connection,
  { key, operation, body }: KeyVaultCall,
  signal: AbortSignal,
): Promise<PipelineResponse> {
  const { createDefaultHttpClient, createPipelineRequest } = await import('@azure/core-rest-pipeline');
  const path = operation === undefined ? '' : `/${operation}`;
  const request = createPipelineRequest({
    url: `${formatKeyVaultKeyId(key)}${path}?api-version=${apiVersion}`,
    method: body === undefined ? 'GET' : 'POST',
    abortSignal: signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  request.headers.set('accept', 'application/json');
  if (body !== undefined) request.headers.set('content-type', 'application/json');
  return (await pipelineOf(connection)).sendRequest(createDefaultHttpClient(), request);
}

async function pipelineOf({ cloud, credential, options }: Connection) {
  const { bearerTokenAuthenticationPolicy, createPipelineFromOptions, redirectPolicyName } = await import(
    '@azure/core-rest-pipeline'
  );
  const retryDelayInMs = options.retryDelayMs ?? 800;
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: options.maxRetries ?? 6, retryDelayInMs, maxRetryDelayInMs: 30_000 },
    userAgentOptions: { userAgentPrefix: 'cairn' },
  });
  pipeline.removePolicy({ name: redirectPolicyName });
  const scopes = scopeOf(cloud.keyVault?.audience ?? '');
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: 'Sign' });
  pipeline.addPolicy(throttlePolicy(retryDelayInMs), { afterPhase: 'Retry' });
  return pipeline;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'string') return parsed(value);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Bytes of an answer; `azure-failed` when it is not what Key Vault promises. */
export function bytesOf(value: unknown): Uint8Array {
  const text = textOf(value);
  if (/^[A-Za-z0-9_-]+$/.test(text)) return Buffer.from(text, 'base64url');
  throw new AppError('azure-failed', { message: 'The key vault gave an answer without a value.' });
}
