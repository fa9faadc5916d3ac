import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AccountKeys, StorageStart } from './storage-messages.ts';

/** The part of an Azurite server object that is used here; Azurite ships no types for it. */
export interface AzuriteServer {
  readonly httpServer: Server;
  readonly accountDataStore: { getAccount: (name: string) => AzuriteAccount | undefined };
  readonly metadataStore: {
    readonly db: {
      readonly collections: readonly { findAndRemove(filter: { accountName: string }): void }[];
    };
  };
  start(): Promise<void>;
  close(): Promise<void>;
}

interface AzuriteAccount {
  readonly name: string;
  readonly key1: Buffer;
  readonly key2: Buffer;
}

type Constructor<T> = new (...values: readonly unknown[]) => T;
interface DefaultExport<T> {
  readonly default: Constructor<T>;
}

/** Accounts that Azurite accepts, changeable while it runs. */
export class AccountBook {
  #accounts = new Map<string, AzuriteAccount>();

  replace(accounts: readonly AccountKeys[]): void {
    this.#accounts = new Map(
      accounts.map(({ name, keys }) => [
        name,
        { name, key1: Buffer.from(keys[0], 'base64'), key2: Buffer.from(keys[1], 'base64') },
      ]),
    );
  }

  get(name: string): AzuriteAccount | undefined {
    return this.#accounts.get(name);
  }
}

/**
 * Builds Azurite's blob and queue servers inside this process (its own command line cannot change accounts at run time
 * and gives no place for checks before its handlers). OAuth needs https and `basic`; newer service versions than
 * Azurite knows are let through because the SDKs send them.
 */
export function makeAzuriteServers(
  start: StorageStart,
  accounts: AccountBook,
): { blob: AzuriteServer; queue: AzuriteServer } {
  const load = createRequire(import.meta.url);
  const part = <T>(path: string): Constructor<T> =>
    (load(`azurite/dist/src/${path}`) as DefaultExport<T>).default;
  const { MemoryExtentChunkStore } = load('azurite/dist/src/common/persistence/MemoryExtentStore') as {
    MemoryExtentChunkStore: Constructor<object>;
  };
  const chunks = new MemoryExtentChunkStore(start.memoryLimitBytes);
  const make = (service: 'blob' | 'queue'): AzuriteServer => {
    const name = service === 'blob' ? 'Blob' : 'Queue';
    const port = service === 'blob' ? start.blobPort : start.queuePort;
    const Configuration = part<object>(`${service}/${name}Configuration`);
    const configuration = new Configuration(...configurationValues(start, { service, port }), chunks);
    const server = new (part<AzuriteServer>(`${service}/${name}Server`))(configuration);
    server.accountDataStore.getAccount = (account) => accounts.get(account);
    answerBadKeysAsAzure(part<object>(`${service}/errors/StorageErrorFactory`));
    return server;
  };
  return { blob: make('blob'), queue: make('queue') };
}

/**
 * With OAuth on, Azurite takes a wrong account key or signature for a malformed token (400, or a code of its own);
 * Azure answers 403 AuthenticationFailed. Malformed tokens never get here: the gate has refused them.
 */
function answerBadKeysAsAzure(factory: object): void {
  const errors = factory as Record<string, (contextId?: string) => Error>;
  const refuse = errors['getAuthenticationFailed'];
  if (refuse === undefined) return;
  errors['getInvalidAuthenticationInfo'] = refuse;
  errors['getAuthorizationFailure'] = refuse;
}

/** The constructor's positional values, up to the store of in-memory data. */
function configurationValues(start: StorageStart, of: { service: string; port: number }): readonly unknown[] {
  const folder = start.folder ?? '';
  const keepAliveSeconds = 120;
  const extents = { locationId: 'Default', locationPath: join(folder, of.service), maxConcurrency: 10 };
  return [
    '127.0.0.1',
    of.port,
    keepAliveSeconds,
    join(folder, `${of.service}.json`),
    join(folder, `${of.service}-extents.json`),
    [extents],
    ...[false, undefined, false, undefined],
    /* loose */ false,
    /* skipApiVersionCheck */ true,
    start.certificateFile,
    start.keyFile,
    /* password */ '',
    /* oauth */ 'basic',
    /* disableProductStyleUrl: the account is always in the path */ true,
    /* in memory */ start.folder === undefined,
  ];
}
