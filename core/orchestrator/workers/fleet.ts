import { createQueue, type StorageAccountInfo } from '../../azure/index.ts';
import type { ChannelIdentity } from '../../channel/index.ts';
import { AppError, type TaskResult, workerProtocolVersion } from '../../contract/index.ts';
import { workerCloudInit } from './cloud-init.ts';
import { type ConsoleLink, openConsoleLink } from './console-link.ts';
import { launchWorker } from './launch.ts';
import { type WorkerNames, workerNames, workerPlace } from './names.ts';
import {
  defaultWorkerSizes,
  detachReason,
  type WorkerFleet,
  type WorkerFleetDeps,
  type WorkerRequest,
} from './port.ts';
import { removeWorker } from './remove.ts';
import { type Outcome, supervise } from './supervise.ts';
import { fleetTimes } from './times.ts';
import { freshState, type WorkerState, type WorkerStateStore, workerStateStore } from './worker-state.ts';
import {
  ensureWorkerGroup,
  ensureWorkerStorage,
  listWorkerStorage,
  publishPackage,
} from './worker-storage.ts';

const defaultReplacements = 2;
const removalTimeoutMs = 15 * 60_000;

type WorkerPlaceRequest = Pick<
  WorkerRequest,
  'sessionId' | 'purpose' | 'connection' | 'subscriptionId' | 'region'
>;

/** Workers as Azure VMs; see {@link WorkerFleet} for what it promises. */
export function createWorkerFleet(deps: WorkerFleetDeps): WorkerFleet {
  return {
    async run(request, signal) {
      const store = workerStateStore(deps.secrets, request);
      const run: Run = { deps, request, store };
      let state = (await store.load()) ?? freshState(1, null, deps.random);
      for (;;) {
        if (state.result) return finish(run, state, state.result, signal);
        await store.save(state);
        const outcome = await oneWorker(run, state, signal);
        if (outcome.kind === 'result') return finish(run, state, outcome.result, signal);
        state = await replace(run, state, outcome.reason, signal);
      }
    },
    async removeWorkers(request, signal) {
      const store = workerStateStore(deps.secrets, request);
      const state = await store.load();
      if (state) await removeAttempt({ deps, request }, state.attempt, signal);
      await store.clear();
    },
  };
}

interface Run {
  readonly deps: WorkerFleetDeps;
  readonly request: WorkerRequest;
  readonly store: WorkerStateStore;
}

/** Launches the worker of this attempt or finds it, and stays with it. Leaves nothing behind when it throws. */
async function oneWorker(run: Run, state: WorkerState, signal: AbortSignal): Promise<Outcome> {
  const { deps, request } = run;
  try {
    const { names, link } = await prepare(run, state, signal);
    request.onEvent({ type: 'phase', phase: state.publicKey === null ? 'booting' : 'working' });
    return await supervise(
      {
        request,
        connection: request.connection,
        names,
        link,
        store: run.store,
        clock: deps.clock,
        times: fleetTimes(deps.options),
      },
      state,
      signal,
    );
  } catch (thrown) {
    if (signal.aborted && signal.reason === detachReason) throw detached(thrown);
    request.onEvent({ type: 'phase', phase: 'removing' });
    // The state is kept when something could not be removed: `removeWorkers` will need it.
    await removeAttempt(run, state.attempt, AbortSignal.timeout(removalTimeoutMs)).then(
      () => run.store.clear(),
      (failure: unknown) => leftBehind(run, failure),
    );
    if (signal.aborted)
      throw new AppError('cancelled', { message: 'The operation was cancelled.', cause: thrown });
    throw thrown;
  }
}

interface PreparedWorker {
  readonly names: WorkerNames;
  readonly link: ConsoleLink;
}

async function prepare(run: Run, state: WorkerState, signal: AbortSignal): Promise<PreparedWorker> {
  const { deps, request } = run;
  const { connection, sessionId, subscriptionId, region } = request;
  const { installationId, ledger } = deps;
  const place = workerPlace(installationId, subscriptionId);
  const names = namesOf(run, state.attempt);
  request.onEvent({ type: 'phase', phase: 'preparing' });
  const regional = { connection, installationId, place, region, ledger };
  await ensureWorkerGroup(regional, signal);
  const account = await ensureWorkerStorage(regional, signal);
  await Promise.all(
    [names.inbox, names.outbox].map((name) => createQueue(connection, { account, name }, signal)),
  );
  const channel: ChannelIdentity = {
    session: sessionId,
    worker: names.worker,
    token: Buffer.from(state.token, 'base64'),
  };
  const link = openConsoleLink({
    connection,
    account,
    names,
    channel,
    clock: deps.clock,
    random: deps.random,
    onPoison: (reason) => request.onEvent({ type: 'log', level: 'warning', text: reason, details: {} }),
  });
  if (state.publicKey !== null) return { names, link };
  request.onEvent({ type: 'phase', phase: 'launching' });
  await launchWorker(
    {
      ...regional,
      sessionId,
      names,
      network: request.network,
      service: request.service ?? null,
      sizes: request.sizes ?? defaultWorkerSizes,
      cloudInit: () => cloudInitOf({ run, state, account, names, link }, signal),
      log: (level, text, details) => request.onEvent({ type: 'log', level, text, details }),
    },
    signal,
  );
  return { names, link };
}

