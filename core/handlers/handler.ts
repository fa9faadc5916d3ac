import type { ParsedInput, ProcedureName, ProcedureOutput } from '../contract/index.ts';
import type { Database } from '../db/index.ts';
import type { CoreHost } from '../host.ts';
import type {
  AccountService,
  BackupService,
  DownloadService,
  FileRecoveryService,
  FileRestoreService,
  RepositoryService,
  RestoreService,
  SessionRunner,
} from '../orchestrator/index.ts';

/** What handlers work with. */
export interface HandlerContext {
  readonly host: CoreHost;
  readonly database: Database;
  readonly installationId: string;
  readonly version: string;
  readonly sessions: SessionRunner;
  readonly accounts: AccountService;
  readonly repositories: RepositoryService;
  readonly backups: BackupService;
  readonly restores: RestoreService;
  readonly fileRecoveries: FileRecoveryService;
  readonly fileRestores: FileRestoreService;
  readonly downloads: DownloadService;
  readonly takenItems: Pick<Database['takenItems'], 'list' | 'files'>;
  /** Starts a sync, or answers the one that runs. */
  startSync(): string;
  /** The network interfaces of a machine, in words; read from Azure now, empty when that is not possible. */
  network(
    machine: { readonly accountId: string; readonly resourceId: string },
    signal: AbortSignal,
  ): Promise<ProcedureOutput<'vm.get'>['network']>;
}

/** One procedure. Its input is checked before; whatever it throws becomes an error record. */
export type Handler<N extends ProcedureName> = (
  input: ParsedInput<N>,
  signal: AbortSignal,
) => ProcedureOutput<N> | Promise<ProcedureOutput<N>>;

export type Handlers<N extends ProcedureName = ProcedureName> = { readonly [K in N]: Handler<K> };
