import type { FileRecoveryTask, TaskResult } from '../../contract/index.ts';
import {
  createServerCertificate,
  type FileServer,
  type FileService,
  type FilesThreadSource,
  openFileServer,
  openFilesThread,
  type TakenOverLink,
} from '../../files/index.ts';
import { lastingFiles } from '../lasting-files.ts';
import { snapshotDisks } from '../snapshot-disks.ts';
import { openTaskStore, type TaskContext, taskDataKey } from '../task-context.ts';

/** Between two looks at the time and at the token. */
const lookMs = 500;
/** Unpacked blocks in memory: the smallest worker has 4 GiB. */
const cacheBytes = 768 * 1024 * 1024;
/** What a path is cut to, so that it fits into a queue message. */
const longestPath = 8000;

/**
 * Serves the files until core says that it is enough, or nobody has used them for so long. The certificate's key is made
 * here and goes nowhere; core hears the certificate's fingerprint over the authenticated queue.
 */
export async function runFileRecoveryTask(task: FileRecoveryTask, context: TaskContext): Promise<TaskResult> {
  const service = openService(task, context);
  try {
    // What cannot be opened fails the task now, not the first request.
    await service.volumes(context.signal);
    return await serve(task, context, service);
  } finally {
    await service.close();
  }
}

/** On a thread of its own: the disks are a stranger's, and whatever they do to their readers, the agent stays. */
function openService(task: FileRecoveryTask, context: TaskContext): FileService {
  const { filesThreadUrl: threadUrl } = context;
  const source = sourceOf(task, context);
  return lastingFiles((onLost) =>
    openFilesThread({
      source,
      ...(threadUrl ? { threadUrl } : {}),
      onLost(error) {
        context.log('warning', error.message, { ...error.details });
        onLost();
      },
    }),
  );
}

function sourceOf({ source }: FileRecoveryTask, context: TaskContext): FilesThreadSource {
  if (source.kind === 'snapshots') return { kind: 'disks', disks: snapshotDisks(context, source.disks) };
  const dataKey = taskDataKey(context, source.repository);
  return {
    kind: 'repository',
    store: openTaskStore(context, source.repository),
    pointId: source.point,
    cacheBytes,
    ...(dataKey ? { dataKey } : {}),
  };
}

async function serve(
  task: FileRecoveryTask,
  context: TaskContext,
  service: FileService,
): Promise<TaskResult> {
  const { service: channel, monotonic } = context;
  let usedAt = monotonic();
  const certificate = createServerCertificate({ now: context.engine.clock(), random: context.engine.random });
  const server = await openFileServer({
    service,
    certificate,
    identity: identityOf(task),
    ownerToken: () => context.secrets.current().serviceToken,
    host: channel.listenAddress,
    port: task.port,
    clock: monotonic,
    onUse: () => {
      usedAt = monotonic();
    },
    onTaken: (item) => channel.taken(messageOf(item, context)),
  });
  try {
    const reason = await untilOver(task, context, {
      server,
      usedAt: () => usedAt,
      use: () => {
        usedAt = monotonic();
      },
      announce: () => channel.serving({ port: server.port, fingerprint: certificate.fingerprint }),
    });
    const { requests, sentBytes } = server.statistics();
    return { kind: 'file-recovery', reason, requests, sentBytes };
  } finally {
    await server.close();
  }
}

interface Serving {
  readonly server: FileServer;
  readonly usedAt: () => number;
  readonly use: () => void;
  readonly announce: () => void;
}

/** Does what core says meanwhile. */
async function untilOver(
  task: FileRecoveryTask,
  { service: channel, secrets, signal, monotonic, sleep }: TaskContext,
  { server, usedAt, use, announce }: Serving,
): Promise<'idle' | 'finished'> {
  let [idleMs, extendedBy, finished] = [task.idleMs, 0, false];
  let announced: string | undefined;
  channel.onMessage((seq, message) => {
    if (message.type === 'share') server.shares.addShare(message.share);
    if (message.type === 'unshare') server.shares.endShare(message.share);
    if (message.type === 'finish') finished = true;
    if (message.type === 'extend' && seq > extendedBy) {
      [idleMs, extendedBy] = [message.idleMs, seq];
      use();
    }
  });
  for (;;) {
    signal.throwIfAborted();
    // A core that was restarted brings a new token, and hears the address again once it counts.
    const token = secrets.current().serviceToken;
    if (token !== announced) announce();
    // Nobody in that core knows the links of the one before.
    if (token !== announced && announced !== undefined) server.shares.endShares();
    announced = token;
    if (finished) return 'finished';
    if (server.statistics().atWork > 0) use();
    if (monotonic() - usedAt() > idleMs) return 'idle';
    await sleep(Math.min(lookMs, idleMs), signal);
  }
}

/** The same on every worker that serves the same. */
function identityOf({ source }: FileRecoveryTask): string {
  return source.kind === 'repository'
    ? `point ${source.point}`
    : `snapshots ${source.disks.map(({ name }) => name).join(' ')}`;
}

function messageOf({ shareId, ...item }: TakenOverLink, { engine }: TaskContext) {
  return {
    ...item,
    share: shareId,
    time: new Date(engine.clock()).toISOString(),
    path: item.path.length <= longestPath ? item.path : `${item.path.slice(0, longestPath - 3)}...`,
  };
}
