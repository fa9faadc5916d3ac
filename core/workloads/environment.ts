import type { AccessGrant, Connection, ContainerAccess } from '../azure/index.ts';
import type { TaskResult, TaskSecrets, WorkerProgress, WorkerTask } from '../contract/index.ts';
import type { RestorePoint } from '../engine/index.ts';

/** What a workload needs from its surroundings. The orchestrator provides it; tests may too. */
export interface WorkloadEnvironment {
  readonly installationId: string;
  connect(accountId: string): Promise<Connection>;
  /** Throws `not-found` when the console does not know the repository any more. */
  repository(repositoryId: string): RepositoryAccess;
  readonly points: PointLedger;
  resources(session: { readonly sessionId: string; readonly accountId: string }): SessionResources;
  /**
   * Runs one task on a worker of its own; the worker is gone when it settles. Asked again for the same purpose it
   * answers the same result, until `removeWorker`.
   */
  runTask(request: TaskRequest, signal: AbortSignal): Promise<TaskResult>;
  /** Forgets the result, and removes what an interrupted `runTask` may have left. The session will not run it again. */
  removeWorker(request: WorkerPlace, signal: AbortSignal): Promise<void>;
}

export interface WorkerPlace {
  readonly sessionId: string;
  /** Same purpose, same worker: it is found again after a crash. */
  readonly purpose: string;
  readonly accountId: string;
  readonly subscriptionId: string;
  readonly region: string;
}

/** A repository as a session uses it. */
export interface RepositoryAccess {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly encrypted: boolean;
  /** `ready`, or why it cannot be written. */
  readonly state: 'ready' | 'read-only' | 'unreachable';
  /** Throws `repository-owned` when another installation has taken it over. */
  proveOwner(signal: AbortSignal): Promise<void>;
  /** Base64; null when not encrypted. Secret. */
  dataKey(): Promise<string | null>;
  grant(access: ContainerAccess, durationSeconds: number, signal: AbortSignal): Promise<AccessGrant>;
  readPoint(pointId: string, signal: AbortSignal): Promise<RestorePoint>;
  listPoints(signal: AbortSignal): Promise<readonly RestorePoint[]>;
}

/** What the console remembers of points and of the snapshots they keep. */
export interface PointLedger {
  /** The newest good point of a resource in a repository. */
  latest(
    resourceId: string,
    repositoryId: string,
  ): { readonly pointId: string; readonly kept: readonly KeptBase[] } | null;
  /**
   * Records a new point. In one transaction its snapshots become kept, and those that the older points of this resource
   * in this repository kept are released to the session, to be removed by it.
   */
  record(request: RecordPoint): void;
}

export interface KeptBase {
  readonly index: number;
  readonly diskId: string;
  readonly diskUniqueId: string;
  readonly sizeBytes: number;
  readonly snapshotId: string;
}

export interface RecordPoint {
  readonly sessionId: string;
  readonly accountId: string;
  readonly repositoryId: string;
  readonly point: RestorePoint;
  readonly region: string;
  readonly mode: 'full' | 'incremental';
  readonly readBytes: number;
  readonly storedBytes: number;
  readonly kept: readonly KeptBase[];
}

/** The Azure resources of one session, written down before they exist. */
export interface SessionResources {
  /** Durable when it returns; only then may the resource be created. */
  intend(resourceId: string, kind: string): void;
  /** It stays after the session. */
  keep(resourceId: string): void;
  /** Removes what was intended and not kept, newest first; tries all before it throws. */
  removeAll(signal: AbortSignal): Promise<void>;
}

export interface TaskRequest extends WorkerPlace {
  readonly task: (resume: WorkerProgress | null) => WorkerTask;
  readonly secrets: (signal: AbortSignal) => Promise<TaskSecrets>;
  readonly onProgress: (progress: WorkerProgress) => void;
  readonly onLog: (
    level: 'info' | 'warning' | 'error',
    text: string,
    details: Readonly<Record<string, string>>,
  ) => void;
}
