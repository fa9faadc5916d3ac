import { stat } from 'node:fs/promises';
import {
  type Connection,
  createStorageAccount,
  createWorkerBlobSas,
  ensureResourceGroup,
  installationTag,
  kindTag,
  listStorageAccounts,
  ownershipTags,
  type ResourceGroupPlace,
  resourceIdOf,
  type StorageAccountInfo,
  uploadWorkerFile,
  type WorkerBlob,
} from '../../azure/index.ts';
import { AppError } from '../../contract/index.ts';
import type { WorkerPackage } from '../../host.ts';
import { workerStorageName } from './names.ts';
import type { ResourceLedger } from './port.ts';

export interface RegionRequest {
  readonly connection: Connection;
  readonly installationId: string;
  readonly place: ResourceGroupPlace;
  readonly region: string;
  readonly ledger: ResourceLedger;
}

/** The resource group of workers, made when it is missing. */
export async function ensureWorkerGroup(request: RegionRequest, signal: AbortSignal): Promise<void> {
  const { connection, installationId, place, region, ledger } = request;
  const resourceId = `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}`;
  await ledger.intend({
    resourceId,
    kind: 'worker-group',
    sessionId: null,
    subscriptionId: place.subscriptionId,
  });
  const tags = ownershipTags({ installationId, sessionId: null, kind: 'worker-group' });
  await ensureResourceGroup(connection, { ...place, region, tags }, signal);
}

/** Names tried before giving up: another customer may own one. */
const nameVariants = 4;

/** The worker storage accounts of a region, usable or not. There is more than one only if the first became unusable. */
export async function listWorkerStorage(
  place: Pick<RegionRequest, 'connection' | 'installationId' | 'region'> & {
    readonly subscriptionId: string;
  },
  signal: AbortSignal,
): Promise<StorageAccountInfo[]> {
  const accounts = await listStorageAccounts(place.connection, place.subscriptionId, signal);
  return accounts.filter(
    ({ tags, region }) =>
      tags[installationTag] === place.installationId &&
      tags[kindTag] === 'worker-storage' &&
      region === place.region,
  );
}

/** The worker storage account of a region: found by its tags, wherever it is in the subscription, or created. */
export async function ensureWorkerStorage(
  request: RegionRequest,
  signal: AbortSignal,
): Promise<StorageAccountInfo> {
  const { connection, installationId, place, region, ledger } = request;
  const found = await listWorkerStorage({ ...request, subscriptionId: place.subscriptionId }, signal);
  const usable = found.find(({ refusal }) => refusal === null);
  if (usable) return usable;
  const tags = ownershipTags({ installationId, sessionId: null, kind: 'worker-storage' });
  for (let variant = 0; ; variant += 1) {
    const name = workerStorageName(installationId, { ...place, region }, variant);
    const storageAccountId = resourceIdOf('storageAccount', place, name);
    await ledger.intend({
      resourceId: storageAccountId,
      kind: 'worker-storage',
      sessionId: null,
      subscriptionId: place.subscriptionId,
    });
    try {
      return await createStorageAccount(connection, { storageAccountId, region, tags }, signal);
    } catch (thrown) {
      if (!isNameTaken(thrown)) throw thrown;
      await ledger.forget(storageAccountId);
      if (variant + 1 >= nameVariants) throw thrown;
    }
  }
}

function isNameTaken(thrown: unknown): boolean {
  return (
    thrown instanceof AppError &&
    /StorageAccountAlreadyTaken|StorageAccountNotAvailable/.test(thrown.details['azureCode'] ?? '')
  );
}

/** Long enough for a slow boot; the address is useless afterwards. */
const packageSasSeconds = 2 * 3600;

/** Uploads the package once (its name is its hash) and gives a short-lived address of it. */
export async function publishPackage(
  request: {
    readonly connection: Connection;
    readonly account: StorageAccountInfo;
    readonly built: WorkerPackage;
  },
  signal: AbortSignal,
): Promise<string> {
  const { connection, account, built } = request;
  const blob: WorkerBlob = { account, container: 'packages', name: `${built.sha256}.tar.gz` };
  const { size } = await stat(built.file);
  await uploadWorkerFile(connection, { blob, file: built.file, size }, signal);
  return (await createWorkerBlobSas(connection, { blob, durationSeconds: packageSasSeconds }, signal)).sas;
}
