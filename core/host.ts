import type { CallProcedure, CoreEvent, Reply } from './contract/index.ts';

/** Where Azure's doors are. The public cloud by default; sovereign clouds and private deployments by a file. */
export interface CloudEndpoints {
  /** Shown to the operator, e.g. `AzureCloud`. */
  readonly name: string;
  /** Sign-in, e.g. `https://login.microsoftonline.com`. */
  readonly authorityHost: string;
  /** Azure Resource Manager, e.g. `https://management.azure.com`. */
  readonly resourceManager: string;
  /** Token audience of Resource Manager, e.g. `https://management.azure.com`. */
  readonly resourceManagerAudience: string;
  /** Token audience of Blob and Queue Storage, e.g. `https://storage.azure.com`. */
  readonly storageAudience: string;
  /** Absent in a cloud without Key Vault. */
  readonly keyVault?: KeyVaultEndpoints | undefined;
}

export interface KeyVaultEndpoints {
  /** Token audience of Key Vault, e.g. `https://vault.azure.net`. */
  readonly audience: string;
  /** What the host names of vaults end with, e.g. `vault.azure.net`; no token goes to any other host. */
  readonly hostSuffix: string;
}

/** The host's secret store (the desktop's keychain, or a sealed file on a server). Values never leave core's process in clear. */
export interface SecretStore {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after that many milliseconds; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Cryptographically strong random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** One worker package: an archive with the runtime and the agent for one architecture. */
export interface WorkerPackage {
  readonly version: string;
  readonly architecture: 'x64' | 'arm64';
  /** Lower-case hex SHA-256 of the archive. */
  readonly sha256: string;
  /** Absolute path of the archive (tar.gz) on this machine. */
  readonly file: string;
}

/** What a shell (desktop, server, command line) gives to core. Adding a shell touches nothing else. */
export interface CoreHost {
  /** Folder that core owns: its database lives here. */
  readonly dataDirectory: string;
  /** Shown to other installations as the owner of a repository, e.g. the computer's name. */
  readonly installationName: string;
  /** Who uses this computer's Cairn, as its operating system knows them; recorded with whatever is taken out. */
  readonly operator: string;
  /** Where this computer's user keeps downloads; null when there is no such folder. */
  readonly downloadsFolder: string | null;
  readonly cloud: CloudEndpoints;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** The worker package to upload; asked for when the first worker is needed. */
  readonly workerPackage: () => Promise<WorkerPackage>;
  /** Diagnostics for the shell's own log; never holds a secret. */
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
}

/** A wanted part of a download: from `start` on, up to and with `end` where given. */
export interface DownloadRange {
  readonly start: number;
  readonly end: number | null;
}

/** A download on its way to whoever asked for it. */
export interface DownloadStream {
  /** A name that every operating system allows. */
  readonly fileName: string;
  readonly mediaType: string;
  /** Of the whole in bytes; null when it is known only at its end (archives). */
  readonly size: number | null;
  /** The part that `bytes` brings; null for the whole. Never given for archives. */
  readonly part: { readonly start: number; readonly end: number } | null;
  /** The same as long as the bytes are the same; null where parts cannot be asked for. */
  readonly version: string | null;
  /** Nothing is read before the first piece is asked for; throws AppError. To be read at most once. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface Core {
  /** Typed door for in-process callers; rejects with an AppError. */
  readonly call: CallProcedure;
  /** Untyped door for transports: checks the name and the input, never rejects. */
  dispatch(name: string, input: unknown, signal?: AbortSignal): Promise<Reply>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: CoreEvent) => void): () => void;
  /**
   * The bytes of a download that was started as a stream. Rejects with an AppError: `not-found`, `conflict` when it has
   * ended or its session is closed, `invalid-input` for a part that is outside of it.
   */
  openDownload(downloadId: string, range: DownloadRange | null, signal: AbortSignal): Promise<DownloadStream>;
  /** Stops taking work, leaves running sessions to be resumed at the next start, closes the database. */
  close(): Promise<void>;
}
