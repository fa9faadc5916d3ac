import type { Connection } from '../../azure/index.ts';
import type {
  CoreMessage,
  SharedItemMessage,
  TaskResult,
  TaskSecrets,
  WorkerProgress,
  WorkerTask,
} from '../../contract/index.ts';
import type { Clock, RandomBytes, SecretStore, WorkerPackage } from '../../host.ts';

/** What kind of Azure resource a ledger entry is about; the value of its `cairn-kind` tag. */
export interface LedgerEntry {
  /** Id of the resource, known before it exists. */
  readonly resourceId: string;
  readonly kind: string;
  /** Null for what outlives sessions (worker storage account, default network, their resource group). */
  readonly sessionId: string | null;
  readonly subscriptionId: string;
}

/**
 * Core's memory of what it made in Azure. `intend` is durable before it resolves; only then is the resource created.
 * Both calls are idempotent.
 */
export interface ResourceLedger {
  intend(entry: LedgerEntry): Promise<void>;
  /** The resource is known to be gone. */
  forget(resourceId: string): Promise<void>;
}

/** The network workers of a region get. Null subnet: a default network is created, one per region. */
export interface WorkerNetwork {
  readonly subnetId: string;
  readonly securityGroupId: string | null;
  /** True where the subnet has no other way out to Azure (no NAT gateway, no service endpoints). */
  readonly publicIp: boolean;
}

export interface WorkerRequest {
  readonly sessionId: string;
  /**
   * One session may use several workers one after another (restore, verify); each `run` with the same
   * `purpose` is the same worker, found again after a crash.
   */
  readonly purpose: string;
  readonly connection: Connection;
  readonly subscriptionId: string;
  readonly region: string;
  /** Sizes in the order to try. Default {@link defaultWorkerSizes}. */
  readonly sizes?: readonly string[];
  /** Null: the default network of the region. */
  readonly network: WorkerNetwork | null;
  /** What to do; asked again for a replacement worker, with the last progress (`resume` offsets of a restore). */
  readonly task: (resume: WorkerProgress | null) => WorkerTask;
  /** Fresh secrets (SAS, data key); asked at the start, on every renewal, and for a replacement worker. */
  readonly secrets: (signal: AbortSignal) => Promise<TaskSecrets>;
  /** For a task that serves: who may connect, and what is said to it meanwhile. */
  readonly service?: WorkerService;
  readonly onEvent: (event: WorkerEvent) => void;
}

/** The inward side of a worker that serves. Its port is open only as long as the worker exists. */
export interface WorkerService {
  readonly port: number;
  /** Address prefixes that may connect; empty for anyone. Not for a network with a security group of the customer's. */
  readonly sources: readonly string[];
  /** Sent one after the other once the worker serves; each is taken out when it was sent. */
  readonly commands: ServiceCommand[];
}

type CommandMessage = Extract<CoreMessage, { type: 'extend' | 'share' | 'unshare' }>;
export type ServiceCommand = {
  readonly [Type in CommandMessage['type']]: Omit<Extract<CommandMessage, { type: Type }>, 'task'>;
}[CommandMessage['type']];

/** What the session shows while a worker works. Progress comes a few times a second at most. */
export type WorkerEvent =
  | { readonly type: 'phase'; readonly phase: 'preparing' | 'launching' | 'booting' | 'working' | 'removing' }
  | { readonly type: 'progress'; readonly progress: WorkerProgress }
  /** It can be connected to now, with the secrets that were given last. Comes again after a restart of core. */
  | {
      readonly type: 'serving';
      readonly address: string;
      readonly port: number;
      readonly fingerprint: string;
    }
  | { readonly type: 'taken'; readonly item: SharedItemMessage }
  /** It is gone; another one takes its place. */
  | { readonly type: 'lost'; readonly reason: string }
  | {
      readonly type: 'log';
      readonly level: 'info' | 'warning' | 'error';
      readonly text: string;
      readonly details: Readonly<Record<string, string>>;
    };

export interface WorkerFleet {
  /**
   * Runs one task on a worker of its own and removes the worker afterwards, whatever happened. Called again after a
   * crash of core with the same session and purpose, it takes up the living worker or launches anew. Rejects with the
   * worker's own error, `worker-lost`, `quota-exceeded`, `capacity-unavailable`, `cancelled`, or Azure's.
   * Aborting `signal` with a reason of {@link detachReason} leaves the worker running (core is closing).
   */
  run(request: WorkerRequest, signal: AbortSignal): Promise<TaskResult>;
  /** Removes whatever worker resources of this session exist, for a session that will not run again. */
  removeWorkers(
    request: Pick<WorkerRequest, 'sessionId' | 'purpose' | 'connection' | 'subscriptionId' | 'region'>,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Abort reason that says: core is going away, the session is not over. */
export const detachReason = Symbol('core is closing; the worker goes on');

export interface WorkerFleetDeps {
  readonly installationId: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly secrets: SecretStore;
  readonly ledger: ResourceLedger;
  readonly workerPackage: () => Promise<WorkerPackage>;
  readonly options?: WorkerFleetOptions;
}

export interface WorkerFleetOptions {
  /** Worker's sign of life. Default 10 s. */
  readonly heartbeatMs?: number;
  /** A worker silent for so long is replaced. Default 3 min. */
  readonly workerSilenceMs?: number;
  /** From creation of the VM to its hello. Default 12 min. */
  readonly bootTimeoutMs?: number;
  /** A worker that hears nothing from core for so long shuts itself down. Default 30 min. */
  readonly coreSilenceMs?: number;
  /** Between two looks into a queue. Default 1 s. */
  readonly pollMs?: number;
  /** Workers launched after the first for one task. Default 2. */
  readonly replacements?: number;
  /** `install` keeps the worker patched while it runs; `off` leaves the image as it is. Default `install`. */
  readonly unattendedUpgrades?: 'install' | 'off';
}

/** Default sizes: the field's row for backups, then near equals. */
export const defaultWorkerSizes = [
  'Standard_F2s_v2',
  'Standard_D2s_v5',
  'Standard_D2as_v5',
  'Standard_B2s',
] as const;
