import { type Connection, revokeSnapshotAccess } from '../../azure/index.ts';
import { openRemoteFiles } from '../../files/index.ts';
import type { ServiceCommand, WorkerFleet, WorkerNetwork } from '../workers/index.ts';
import type { FileRoadOpener, OpenedFiles, RoadRequest } from './road.ts';
import { type ServedPointDeps, servedPoint } from './served-point.ts';
import { type Serving, type ServingRun, startServing } from './serving-run.ts';
import { shareLinks } from './share-links.ts';

export interface WorkerRoadDeps extends ServedPointDeps {
  readonly fleet: WorkerFleet;
  readonly workerSizes: readonly string[];
  readonly service: FileServiceOptions;
}

/** How workers that serve files are reached. */
export interface FileServiceOptions {
  /** TCP port of the file service. Default 8443. */
  readonly port?: number;
  /** Address prefixes from which it may be reached, such as `203.0.113.7/32`. Default: any. */
  readonly sources?: readonly string[];
  /** Where the workers are; default: a network that is made for them, with public addresses. */
  readonly network?: WorkerNetwork;
}

/** One worker of a session: there is no other in its life. */
const purpose = 'files';
const defaultPort = 8443;
/** Core closes a session in time; the worker ends by itself only when core forgot. */
const idleMarginMs = 10 * 60_000;
const longestIdleMs = 24 * 3_600_000;

/** A worker near the data serves the files over HTTPS, to whoever has the session's token. */
export function workerRoad(deps: WorkerRoadDeps): FileRoadOpener {
  const runs = new Map<string, { readonly run: ServingRun; readonly token: string }>();
  return {
    async open(request, signal) {
      const known = runs.get(request.sessionId);
      const { run, token } = known && !known.run.over ? known : await begin(deps, request, signal);
      runs.set(request.sessionId, { run, token });
      run.heardBy(request);
      try {
        const serving = await run.serving(signal);
        return openedRemotely(deps, { request, run, token, serving });
      } catch (thrown) {
        runs.delete(request.sessionId);
        await run.detach();
        throw thrown;
      }
    },
    async remove(request, signal) {
      await runs.get(request.sessionId)?.run.detach();
      runs.delete(request.sessionId);
      await removeWorker(deps, request, signal);
      await endSnapshotAccess(deps, request, signal);
    },
  };
}

async function begin(deps: WorkerRoadDeps, request: RoadRequest, signal: AbortSignal) {
  const { context, fleet, service } = deps;
  const { host } = context;
  const point = servedPoint(deps, request);
  // Says now what is missing, before a machine is made for it.
  await point.access(signal);
  const token = Buffer.from(host.random(32)).toString('base64url');
  const port = service.port ?? defaultPort;
  const run = startServing(
    fleet,
    {
      sessionId: request.sessionId,
      purpose,
      connection: await deps.connect(request.accountId),
      subscriptionId: point.subscriptionId,
      region: point.region,
      sizes: deps.workerSizes,
      network: service.network ?? null,
      service: { port, sources: service.sources ?? [] },
      task: () => ({
        kind: 'file-recovery',
        source: point.source,
        port,
        idleMs: idleOf(deps, request.closesAt()),
      }),
      secrets: async (stop) => ({ ...(await point.access(stop)), serviceToken: token }),
    },
    request,
  );
  return { run, token };
}

function openedRemotely(
  deps: WorkerRoadDeps,
  opened: {
    readonly request: RoadRequest;
    readonly run: ServingRun;
    readonly token: string;
    readonly serving: Serving;
  },
): OpenedFiles {
  const { host } = deps.context;
  const { request, run, token, serving } = opened;
  const { address, port, fingerprint, lost } = serving;
  const links = shareLinks(host, serving);
  /** Resolves when it is on its way to the worker. */
  const say = async (command: ServiceCommand, signal: AbortSignal): Promise<void> => {
    run.commands.push(command);
    while (run.commands.includes(command) && !lost.aborted) await host.clock.sleep(100, signal);
    lost.throwIfAborted();
  };
  const files = openRemoteFiles({ address: { host: address, port, fingerprint }, token });
  return {
    service: files,
    worker: { address: `${address}:${port}`, fingerprint, region: servedPoint(deps, request).region },
    lost,
    shares: links.list,
    async share(wanted, signal) {
      const { share, command } = links.add(wanted);
      await say(command, signal);
      return share;
    },
    unshare: (shareId, signal) => say(links.remove(shareId), signal),
    extended(closesAt) {
      const idleMs = idleOf(deps, closesAt);
      const waiting = run.commands.findIndex(({ type }) => type === 'extend');
      if (waiting > 0) run.commands.splice(waiting, 1);
      run.commands.push({ type: 'extend', idleMs });
    },
    async close() {
      await files.close();
      // A lost worker is being replaced: the next `open` waits for that.
      if (!lost.aborted) await run.detach();
    },
  };
}

function idleOf({ context }: WorkerRoadDeps, closesAt: number): number {
  const left = Math.max(0, closesAt - context.host.clock.now());
  return Math.min(longestIdleMs, left + idleMarginMs);
}

async function removeWorker(deps: WorkerRoadDeps, request: RoadRequest, signal: AbortSignal): Promise<void> {
  const { subscriptionId, region } = servedPoint(deps, request);
  const connection = await deps.connect(request.accountId);
  const { sessionId } = request;
  await deps.fleet.removeWorkers({ sessionId, purpose, connection, subscriptionId, region }, signal);
}

/** Nobody reads the snapshots for this session any more; a backup that does asks for access again. */
async function endSnapshotAccess(
  { context, connect }: WorkerRoadDeps,
  { point, source, accountId }: RoadRequest,
  signal: AbortSignal,
): Promise<void> {
  if (source !== 'snapshot') return;
  const connection: Connection = await connect(accountId);
  for (const { snapshotId } of context.database.points.kept(point.id))
    await revokeSnapshotAccess(connection, snapshotId, signal);
}
