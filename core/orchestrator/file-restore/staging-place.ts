import type { Connection, WorkerBlob } from '../../azure/index.ts';
import {
  ensureWorkerGroup,
  ensureWorkerStorage,
  listWorkerStorage,
  type ResourceLedger,
  workerPlace,
} from '../workers/index.ts';
import type { FileRestoreInput } from './restore-input.ts';

interface StagingRequest {
  readonly connection: Connection;
  readonly installationId: string;
  readonly sessionId: string;
  readonly input: FileRestoreInput;
}

/** Where a session's files wait for their machine: in the worker storage account of its region, made when it is missing. */
export async function ensureStaging(
  request: StagingRequest & { readonly ledger: ResourceLedger },
  signal: AbortSignal,
): Promise<WorkerBlob> {
  const { connection, installationId, ledger, input } = request;
  const place = workerPlace(installationId, subscriptionOf(input));
  const regional = { connection, installationId, place, region: input.region, ledger };
  await ensureWorkerGroup(regional, signal);
  return { account: await ensureWorkerStorage(regional, signal), ...nameOf(request.sessionId) };
}

/** The same without making anything; null when there is no such account. */
export async function findStaging(request: StagingRequest, signal: AbortSignal): Promise<WorkerBlob | null> {
  const { connection, installationId, sessionId, input } = request;
  const place = { connection, installationId, subscriptionId: subscriptionOf(input), region: input.region };
  const [account] = await listWorkerStorage(place, signal);
  return account === undefined ? null : { account, ...nameOf(sessionId) };
}

function nameOf(sessionId: string): { readonly container: string; readonly name: string } {
  return { container: 'file-restores', name: `${sessionId}/` };
}

function subscriptionOf({ vmId }: FileRestoreInput): string {
  return vmId.split('/')[2] ?? '';
}
