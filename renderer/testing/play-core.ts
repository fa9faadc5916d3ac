import { AppError, type Overview, type Session, type VirtualMachine } from '../../core/contract/index.ts';
import { type AnsweringCarrier, type Answers, createAnsweringCarrier } from './answering-carrier.ts';
import { ago, buildLog, buildSession, buildSteps, buildStorageAccount } from './built-data.ts';
import { downloadAnswers } from './play-downloads.ts';
import { fileRecoveryAnswers } from './play-file-recovery.ts';
import { restoreAnswers } from './play-restore.ts';
import { emptyState, fullState, type PlayState as State } from './play-state.ts';

export type Estate = 'full' | 'empty' | 'broken';

/** A stand-in for core with an estate to look at; sessions it starts run by themselves. */
export function createPlayCore(estate: Estate): AnsweringCarrier {
  const state = estate === 'full' ? fullState() : emptyState();
  let carrier: AnsweringCarrier | undefined;
  const run = (session: Session) => {
    state.sessions.unshift(session);
    if (carrier !== undefined) play(carrier, state, session.id);
    return { sessionId: session.id };
  };
  carrier = createAnsweringCarrier(estate === 'broken' ? {} : answersOf(state, run, () => carrier), 250);
  for (const { id, state: now } of state.sessions) if (now === 'running') play(carrier, state, id);
  return carrier;
}

function answersOf(
  state: State,
  run: (session: Session) => { sessionId: string },
  carrier: () => AnsweringCarrier | undefined,
): Answers {
  const find = <T>(found: T | undefined): T => {
    if (found === undefined)
      throw new AppError('not-found', { message: 'It is no longer there.', hint: 'Go back to the list.' });
    return found;
  };
  const session = (changes: Partial<Session>) =>
    buildSession(`session-${Date.now()}`, {
      state: 'running',
      createdAt: ago(0),
      startedAt: ago(0),
      endedAt: null,
      steps: buildSteps(3),
      result: null,
      progress: {
        totalBytes: 34_000_000_000,
        doneBytes: 0,
        storedBytes: 0,
        bytesPerSecond: 0,
        secondsLeft: null,
      },
      ...changes,
    });
  return {
    'app.info': () => ({
      version: '0.1.0',
      installationId: 'c1f3a9d2',
      cloud: 'AzureCloud',
      downloadsFolder: '/home/anna/Downloads',
    }),
    'overview.get': () => overviewOf(state),
    'account.list': () => state.accounts,
    'account.sync': () =>
      run(
        session({
          kind: 'sync',
          title: 'Sync all accounts',
          resourceId: null,
          resourceName: null,
          repositoryId: null,
        }),
      ),
    'account.remove': ({ accountId }) => {
      state.accounts = state.accounts.filter(({ id }) => id !== accountId);
      return {};
    },
    'account.startDeviceCode': () => ({
      flowId: 'flow-1',
      userCode: 'H7QK-2MVD',
      verificationUrl: 'https://microsoft.com/devicelogin',
      expiresAt: ago(-15),
    }),
    'account.deviceCodeState': () => ({ state: 'waiting' }),
    'account.cancelDeviceCode': () => ({}),
    'account.addServicePrincipal': () => {
      throw new AppError('sign-in-failed', {
        message: 'Azure refused the client secret of this application.',
        hint: 'Create a new secret in Entra ID under “Certificates & secrets”, and paste its value, not its id.',
        details: { code: 'AADSTS7000215', correlationId: 'f7ab2f5e-8b6c-4b1f-9a57-0a3c3c4a2b11' },
      });
    },
    'vm.list': () => ({ vms: state.vms, syncedAt: state.vms.length === 0 ? null : ago(12) }),
    'vm.get': ({ resourceId }) => ({
      vm: find(state.vms.find((vm) => vm.resourceId === resourceId)),
      points: state.points.filter((point) => point.resourceId === resourceId),
      network: [
        {
          nic: 'web-01-nic',
          subnet: 'vnet-shop/frontend',
          privateIp: '10.20.1.4',
          publicIp: '20.76.14.201',
          securityGroup: 'nsg-shop-frontend',
        },
      ],
    }),
    'repository.list': () => state.repositories,
    'repository.get': ({ repositoryId }) => find(state.repositories.find(({ id }) => id === repositoryId)),
    'repository.storageAccounts': () => [
      buildStorageAccount('contosobackupweu'),
      buildStorageAccount('contosobackupneu', { region: 'northeurope' }),
      buildStorageAccount('contosopremium', {
        kind: 'BlockBlobStorage',
        sku: 'Premium_LRS',
        refusal: 'Premium block blobs are not supported.',
      }),
    ],
    'repository.containers': () => [{ name: 'cairn' }, { name: 'archive' }, { name: 'exports' }],
    'repository.inspectFolder': ({ container, folder }) => {
      if (container === 'exports')
        return { state: 'other-data', sample: ['2026/11/report.csv', '2026/11/report.parquet'] };
      if (folder === 'theirs') {
        return {
          state: 'repository',
          repositoryId: 'r-9',
          encrypted: true,
          ours: false,
          owner: { installationId: 'x', name: 'ops-laptop-17', since: ago(90_000) },
        };
      }
      return ['cairn', 'archive'].includes(container) ? { state: 'empty' } : { state: 'no-container' };
    },
    'repository.add': () =>
      run(
        session({
          kind: 'repository',
          title: 'Add repository Backups',
          resourceId: null,
          resourceName: null,
        }),
      ),
    'repository.remove': () => ({}),
    'point.list': ({ repositoryId, resourceId }) =>
      state.points.filter(
        (point) =>
          (repositoryId === undefined || point.repositoryId === repositoryId) &&
          (resourceId === undefined || point.resourceId === resourceId),
      ),
    'point.get': ({ pointId }) => find(state.points.find(({ id }) => id === pointId)),
    'backup.start': ({ resourceId }) => {
      const vm = find(state.vms.find((one) => one.resourceId === resourceId));
      const started = session({ title: `Back up ${vm.name}`, resourceId, resourceName: vm.name });
      state.vms = state.vms.map((one) =>
        one === vm ? { ...vm, protection: { ...vm.protection, runningSessionId: started.id } } : one,
      );
      return run(started);
    },
    ...restoreAnswers(() => run(session({ kind: 'restore', title: 'Restore web-01 to new disks' }))),
    ...fileRecoveryAnswers({ points: () => state.points, carrier }),
    ...downloadAnswers(carrier),
    'session.list': ({ kind, resourceId, limit }) =>
      state.sessions
        .filter(
          (one) =>
            (kind === undefined || one.kind === kind) &&
            (resourceId === undefined || one.resourceId === resourceId),
        )
        .slice(0, limit),
    'session.get': ({ sessionId }) => find(state.sessions.find(({ id }) => id === sessionId)),
    'session.log': ({ sessionId, after }) =>
      (state.logs.get(sessionId) ?? runningLog).filter(({ seq }) => seq > after),
    'session.cancel': ({ sessionId }) => {
      state.sessions = state.sessions.map((one) =>
        one.id === sessionId ? { ...one, state: 'cancelling' } : one,
      );
      return {};
    },
  };
}

