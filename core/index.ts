/**
 * Core: everything that thinks. A shell gives it a {@link CoreHost} and gets one door and one stream of events.
 * This file is the only place where the parts are wired.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ConnectionOptions,
  connectByLogin,
  fixedSas,
  getVirtualMachineConfiguration,
  type Login,
  openBlobStore,
  openBlobStoreBySas,
  openKeyVaultKey,
} from './azure/index.ts';
import { AppError, type CallProcedure, type Session, toAppError } from './contract/index.ts';
import { type Database, openDatabase } from './db/index.ts';
import { defaultStepPauses, newUuid } from './domain/index.ts';
import type { BlobStore, KeyWrap } from './engine/index.ts';
import { createDispatch, createHandlers } from './handlers/index.ts';
import type { CloudEndpoints, Core, CoreHost } from './host.ts';
import {
  type AccountService,
  addRepositoryProgram,
  createAccountService,
  createBackupService,
  createDownloadService,
  createEventHub,
  createFileRecoveryService,
  createFileRestoreService,
  createLiveRecoveries,
  createRepositoryService,
  createRestoreService,
  createSessionRunner,
  createSweeper,
  createWorkerFleet,
  defaultWorkerSizes,
  defineProgram,
  directRoad,
  type FileServiceOptions,
  fileRestoreNeeds,
  fileRestoreProgram,
  type OrchestratorContext,
  recoveryProgram,
  syncProgram,
  type WorkerFleetOptions,
  workerLedger,
  workerRoad,
  workloadEnvironment,
} from './orchestrator/index.ts';
import { azureVm } from './workloads/index.ts';

export type { Login, LoginKind } from './azure/index.ts';
export * from './contract/index.ts';
export type * from './host.ts';

/** Paces that a deployment may set; the defaults suit Azure and one desktop. */
export interface CoreTuning {
  /** Shown by `app.info`. */
  readonly version?: string;
  /** Sessions that run at the same time. Default 4. */
  readonly concurrentSessions?: number;
  /** Milliseconds before each further try of a step that failed for a passing reason. */
  readonly stepPauses?: readonly number[];
  readonly connection?: ConnectionOptions;
  readonly workers?: WorkerFleetOptions;
  /** Sizes a worker may have, in the order they are tried. */
  readonly workerSizes?: readonly string[];
  /** How workers that serve files are reached. */
  readonly fileService?: FileServiceOptions;
  /** Entry of the thread that reads the files of restore points, where core is part of a bundle. */
  readonly filesThread?: URL;
}

/**
 * Opens the data directory, takes up the sessions that an earlier core left unfinished, and sweeps leftovers.
 * Throws an AppError when the database cannot be used (see `openDatabase`).
 */
export function createCore(host: CoreHost, tuning: CoreTuning = {}): Core {
  mkdirSync(host.dataDirectory, { recursive: true, mode: 0o700 });
  const database = openDatabase(join(host.dataDirectory, 'cairn.db'));
  const ended = new AbortController();
  const context = contextOf(host, database, tuning);
  const parts = wire(context, tuning, ended.signal);
  const dispatch = createDispatch(parts.handlers, ended.signal);
  parts.sessions.resume();
  parts.downloads.takeUp();
  const sweeping = parts.sweeper.sweep(ended.signal);
  return {
    call: callThrough(dispatch),
    dispatch,
    subscribe: context.events.subscribe,
    openDownload: parts.downloads.open,
    async close() {
      ended.abort();
      parts.accounts.close();
      await parts.downloads.close();
      await parts.sessions.close();
      await parts.fileRecoveries.shutDown();
      await sweeping;
      await parts.sweeper.idle();
      database.close();
    },
  };
}

/** A repository's place by its container's address with a SAS alone: no account, no database. */
export function openContainerBySas(url: string, folder: string): BlobStore {
  return openBlobStoreBySas({ source: fixedSas(url), folder });
}

/** What a repository needs of Azure, for somebody who has signed in for one command. */
export interface RepositoryLogin {
  /** A folder of a container by the container's address, with the account's own rights on it. */
  openContainer(url: string, folder: string): BlobStore;
  /** A Key Vault key as what opens a repository; see `openKeyVaultKey` for the errors. */
  openKey(keyId: string, signal: AbortSignal): Promise<KeyWrap>;
}

/** Signs in without a console and without keeping anything. */
export async function logIn(
  cloud: CloudEndpoints,
  login: Login,
  signal: AbortSignal,
): Promise<RepositoryLogin> {
  const connection = await connectByLogin(cloud, login, signal);
  return {
    openContainer(url, folder) {
      const blobEndpoint = new URL('.', url).href;
      const container = url.slice(blobEndpoint.length);
      return openBlobStore(connection, { account: { blobEndpoint }, container, folder });
    },
    openKey: (keyId, stop) => openKeyVaultKey(connection, keyId, stop),
  };
}

