import type { TokenCredential } from '@azure/identity';
import type { CloudEndpoints } from '../host.ts';

/**
 * An identity that has signed in to one cloud: what every function of this folder takes first. Holds no secret in
 * clear that could be printed; SDK clients are made lazily and cached per connection.
 */
export interface Connection {
  readonly cloud: CloudEndpoints;
  readonly credential: TokenCredential;
  readonly tenantId: string;
  readonly options: ConnectionOptions;
}

export interface ConnectionOptions {
  /** Tries after the first for throttled or broken requests. Default 6. */
  readonly maxRetries?: number;
  /** First delay of a retry when the service names none; doubles up to 30 s. Default 800 ms. */
  readonly retryDelayMs?: number;
  /** Pause between polls of a long-running operation when the service names none. Default 2000 ms. */
  readonly pollIntervalMs?: number;
}
