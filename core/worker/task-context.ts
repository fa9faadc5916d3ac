import { type DiskData, openBlobStoreBySas, openDiskData, type SasSource } from '../azure/index.ts';
import { AppError, type TaskSecrets, type WorkerProgress } from '../contract/index.ts';
import { type BlobStore, type EngineDeps, openRepository, type Repository } from '../engine/index.ts';
import type { ServiceChannel } from './service-channel.ts';

/** What every task gets from the agent. */
export interface TaskContext {
  readonly secrets: TaskSecretHolder;
  readonly engine: EngineDeps;
  readonly threads: number;
  /** Entry of the engine's threads inside the bundle; undefined when run from source. */
  readonly threadUrl: URL | undefined;
  /** The same for the thread that reads files. */
  readonly filesThreadUrl: URL | undefined;
  readonly report: (progress: WorkerProgress) => void;
  /** Milliseconds that never jump. */
  readonly monotonic: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** For tasks that serve. */
  readonly service: ServiceChannel;
  readonly log: (level: 'info' | 'warning', text: string, details?: Record<string, string>) => void;
  readonly signal: AbortSignal;
}

/** The task's secrets, replaced when core sends fresh ones. */
export interface TaskSecretHolder {
  current(): TaskSecrets;
  /** Asks core and resolves when `current` is fresh; one question for all who ask at the same time. */
  renew(signal: AbortSignal): Promise<void>;
}

/** Where a repository is, and whether a key is needed. */
interface Access {
  readonly folder: string;
  readonly encrypted: boolean;
}

/** The repository by its SAS and data key. Close it after use. */
export async function openTaskRepository(context: TaskContext, access: Access): Promise<Repository> {
  const dataKey = taskDataKey(context, access);
  return openRepository(openTaskStore(context, access), {
    unlock: dataKey === undefined ? { kind: 'none' } : { kind: 'data-key', dataKey },
    deps: context.engine,
    threads: context.threads,
    ...(context.threadUrl ? { threadUrl: context.threadUrl } : {}),
    signal: context.signal,
  });
}

/** The repository's objects. */
export function openTaskStore({ secrets }: TaskContext, { folder }: Pick<Access, 'folder'>): BlobStore {
  const source: SasSource = {
    current: () => {
      const { repositoryUrl } = secrets.current();
      if (repositoryUrl !== null) return repositoryUrl;
      throw new AppError('invalid-input', { message: 'The task came without access to its repository.' });
    },
    renew: (signal) => secrets.renew(signal),
  };
  return openBlobStoreBySas({ source, folder });
}

/** Undefined for a repository without encryption. */
export function taskDataKey({ secrets }: TaskContext, { encrypted }: Pick<Access, 'encrypted'>) {
  if (!encrypted) return undefined;
  const { dataKey } = secrets.current();
  if (dataKey !== null) return Buffer.from(dataKey, 'base64');
  throw new AppError('invalid-input', { message: 'The task came without the key of its repository.' });
}

/** The bytes of one disk of the task, and of the previous point's snapshot where the task compares. */
export function openTaskDisk(context: TaskContext, index: number): DiskData {
  return openDiskData(diskSource(context.secrets, index, 'url'));
}

export function previousSource(context: TaskContext, index: number): SasSource {
  return diskSource(context.secrets, index, 'previousUrl');
}

function diskSource(secrets: TaskSecretHolder, index: number, field: 'url' | 'previousUrl'): SasSource {
  return {
    current() {
      const url = secrets.current().disks.find((disk) => disk.index === index)?.[field];
      if (!url)
        throw new AppError('invalid-input', { message: `The task came without access to disk ${index}.` });
      return url;
    },
    renew: (signal) => secrets.renew(signal),
  };
}
