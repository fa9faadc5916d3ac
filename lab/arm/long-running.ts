import type { JsonObject, LabResponse } from '../front/index.ts';
import { ArmError } from './arm-error.ts';
import type { Call, Route } from './call.ts';
import { type Operation, retryAfter } from './operations.ts';

/** Which addresses a provider gives out for its long-running operations. */
export interface OperationAddresses {
  /** `Microsoft.Compute` */
  readonly provider: string;
  /** Collection of `Azure-AsyncOperation`; without it only `Location` is sent. */
  readonly status?: string;
  /** Collection of `Location`. */
  readonly result: string;
  readonly apiVersions: readonly string[];
}

export const diskOperations = (apiVersions: readonly string[]): OperationAddresses => ({
  provider: 'Microsoft.Compute',
  status: 'DiskOperations',
  result: 'DiskOperations',
  apiVersions,
});

const base = (call: Call, provider: string, location: string): string =>
  `${call.request.origin}/subscriptions/${call.subscriptionId}/providers/${provider}/locations/${location}`;

/** `Azure-AsyncOperation`, `Location` and `Retry-After` of a started operation. */
export function operationHeaders(
  call: Call,
  operation: Operation,
  { addresses, location, only }: { addresses: OperationAddresses; location: string; only?: 'status' },
): Record<string, string> {
  const { deps, apiVersion } = call;
  const start = base(call, addresses.provider, location);
  const version = `api-version=${apiVersion}`;
  const headers: Record<string, string> = { 'retry-after': retryAfter(deps.timing.retryAfterMs) };
  if (addresses.status) {
    headers['azure-asyncoperation'] = `${start}/${addresses.status}/${operation.id}?${version}`;
  }
  if (only !== 'status')
    headers.location = `${start}/${addresses.result}/${operation.id}?monitor=true&${version}`;
  return headers;
}

/** Polling routes of one provider. Whoever was given the address may read it; its id cannot be guessed. */
export function operationRoutes(addresses: OperationAddresses): readonly Route[] {
  const collections = [...new Set([addresses.status, addresses.result])].filter((each) => each !== undefined);
  return collections.map((collection) => ({
    method: 'GET',
    path: `/subscriptions/{subscriptionId}/providers/${addresses.provider}/locations/{location}/${collection}/{operationId}`,
    action: undefined,
    apiVersions: addresses.apiVersions,
    handle: async (call) => {
      const operation = await call.deps.operations.poll(call.params.operationId ?? '', call.request.signal);
      if (!operation) {
        throw new ArmError(
          404,
          'OperationNotFound',
          `The operation '${call.params.operationId}' was not found.`,
        );
      }
      const wantsResult = call.request.query.get('monitor') === 'true';
      return wantsResult ? operationResult(call, operation) : operationStatus(call, operation);
    },
  }));
}

function operationStatus(call: Call, operation: Operation): LabResponse {
  const { startTime, endTime, status, error, output, id } = operation;
  const body: JsonObject = {
    startTime,
    ...(endTime === undefined ? {} : { endTime }),
    status,
    ...(output === undefined ? {} : { properties: { output } }),
    ...(error === undefined ? {} : { error }),
    name: id,
  };
  const wait = retryAfter(call.deps.timing.retryAfterMs);
  return { status: 200, body, headers: status === 'InProgress' ? { 'retry-after': wait } : {} };
}

function operationResult(call: Call, operation: Operation): LabResponse {
  if (operation.status === 'InProgress') {
    const location = `${call.request.origin}${call.request.path}?${call.request.query}`;
    const wait = retryAfter(call.deps.timing.retryAfterMs);
    return { status: 202, headers: { location, 'retry-after': wait } };
  }
  if (operation.error) return { status: 409, body: { error: operation.error } };
  return operation.output === undefined ? { status: 200 } : { status: 200, body: operation.output };
}
