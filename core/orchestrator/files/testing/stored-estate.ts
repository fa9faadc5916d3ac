import type { PointRecord, RepositoryRecord } from '../../../db/index.ts';

const subscription = '/subscriptions/6d3f1a52-0000-4000-8000-000000000001/resourceGroups/rg/providers';
const accountId = `${subscription}/Microsoft.Storage/storageAccounts/backups`;

/** A repository as the database holds it; nothing is behind it. */
export const storedRepository: RepositoryRecord = {
  id: 'r1',
  name: 'Backups',
  accountId: 'a1',
  storageAccountId: accountId,
  storageAccountName: 'backups',
  region: 'westeurope',
  container: 'backups',
  folder: '',
  encrypted: false,
  state: 'ready',
  addedAt: '2026-01-01T00:00:00.000Z',
  engineId: '0'.repeat(32),
  secretKey: null,
  account: {
    id: accountId,
    name: 'backups',
    region: 'westeurope',
    kind: 'StorageV2',
    sku: 'Standard_LRS',
    blobEndpoint: 'https://localhost:1',
    queueEndpoint: 'https://localhost:1',
    tags: {},
    refusal: null,
  },
};

export function storedPoint(id: string): PointRecord {
  return {
    id,
    kind: 'backup',
    workload: 'azure-vm',
    resourceId: `${subscription}/Microsoft.Compute/virtualMachines/web-01`,
    resourceName: 'web-01',
    region: 'westeurope',
    repositoryId: storedRepository.id,
    takenAt: '2026-01-02T00:00:00.000Z',
    mode: 'full',
    state: 'ok',
    disks: [],
    diskBytes: 0,
    readBytes: 0,
    storedBytes: 0,
    sessionId: null,
  };
}