const runningLog = buildLog([
  ['info', 'The account can read the machine, make snapshots and write to the repository.'],
  ['info', 'Took incremental snapshots of 2 disks at 08:14:03 UTC.'],
  [
    'warning',
    'Standard_F2s_v2 cannot be had in westeurope now; the next size of the worker profile is tried.',
  ],
  ['info', 'Worker started: Standard_D2s_v5, Debian 12, worker package 0.1.0 checked.'],
  ['info', 'The former snapshots are there: only changed ranges are read (1.31 GiB in 412 ranges).'],
]);

function overviewOf({ vms, accounts, repositories, points, sessions }: State): Overview {
  const count = (wanted: VirtualMachine['protection']['state']) =>
    vms.filter(({ protection }) => protection.state === wanted).length;
  const isRunning = ({ endedAt }: Session) => endedAt === null;
  return {
    vms: {
      total: vms.length,
      protected: count('protected'),
      unprotected: count('unprotected'),
      notSupported: count('not-supported'),
    },
    accounts: accounts.length,
    repositories: repositories.length,
    points: points.length,
    protectedBytes: points.reduce((sum, { diskBytes }) => sum + diskBytes, 0),
    storedBytes: repositories.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    runningSessions: sessions.filter(isRunning),
    recentSessions: sessions.filter((session) => !isRunning(session)).slice(0, 10),
    syncedAt: vms.length === 0 ? null : ago(12),
  };
}

/** Moves a session to its end, with progress as core pushes it. */
function play(carrier: AnsweringCarrier, state: State, sessionId: string): void {
  const timer = setInterval(() => {
    const session = state.sessions.find(({ id }) => id === sessionId);
    if (session?.progress == null) return clearInterval(timer);
    const { totalBytes } = session.progress;
    const doneBytes = Math.min(totalBytes, session.progress.doneBytes + totalBytes / 60);
    const progress = {
      totalBytes,
      doneBytes: Math.floor(doneBytes),
      storedBytes: Math.floor(doneBytes * 0.31),
      bytesPerSecond: 94_000_000,
      secondsLeft: (totalBytes - doneBytes) / 94_000_000,
    };
    const over = doneBytes >= totalBytes;
    const next: Session = over
      ? {
          ...session,
          state: 'succeeded',
          progress: null,
          endedAt: ago(0),
          steps: buildSteps(6),
          result: { kind: 'backup', pointId: 'point-3' },
        }
      : { ...session, progress };
    state.sessions = state.sessions.map((one) => (one.id === sessionId ? next : one));
    if (!over)
      return carrier.push({
        type: 'session.progress',
        sessionId,
        state: 'running',
        steps: next.steps,
        progress,
      });
    clearInterval(timer);
    state.vms = state.vms.map((vm) => ({ ...vm, protection: { ...vm.protection, runningSessionId: null } }));
    carrier.push({ type: 'changed', topic: 'session', id: sessionId });
  }, 500);
}
