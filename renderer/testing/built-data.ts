import type {
  Account,
  Download,
  FileRecovery,
  LogEntry,
  Repository,
  RestorePoint,
  Session,
  Step,
  StorageAccount,
  TakenItem,
  VirtualMachine,
} from '../../core/contract/index.ts';

/** Built answers for looking at the console and for its tests. Only what differs needs to be given. */

const gib = 1024 ** 3;
const production = '11111111-1111-4111-8111-111111111111';
const development = '22222222-2222-4222-8222-222222222222';

export function ago(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

export function vmId(name: string, subscriptionId = production, group = 'rg-shop'): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
}

export function buildAccount(changes: Partial<Account> = {}): Account {
  return {
    id: 'account-1',
    name: 'Production backup',
    kind: 'service-principal',
    tenantId: 'contoso.onmicrosoft.com',
    principal: '5f0d6c8e-30a9-4a1c-9f0e-2f3a4b5c6d7e',
    state: 'ready',
    subscriptions: [
      { id: production, name: 'Contoso Production' },
      { id: development, name: 'Contoso Development and Test' },
    ],
    addedAt: ago(60 * 24 * 40),
    ...changes,
  };
}

export function buildVm(name: string, changes: Partial<VirtualMachine> = {}): VirtualMachine {
  return {
    resourceId: vmId(name),
    name,
    accountId: 'account-1',
    subscriptionId: production,
    subscriptionName: 'Contoso Production',
    resourceGroup: 'rg-shop',
    region: 'westeurope',
    zone: '1',
    size: 'Standard_D4s_v5',
    os: 'linux',
    power: 'running',
    disks: [
      {
        name: `${name}_OsDisk_1`,
        resourceId: `${vmId(name)}-os`,
        os: true,
        lun: null,
        sizeBytes: 32 * gib,
        sku: 'Premium_LRS',
      },
      {
        name: `${name}-data-0`,
        resourceId: `${vmId(name)}-d0`,
        os: false,
        lun: 0,
        sizeBytes: 128 * gib,
        sku: 'Premium_LRS',
      },
    ],
    diskBytes: 160 * gib,
    tags: { owner: 'shop-team', 'cost-center': '4711' },
    protection: {
      state: 'unprotected',
      reason: null,
      points: 0,
      lastPointAt: null,
      runningSessionId: null,
      lastFailedSessionId: null,
    },
    ...changes,
  };
}

export function buildPoint(id: string, changes: Partial<RestorePoint> = {}): RestorePoint {
  return {
    id,
    kind: 'backup',
    workload: 'azure-vm',
    resourceId: vmId('web-01'),
    resourceName: 'web-01',
    region: 'westeurope',
    repositoryId: 'repository-1',
    repositoryName: 'Backups West Europe',
    takenAt: ago(70),
    mode: 'incremental',
    state: 'ok',
    disks: [
      { index: 0, name: 'web-01_OsDisk_1', lun: null, os: true, sizeBytes: 32 * gib, sku: 'Premium_LRS' },
      { index: 1, name: 'web-01-data-0', lun: 0, os: false, sizeBytes: 128 * gib, sku: 'Premium_LRS' },
    ],
    diskBytes: 160 * gib,
    readBytes: Math.round(1.3 * gib),
    storedBytes: Math.round(0.41 * gib),
    sessionId: 'session-done',
    ...changes,
  };
}

export function buildRepository(changes: Partial<Repository> = {}): Repository {
  return {
    id: 'repository-1',
    name: 'Backups West Europe',
    accountId: 'account-1',
    storageAccountId: `/subscriptions/${production}/resourceGroups/rg-backup/providers/Microsoft.Storage/storageAccounts/contosobackupweu`,
    storageAccountName: 'contosobackupweu',
    region: 'westeurope',
    container: 'cairn',
    folder: 'production',
    encrypted: true,
    state: 'ready',
    points: 14,
    resources: 4,
    storedBytes: Math.round(212.7 * gib),
    addedAt: ago(60 * 24 * 38),
    lastPointAt: ago(70),
    ...changes,
  };
}

