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
  readonly cloud: CloudEndpoints;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** The worker package to upload; asked for when the first worker is needed. */
  readonly workerPackage: () => Promise<WorkerPackage>;
  /** Diagnostics for the shell's own log; never holds a secret. */
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
}

export interface Core {
  /** Typed door for in-process callers; rejects with an AppError. */
  readonly call: CallProcedure;
  /** Untyped door for transports: checks the name and the input, never rejects. */
  dispatch(name: string, input: unknown, signal?: AbortSignal): Promise<Reply>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: CoreEvent) => void): () => void;
  /** Stops taking work, leaves running sessions to be resumed at the next start, closes the database. */
  close(): Promise<void>;
}
