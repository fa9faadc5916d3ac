import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LiveValidator } from 'oav';

/** One request and its answer as they went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly responseBody: unknown;
}

const specs = join(dirname(fileURLToPath(import.meta.url)), '../../specs');

/** Polling addresses are not part of the specifications. */
const isPolling = (url: string): boolean =>
  /\/(operations|DiskOperations|operationResults|operationresults|asyncoperations)\//.test(url);
const isSpecified = (url: string): boolean => !/\/oauth2\/|\.well-known/.test(url);

/** Says what the specifications object to in recorded answers (and in the requests that were accepted). */
export type TrafficValidator = (traffic: readonly Exchange[]) => Promise<readonly string[]>;

/** Loads the lab's specifications into oav; takes a second of computing. */
export async function openTrafficValidator(): Promise<TrafficValidator> {
  const options = {
    directory: specs,
    swaggerPathsPattern: ['*.json'],
    git: { shouldClone: false },
    loadValidatorInBackground: false,
    loadValidatorInInitialize: true,
  };
  // Its log only says that subscriptions have no provider.
  const validator = new LiveValidator(options, () => {});
  await validator.initialize();
  return async (traffic) => {
    const problems = new Set<string>();
    for (const exchange of traffic.filter(({ url }) => !isPolling(url) && isSpecified(url))) {
      for (const problem of await problemsOf(validator, exchange)) problems.add(problem);
    }
    return [...problems];
  };
}

async function problemsOf(validator: LiveValidator, exchange: Exchange): Promise<readonly string[]> {
  const { method, url, requestBody, status, headers, responseBody } = exchange;
  const parsed = new URL(url);
  const result = await validator.validateLiveRequestResponse({
    liveRequest: {
      method,
      url: `${parsed.pathname}${parsed.search}`,
      headers: { 'content-type': 'application/json' },
      query: Object.fromEntries(parsed.searchParams),
      body: requestBody as Record<string, unknown> | undefined,
    },
    liveResponse: {
      statusCode: String(status),
      headers,
      body: responseBody as Record<string, unknown> | undefined,
    },
  });
  const { requestValidationResult, responseValidationResult } = result;
  const where = `${method} ${parsed.pathname} ${status}`;
  const failure = requestValidationResult.runtimeException ?? responseValidationResult.runtimeException;
  if (failure) return [`${where}: ${failure.code} ${failure.message}`];
  const accepted = status < 400 ? requestValidationResult.errors : [];
  return [...accepted, ...responseValidationResult.errors].map(
    (error) => `${where}: ${error.code} ${error.message} at ${error.pathsInPayload.join(' ')}`,
  );
}