interface BootRequest {
  readonly run: Run;
  readonly state: WorkerState;
  readonly account: StorageAccountInfo;
  readonly names: WorkerNames;
  readonly link: ConsoleLink;
}

async function cloudInitOf(request: BootRequest, signal: AbortSignal): Promise<string> {
  const { run, state, account, names, link } = request;
  const { deps } = run;
  const { connection, sessionId } = run.request;
  const times = fleetTimes(deps.options);
  const built = await deps.workerPackage();
  const packageUrl = await publishPackage({ connection, account, built }, signal);
  return workerCloudInit({
    boot: {
      v: workerProtocolVersion,
      session: sessionId,
      worker: names.worker,
      token: state.token,
      ...(await link.queueAddresses(signal)),
      heartbeatMs: times.heartbeatMs,
      coreSilenceMs: times.coreSilenceMs,
      pollMs: times.pollMs,
    },
    packageUrl,
    packageSha256: built.sha256,
    unattendedUpgrades: deps.options?.unattendedUpgrades ?? 'install',
  });
}

/** The task is done. Its result stays in the state until `removeWorkers`, for a caller that crashes right now. */
async function finish(
  run: Run,
  state: WorkerState,
  result: TaskResult,
  signal: AbortSignal,
): Promise<TaskResult> {
  run.request.onEvent({ type: 'phase', phase: 'removing' });
  try {
    await removeAttempt(run, state.attempt, signal);
  } catch (thrown) {
    if (signal.aborted) throw signal.reason === detachReason ? detached(thrown) : thrown;
    leftBehind(run, thrown);
  }
  return result;
}

/** The state for the next worker; throws `worker-lost` when there have been enough. */
async function replace(
  run: Run,
  state: WorkerState,
  reason: string,
  signal: AbortSignal,
): Promise<WorkerState> {
  const { deps, request } = run;
  const replacements = deps.options?.replacements ?? defaultReplacements;
  const last = state.attempt > replacements;
  request.onEvent({ type: 'lost', reason });
  const known = (await run.store.load()) ?? state;
  await removeAttempt(run, state.attempt, signal).catch((thrown: unknown) => {
    if (signal.aborted) throw thrown;
    leftBehind(run, thrown);
  });
  if (last) {
    await run.store.clear();
    throw new AppError('worker-lost', {
      message: `The worker was lost: ${reason}`,
      hint: 'Look at the quota, policies and network rules of the worker’s subscription and region, then run it again.',
      retryable: true,
      details: { launches: String(state.attempt) },
    });
  }
  request.onEvent({
    type: 'log',
    level: 'warning',
    text: `The worker was lost and is replaced: ${reason}`,
    details: {},
  });
  return freshState(state.attempt + 1, known.progress, deps.random);
}

async function removeAttempt(
  run: { readonly deps: WorkerFleetDeps; readonly request: WorkerPlaceRequest },
  attempt: number,
  signal: AbortSignal,
): Promise<void> {
  const { connection, subscriptionId, region } = run.request;
  const { installationId, ledger } = run.deps;
  const [account] = await listWorkerStorage({ connection, installationId, subscriptionId, region }, signal);
  const names = namesOf(run, attempt);
  await removeWorker({ connection, names, account: account ?? null, ledger }, signal);
}

function namesOf(
  run: { readonly deps: WorkerFleetDeps; readonly request: WorkerPlaceRequest },
  attempt: number,
): WorkerNames {
  const { installationId } = run.deps;
  const { sessionId, purpose, subscriptionId } = run.request;
  return workerNames(workerPlace(installationId, subscriptionId), {
    installationId,
    sessionId,
    purpose,
    attempt,
  });
}

/** The sweeper will find it by ledger and tag; the operator should know. */
function leftBehind(run: Run, thrown: unknown): void {
  const text = 'The worker could not be removed now; it will be removed later.';
  const details = thrown instanceof AppError ? { ...thrown.details } : {};
  run.request.onEvent({ type: 'log', level: 'warning', text, details });
}

function detached(cause: unknown): AppError {
  return new AppError('cancelled', {
    message: 'The console is closing; the worker goes on with the task.',
    cause,
  });
}
