import type {
  Account,
  LogEntry,
  Repository,
  RestorePoint,
  Session,
  VirtualMachine,
} from '../../core/contract/index.ts';
import {
  ago,
  buildAccount,
  buildLog,
  buildPoint,
  buildRepository,
  buildSession,
  buildSteps,
  buildVm,
  subscriptions,
  vmId,
} from './built-data.ts';

/** What the stand-in for core knows. */
export interface PlayState {
  accounts: Account[];
  vms: VirtualMachine[];
  repositories: Repository[];
  points: RestorePoint[];
  sessions: Session[];
  logs: Map<string, LogEntry[]>;
}

export function emptyState(): PlayState {
  return { accounts: [], vms: [], repositories: [], points: [], sessions: [], logs: new Map() };
}

export function fullState(): PlayState {
  const protectedNow = (points: number, minutes: number) => ({
    state: 'protected' as const,
    reason: null,
    points,
    lastPointAt: ago(minutes),
    runningSessionId: null,
    lastFailedSessionId: null,
  });
  const development = {
    subscriptionId: subscriptions.development,
    subscriptionName: 'Contoso Development and Test',
  };
  const vms = [
    buildVm('web-01', { protection: protectedNow(3, 70) }),
    buildVm('web-02', { protection: { ...protectedNow(2, 64), runningSessionId: 'session-running' } }),
    buildVm('sql-prod-01', {
      os: 'windows',
      size: 'Standard_E16ds_v5',
      protection: { ...protectedNow(7, 1560), lastFailedSessionId: 'session-failed' },
    }),
    buildVm('legacy-erp', {
      os: 'windows',
      size: 'Standard_A4_v2',
      protection: {
        state: 'not-supported',
        reason:
          'The machine has unmanaged disks: page blobs in a storage account. Convert them to managed disks in Azure first.',
        points: 0,
        lastPointAt: null,
        runningSessionId: null,
        lastFailedSessionId: null,
      },
    }),
    buildVm('a-virtual-machine-with-a-name-that-is-as-long-as-azure-allows-ok', {
      resourceGroup: 'rg-with-a-rather-long-name-as-found-in-the-wild-production-west',
    }),
    buildVm('ci-runner-1', {
      ...development,
      resourceId: vmId('ci-runner-1', subscriptions.development, 'rg-ci'),
      resourceGroup: 'rg-ci',
      region: 'northeurope',
      zone: null,
      power: 'deallocated',
    }),
    ...Array.from({ length: 400 }, (_, index) =>
      buildVm(`node-${index + 1}`, {
        ...development,
        resourceId: vmId(`node-${index + 1}`, subscriptions.development, 'rg-batch'),
        resourceGroup: 'rg-batch',
        region: index % 2 === 0 ? 'swedencentral' : 'northeurope',
        tags: {},
      }),
    ),
  ];
  const sessions = [
    buildSession('session-running', {
      title: 'Back up web-02',
      resourceId: vmId('web-02'),
      resourceName: 'web-02',
      state: 'running',
      createdAt: ago(6),
      startedAt: ago(6),
      endedAt: null,
      steps: buildSteps(3),
      result: null,
      progress: {
        totalBytes: 260_000_000_000,
        doneBytes: 91_000_000_000,
        storedBytes: 28_000_000_000,
        bytesPerSecond: 94_000_000,
        secondsLeft: 1797,
      },
    }),
    buildSession('session-done'),
    buildSession('session-restored', {
      kind: 'restore',
      title: 'Restore web-01 to new disks',
      createdAt: ago(400),
      startedAt: ago(400),
      endedAt: ago(380),
      result: {
        kind: 'restore',
        vmId: vmId('web-01-restored'),
        disks: [
          {
            index: 0,
            name: 'web-01_OsDisk_1-restored',
            resourceId: `${vmId('web-01_OsDisk_1-restored')}`,
            sizeBytes: 32 * 1024 ** 3,
            writtenBytes: 9_400_000_000,
            verified: true,
          },
          {
            index: 1,
            name: 'web-01-data-0-restored',
            resourceId: `${vmId('web-01-data-0-restored')}`,
            sizeBytes: 128 * 1024 ** 3,
            writtenBytes: 61_400_000_000,
            verified: true,
          },
        ],
        replacedDisks: [],
      },
    }),
    buildSession('session-failed', {
      title: 'Back up sql-prod-01',
      resourceId: vmId('sql-prod-01'),
      resourceName: 'sql-prod-01',
      state: 'failed',
      createdAt: ago(1500),
      startedAt: ago(1500),
      endedAt: ago(1497),
      steps: buildSteps(1, 'failed'),
      result: null,
      error: {
        code: 'permission-denied',
        message: 'The account “Production backup” may not take snapshots in resource group rg-shop.',
        hint: 'Give it a role with Microsoft.Compute/snapshots/write on that group, for example “Disk Snapshot Contributor”.',
        retryable: false,
        details: {
          code: 'AuthorizationFailed',
          action: 'Microsoft.Compute/snapshots/write',
          requestId: '8a2c4a4e-7b67-4a3e-a9f6-2b61a7a0d9b1',
        },
      },
    }),
    buildSession('session-cancelled', {
      title: 'Back up node-7',
      state: 'cancelled',
      result: null,
      createdAt: ago(4000),
      startedAt: ago(4000),
      endedAt: ago(3998),
      steps: buildSteps(2, 'skipped'),
    }),
    buildSession('session-sync', {
      kind: 'sync',
      title: 'Sync all accounts',
      resourceId: null,
      resourceName: null,
      repositoryId: null,
      result: { kind: 'sync', vms: 406, subscriptions: 2 },
      createdAt: ago(12),
      startedAt: ago(12),
      endedAt: ago(11.8),
      steps: [],
    }),
  ];
  return {
    accounts: [
      buildAccount(),
      buildAccount({
        id: 'account-2',
        name: 'Ada (personal)',
        kind: 'user',
        principal: 'ada.lovelace@contoso.example',
        state: 'sign-in-needed',
        subscriptions: [],
      }),
    ],
    vms,
    repositories: [
      buildRepository(),
      buildRepository({
        id: 'repository-2',
        name: 'Former laptop',
        state: 'read-only',
        folder: '',
        container: 'archive',
        encrypted: false,
        region: 'northeurope',
        points: 3,
        resources: 1,
      }),
    ],
    points: [
      buildPoint('point-3'),
      buildPoint('point-2', { takenAt: ago(60 * 25), readBytes: 840_000_000, storedBytes: 240_000_000 }),
      buildPoint('point-1', {
        takenAt: ago(60 * 49),
        mode: 'full',
        readBytes: 74_000_000_000,
        storedBytes: 21_000_000_000,
      }),
      buildPoint('point-0', { takenAt: ago(60 * 24 * 30), state: 'damaged' }),
    ],
    sessions,
    logs: new Map([
      [
        'session-failed',
        buildLog([
          ['info', 'The machine was found with 2 managed disks.'],
          ['error', 'Azure refused to take a snapshot of sql-prod-01_OsDisk_1.'],
        ]),
      ],
    ]),
  };
}
