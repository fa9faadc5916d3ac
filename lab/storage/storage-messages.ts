/** What the lab and its storage process tell each other; plain JSON over the process's IPC channel. */

export interface AccountKeys {
  readonly name: string;
  readonly keys: readonly [string, string];
}

export interface StorageStart {
  readonly kind: 'start';
  /** Folder for data; undefined keeps everything in memory. */
  readonly folder: string | undefined;
  readonly memoryLimitBytes: number;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly blobPort: number;
  readonly queuePort: number;
  readonly accounts: readonly AccountKeys[];
}

/** What is to happen to one request before Azurite sees it. */
export interface GateVerdict {
  readonly delayMs: number;
  readonly drop?: 'before' | 'after' | undefined;
  readonly respond?:
    | {
        readonly status: number;
        readonly code: string;
        readonly message: string;
        readonly headers: Readonly<Record<string, string>>;
      }
    | undefined;
}

export interface GateQuestion {
  readonly kind: 'ask';
  readonly id: number;
  readonly service: 'blob' | 'queue';
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  /** Only `Bearer` ones: keys and signatures are Azurite's to check. */
  readonly bearer: string | undefined;
}

export type ToStorage =
  | StorageStart
  | { readonly kind: 'accounts'; readonly id: number; readonly accounts: readonly AccountKeys[] }
  /** Forget everything in an account that is being deleted. */
  | { readonly kind: 'wipe'; readonly id: number; readonly account: string }
  | { readonly kind: 'verdict'; readonly id: number; readonly verdict: GateVerdict }
  | { readonly kind: 'close' };

export type FromStorage =
  | { readonly kind: 'ready'; readonly blobPort: number; readonly queuePort: number }
  | GateQuestion
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'failed'; readonly message: string };