export function buildStorageAccount(name: string, changes: Partial<StorageAccount> = {}): StorageAccount {
  return {
    resourceId: `/subscriptions/${production}/resourceGroups/rg-backup/providers/Microsoft.Storage/storageAccounts/${name}`,
    name,
    subscriptionId: production,
    accountId: 'account-1',
    resourceGroup: 'rg-backup',
    region: 'westeurope',
    kind: 'StorageV2',
    sku: 'Standard_ZRS',
    refusal: null,
    ...changes,
  };
}

const stepTitles = [
  ['check', 'Check permissions and place'],
  ['snapshot-disks', 'Take snapshots of the disks'],
  ['launch-worker', 'Launch a worker'],
  ['transfer', 'Read and store changed data'],
  ['write-manifest', 'Write and check the manifest'],
  ['clean-up', 'Remove the worker and older snapshots'],
] as const;

/** Steps of which `done` are done; the next one is in the given state. */
export function buildSteps(done: number, next: Step['state'] = 'running'): Step[] {
  return stepTitles.map(([key, title], index) => ({
    key,
    title,
    state: index < done ? 'done' : index === done ? next : 'waiting',
    startedAt: index <= done && !(index === done && next === 'waiting') ? ago(6 - index * 0.8) : null,
    endedAt: index < done ? ago(6 - (index + 1) * 0.8) : null,
  }));
}

export function buildSession(id: string, changes: Partial<Session> = {}): Session {
  return {
    id,
    kind: 'backup',
    state: 'succeeded',
    title: 'Back up web-01',
    resourceId: vmId('web-01'),
    resourceName: 'web-01',
    repositoryId: 'repository-1',
    createdAt: ago(75),
    startedAt: ago(75),
    endedAt: ago(71),
    steps: buildSteps(6),
    progress: null,
    error: null,
    result: { kind: 'backup', pointId: 'point-3' },
    ...changes,
  };
}

export function buildFileRecovery(sessionId: string, changes: Partial<FileRecovery> = {}): FileRecovery {
  return {
    sessionId,
    pointId: 'point-3',
    resourceId: vmId('web-01'),
    resourceName: 'web-01',
    takenAt: ago(70),
    road: 'direct',
    source: 'repository',
    state: 'open',
    activity: '',
    closesAt: ago(-28),
    error: null,
    volumes: [],
    worker: null,
    shares: [],
    ...changes,
  };
}

export function buildDownload(id: string, changes: Partial<Download> = {}): Download {
  return {
    id,
    sessionId: 'files-1',
    pointId: 'point-3',
    resourceName: 'web-01',
    title: 'passwd',
    form: { kind: 'archive', format: 'zip' },
    target: { kind: 'path', path: '/home/ada/Downloads/web-01.zip', replace: false },
    state: 'done',
    createdAt: ago(9),
    endedAt: ago(8),
    totalBytes: 8_411_204,
    doneBytes: 8_411_204,
    totalFiles: 36,
    doneFiles: 36,
    bytesPerSecond: 0,
    secondsLeft: null,
    sha256: 'd2'.repeat(32),
    problems: [],
    renamed: [],
    error: null,
    ...changes,
  };
}

export function buildTakenItem(id: string, changes: Partial<TakenItem> = {}): TakenItem {
  return {
    id,
    time: ago(8),
    by: 'ada on ops-laptop-17',
    sessionId: 'files-1',
    pointId: 'point-3',
    resourceId: vmId('web-01'),
    resourceName: 'web-01',
    volumeId: 'disk0-part1',
    path: '/etc/nginx',
    way: 'saved',
    target: '/home/ada/Downloads/web-01.zip',
    files: 36,
    bytes: 8_411_204,
    sha256: 'd2'.repeat(32),
    outcome: 'done',
    ...changes,
  };
}

export function buildLog(texts: readonly (readonly [LogEntry['level'], string])[]): LogEntry[] {
  return texts.map(
    ([level, text], index): LogEntry => ({
      seq: index + 1,
      time: ago(6 - index * 0.4),
      level,
      text,
      details:
        level === 'info'
          ? {}
          : { code: 'SkuNotAvailable', requestId: '8a2c4a4e-7b67-4a3e-a9f6-2b61a7a0d9b1' },
    }),
  );
}

export const subscriptions = { production, development } as const;