function contextOf(host: CoreHost, database: Database, tuning: CoreTuning): OrchestratorContext {
  return {
    host,
    database,
    events: createEventHub((error) => host.log('error', `A listener failed: ${String(error)}`)),
    installationId: database.settings.getOrMake('installation-id', () => newUuid(host.random)),
    connectionOptions: tuning.connection ?? {},
  };
}

function wire(context: OrchestratorContext, tuning: CoreTuning, ended: AbortSignal) {
  const { host, database, events, installationId } = context;
  const workerSizes = tuning.workerSizes ?? defaultWorkerSizes;
  const accounts = createAccountService(context, () => startSync());
  const connect = (accountId: string) => accounts.connect(accountId);
  const repositories = createRepositoryService({ context, connect });
  const fleet = createWorkerFleet({
    installationId,
    clock: host.clock,
    random: host.random,
    secrets: host.secrets,
    ledger: workerLedger(database),
    workerPackage: host.workerPackage,
    ...(tuning.workers ? { options: tuning.workers } : {}),
  });
  const environment = workloadEnvironment({ context, accounts, repositories, fleet, workerSizes });
  const sweeper = createSweeper({ context, accounts });
  const direct = directRoad({ context, connect, threadUrl: tuning.filesThread });
  const openers = {
    direct,
    worker: workerRoad({
      context,
      connect,
      repositories,
      fleet,
      workerSizes,
      service: tuning.fileService ?? {},
    }),
  };
  const recoveries = createLiveRecoveries({ context, openers });
  const sessions = createSessionRunner({
    database,
    events,
    clock: host.clock,
    random: host.random,
    programs: [
      defineProgram(azureVm.backupProgram(environment)),
      defineProgram(azureVm.restoreProgram(environment)),
      defineProgram(addRepositoryProgram({ context, connect })),
      defineProgram(syncProgram({ context, accounts, repositories })),
      defineProgram(fileRestoreProgram(fileRestoreNeeds({ context, openers, connect }))),
      defineProgram(recoveryProgram({ recoveries, totals: database.takenItems.totals })),
    ],
    concurrency: tuning.concurrentSessions ?? 4,
    stepPauses: tuning.stepPauses ?? defaultStepPauses,
    onEnded: (session) => afterwards(session),
    onBroken: (error) => host.log('error', `A session could not be stored: ${toAppError(error).message}`),
  });
  const afterwards = (session: Session): void => {
    if (session.kind === 'backup' || session.kind === 'restore') void sweeper.sweep(ended);
    // A restored machine shows up in the list without anybody asking for it.
    if (session.result?.kind === 'restore' && session.result.vmId !== null && !ended.aborted) startSync();
  };
  const startSync = (): string => {
    const exclusiveKey = 'sync';
    const running = database.sessions.holder(exclusiveKey);
    const title = 'Synchronize with Azure';
    if (running) return running.id;
    return sessions.start({ kind: 'sync', title, input: {}, exclusiveKey, busyMessage: '' }).id;
  };
  const fileRecoveries = createFileRecoveryService({
    context,
    sessions,
    recoveries,
    openers,
    async provePoint(point, signal) {
      await repositories.access(point.repositoryId ?? '').readPoint(point.id, signal);
    },
  });
  const downloads = createDownloadService({
    context,
    recoveries: fileRecoveries,
    pauses: tuning.stepPauses ?? defaultStepPauses,
  });
  const handlers = createHandlers({
    host,
    database,
    installationId,
    version: tuning.version ?? '0.1.0',
    sessions,
    accounts,
    repositories,
    backups: createBackupService({ context, repositories, sessions }),
    restores: createRestoreService({ context, environment, sessions, workerSizes, connect }),
    fileRecoveries,
    fileRestores: createFileRestoreService({ context, sessions, connect, use: fileRecoveries.use }),
    downloads,
    takenItems: database.takenItems,
    startSync,
    network: (machine, signal) => interfacesOf(context, accounts, machine, signal),
  });
  return { accounts, sessions, sweeper, handlers, fileRecoveries, downloads };
}

/** A machine's page is shown without its network when Azure cannot be asked now. */
async function interfacesOf(
  { host }: OrchestratorContext,
  accounts: AccountService,
  machine: { readonly accountId: string; readonly resourceId: string },
  signal: AbortSignal,
) {
  try {
    const connection = await accounts.connect(machine.accountId);
    const { interfaces } = await getVirtualMachineConfiguration(connection, machine.resourceId, signal);
    return interfaces.map(({ nic, subnet, privateIp, publicIp, securityGroup }) => ({
      nic,
      subnet,
      privateIp,
      publicIp,
      securityGroup,
    }));
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    host.log('warning', `The network of a machine could not be read: ${toAppError(thrown).message}`);
    return [];
  }
}

function callThrough(dispatch: Core['dispatch']): CallProcedure {
  return async (name, input, signal) => {
    const reply = await dispatch(name, input, signal);
    if (!reply.ok) throw AppError.fromRecord(reply.error);
    return reply.value as never;
  };
}
