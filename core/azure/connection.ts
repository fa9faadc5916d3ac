import type { TokenCredential } from '@azure/identity';
import type { CloudEndpoints } from '../host.ts';
import { type ClientCache, clientCache } from './clients.ts';

/**
 * An identity that has signed in to one cloud: what every function of this folder takes first. Holds no secret in
 * clear that could be printed; SDK clients are made lazily and kept as long as the connection.
 */
export interface Connection {
  readonly cloud: CloudEndpoints;
  readonly credential: TokenCredential;
  readonly tenantId: string;
  readonly options: ConnectionOptions;
  readonly clients: ClientCache;
}

export interface ConnectionOptions {
  /** Tries after the first for throttled or broken requests. Default 6. */
  readonly maxRetries?: number;
  /** First delay of a retry when the service names none; doubles up to 30 s. Default 800 ms. */
  readonly retryDelayMs?: number;
  /** Pause between polls of a long-running operation when the service names none. Default 2000 ms. */
  readonly pollIntervalMs?: number;
}

export interface ConnectRequest {
  readonly cloud: CloudEndpoints;
  readonly credential: TokenCredential;
  readonly tenantId: string;
  readonly options?: ConnectionOptions;
}

/** A connection over any source of tokens. */
export function connect(request: ConnectRequest): Connection {
  return {
    cloud: request.cloud,
    credential: request.credential,
    tenantId: request.tenantId,
    options: request.options ?? {},
    clients: clientCache(),
  };
}

/** Scope that asks for everything an audience grants. */
export function scopeOf(audience: string): string {
  return `${audience.replace(/\/$/, '')}/.default`;
}

/** Options of one call of a long-running operation. */
export function pollOptions(
  connection: Connection,
  signal: AbortSignal,
): { readonly abortSignal: AbortSignal; readonly updateIntervalInMs: number } {
  return { abortSignal: signal, updateIntervalInMs: connection.options.pollIntervalMs ?? 2000 };
}
