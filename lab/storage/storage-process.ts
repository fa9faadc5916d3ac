import type { AddressInfo } from 'node:net';
import { AccountBook, type AzuriteServer, makeAzuriteServers } from './azurite-servers.ts';
import { putGateBefore } from './gate.ts';
import type { FromStorage, GateVerdict, StorageStart, ToStorage } from './storage-messages.ts';

/**
 * Entry of the storage process: Azurite's blob and queue services behind the lab's gate. It lives exactly as long as
 * the IPC channel to the lab, so it also ends (and saves) when the lab was killed.
 */
function main(): void {
  const accounts = new AccountBook();
  const waiting = new Map<number, (verdict: GateVerdict) => void>();
  let servers: { blob: AzuriteServer; queue: AzuriteServer } | undefined;
  let nextQuestion = 1;
  let closing = false;

  const tell = (message: FromStorage): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  const leave = async (): Promise<void> => {
    if (closing) return;
    closing = true;
    setTimeout(() => process.exit(1), 5000).unref();
    // A server that never came up cannot be closed, and need not be.
    await servers?.blob.close().catch(() => undefined);
    await servers?.queue.close().catch(() => undefined);
    process.exit(0);
  };

  const start = async (message: StorageStart): Promise<void> => {
    accounts.replace(message.accounts);
    servers = makeAzuriteServers(message, accounts);
    for (const service of ['blob', 'queue'] as const) {
      putGateBefore(servers[service], service, (question) => {
        const id = nextQuestion++;
        tell({ kind: 'ask', id, ...question });
        return new Promise((resolve) => waiting.set(id, resolve));
      });
      await servers[service].start();
    }
    tell({ kind: 'ready', blobPort: portOf(servers.blob), queuePort: portOf(servers.queue) });
  };

  const receive = async (message: ToStorage): Promise<void> => {
    if (message.kind === 'start') return start(message);
    if (message.kind === 'close') return leave();
    if (message.kind === 'verdict') {
      waiting.get(message.id)?.(message.verdict);
      waiting.delete(message.id);
      return;
    }
    if (message.kind === 'accounts') accounts.replace(message.accounts);
    else if (servers !== undefined) wipe(servers, message.account);
    tell({ kind: 'done', id: message.id });
  };

  process.on('message', (message: ToStorage) => {
    receive(message).catch((error: unknown) => {
      tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    });
  });
  process.on('disconnect', () => void leave());
  // A Ctrl-C reaches the whole terminal group; the lab decides when storage ends.
  process.on('SIGINT', () => undefined);
}

function portOf(server: AzuriteServer): number {
  return (server.httpServer.address() as AddressInfo).port;
}

function wipe(servers: { blob: AzuriteServer; queue: AzuriteServer }, account: string): void {
  for (const server of [servers.blob, servers.queue]) {
    for (const collection of server.metadataStore.db.collections) {
      collection.findAndRemove({ accountName: account });
    }
  }
}

main();
