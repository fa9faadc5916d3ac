import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { AccessControl, FaultMatcher, StorageAccountData, StoragePlane } from '../ports.ts';
import type { KeyAndCertificate } from '../tls/index.ts';
import { judge } from './gate-keeper.ts';
import type { AccountKeys, FromStorage, ToStorage } from './storage-messages.ts';

export interface StoragePlaneOptions {
  /** For the server's key and, when durable, for all data. */
  readonly folder: string;
  readonly durable: boolean;
  /** 0 takes any free port. */
  readonly blobPort: number;
  readonly queuePort: number;
  readonly tls: KeyAndCertificate;
  readonly faults: FaultMatcher;
  readonly access: AccessControl;
  readonly randomBytes: (length: number) => Buffer;
  /** The storage process ended by itself, or could not do what it was told. */
  readonly onDefect: (error: unknown) => void;
}

export interface LabStoragePlane extends StoragePlane {
  readonly blobPort: number;
  readonly queuePort: number;
  /** Process id of Azurite's process. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}

const MEMORY_SHARE = 0.5;

/** Starts Azurite's blob and queue services in a process of their own. */
export async function openStoragePlane(options: StoragePlaneOptions): Promise<LabStoragePlane> {
  const accountsFile = join(options.folder, 'accounts.json');
  await mkdir(options.folder, { recursive: true });
  const accounts = new Map<string, AccountKeys>();
  const resourceIds = new Map<string, string>();
  for (const { resourceId, ...account } of options.durable ? await readAccounts(accountsFile) : []) {
    accounts.set(account.name, account);
    if (resourceId !== undefined) resourceIds.set(account.name, resourceId);
  }
  const keep = async (): Promise<void> => {
    if (!options.durable) return;
    const kept = [...accounts.values()].map(
      (each): KeptAccount => ({ ...each, resourceId: resourceIds.get(each.name) }),
    );
    await replaceFile(accountsFile, JSON.stringify(kept));
  };
  // One write after the other: all go through the same temporary file.
  let saving: Promise<void> = Promise.resolve();
  const keepInTurn = (): Promise<void> => {
    const turn = saving.then(keep);
    saving = turn.catch(() => undefined);
    return turn;
  };
  const child = new StorageChild(options, (name) => resourceIds.get(name));
  const ports = await child.start([...accounts.values()]).catch(async (error: unknown) => {
    await child.close();
    throw error;
  });
  const changed = async (): Promise<void> => {
    await keepInTurn();
    await child.tell({ kind: 'accounts', accounts: [...accounts.values()] });
  };
  const dataOf = ({ name, keys }: AccountKeys): StorageAccountData => ({
    name,
    keys,
    blobEndpoint: `https://localhost:${ports.blobPort}/${name}/`,
    queueEndpoint: `https://localhost:${ports.queuePort}/${name}/`,
  });
  const newKey = (): string => options.randomBytes(64).toString('base64');
  return {
    ...ports,
    pid: child.pid,
    async createAccount(name) {
      const account = accounts.get(name) ?? { name, keys: [newKey(), newKey()] as const };
      accounts.set(name, account);
      await changed();
      return dataOf(account);
    },
    bindAccount(name, resourceId) {
      resourceIds.set(name, resourceId);
      void keepInTurn().catch(options.onDefect);
    },
    get(name) {
      const account = accounts.get(name);
      return account === undefined ? undefined : dataOf(account);
    },
    async deleteAccount(name) {
      if (!accounts.delete(name)) return;
      resourceIds.delete(name);
      await changed();
      await child.tell({ kind: 'wipe', account: name });
    },
    async regenerateKey(name, keyName) {
      const before = accounts.get(name);
      if (before === undefined) throw new Error(`there is no storage account ${name}`);
      const [key1, key2] = before.keys;
      const account: AccountKeys = { name, keys: keyName === 'key1' ? [newKey(), key2] : [key1, newKey()] };
      accounts.set(name, account);
      await changed();
      return dataOf(account);
    },
    async close() {
      await saving;
      await child.close();
    },
  };
}

type Order = { kind: 'accounts'; accounts: readonly AccountKeys[] } | { kind: 'wipe'; account: string };

/** The storage process and the conversation with it. */
class StorageChild {
  readonly #options: StoragePlaneOptions;
  readonly #resourceIdOf: (account: string) => string | undefined;
  readonly #process: ChildProcess;
  readonly #orders = new Map<number, () => void>();
  readonly #exited: Promise<void>;
  #nextOrder = 1;
  #closing = false;
  #ready:
    | { resolve(ports: { blobPort: number; queuePort: number }): void; reject(error: Error): void }
    | undefined;

  constructor(options: StoragePlaneOptions, resourceIdOf: (account: string) => string | undefined) {
    this.#options = options;
    this.#resourceIdOf = resourceIdOf;
    this.#process = fork(new URL('./storage-process.ts', import.meta.url), [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--disable-warning=DEP0040', '--disable-warning=DEP0169'],
      env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] },
    });
    this.#exited = new Promise((resolve) => this.#process.once('exit', () => resolve()));
    this.#process.on('message', (message: FromStorage) => this.#receive(message));
    this.#process.once('exit', (code, killedBy) => this.#ended(code, killedBy));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  async start(accounts: readonly AccountKeys[]): Promise<{ blobPort: number; queuePort: number }> {
    const { folder, durable, blobPort, queuePort, tls } = this.#options;
    const certificateFile = join(folder, 'server.pem');
    const keyFile = join(folder, 'server.key');
    await writeFile(certificateFile, tls.certificatePem);
    await writeFile(keyFile, tls.keyPem, { mode: 0o600 });
    const ready = new Promise<{ blobPort: number; queuePort: number }>((resolve, reject) => {
      this.#ready = { resolve, reject };
    });
    this.#send({
      kind: 'start',
      folder: durable ? folder : undefined,
      memoryLimitBytes: Math.floor(totalmem() * MEMORY_SHARE),
      ...{ certificateFile, keyFile, blobPort, queuePort, accounts },
    });
    return ready;
  }

  /** Resolves when the process has done it. */
  tell(order: Order): Promise<void> {
    const id = this.#nextOrder;
    this.#nextOrder += 1;
    return new Promise((resolve) => {
      this.#orders.set(id, resolve);
      this.#send({ ...order, id });
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#send({ kind: 'close' });
    const impatience = setTimeout(() => this.#process.kill('SIGKILL'), 6000);
    await this.#exited;
    clearTimeout(impatience);
  }

  #send(message: ToStorage): void {
    // Its end may overtake a message; that is told by the exit, not here.
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #receive(message: FromStorage): void {
    if (message.kind === 'ready') {
      this.#ready?.resolve({ blobPort: message.blobPort, queuePort: message.queuePort });
      this.#ready = undefined;
    } else if (message.kind === 'done') this.#finish(message.id);
    else if (message.kind === 'failed') this.#fail(new Error(`storage process: ${message.message}`));
    else {
      const verdict = judge({ ...this.#options, resourceIdOf: this.#resourceIdOf }, message);
      this.#send({ kind: 'verdict', id: message.id, verdict });
    }
  }

  #finish(id: number): void {
    this.#orders.get(id)?.();
    this.#orders.delete(id);
  }

  /** Before it is ready, a failure is the caller's to hear; later it is a defect of the lab. */
  #fail(error: Error): void {
    const starting = this.#ready;
    this.#ready = undefined;
    if (starting === undefined) this.#options.onDefect(error);
    else starting.reject(error);
  }

  #ended(code: number | null, killedBy: NodeJS.Signals | null): void {
    for (const id of [...this.#orders.keys()]) this.#finish(id);
    if (!this.#closing) this.#fail(new Error(`the storage process ended by itself (${killedBy ?? code})`));
  }
}

interface KeptAccount extends AccountKeys {
  readonly resourceId: string | undefined;
}

async function readAccounts(file: string): Promise<readonly KeptAccount[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  return JSON.parse(text) as KeptAccount[];
}

async function replaceFile(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
