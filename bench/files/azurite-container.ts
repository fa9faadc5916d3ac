import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  ContainerClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { type BlobStore, folderStore } from '../../core/engine/index.ts';
import { openContainerBySas } from '../../core/index.ts';

/** Azurite's one account, the same everywhere (its documentation, "Default storage account"). */
const account = new StorageSharedKeyCredential(
  'devstoreaccount1',
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
);
const tries = 100;

export interface AzuriteContainer {
  /** With a SAS that may read, list and write. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Azurite with a copy of the repository in a container; what was copied once is kept on the disk. */
export async function azuriteContainer(cache: string, repository: string): Promise<AzuriteContainer> {
  const location = path.join(cache, 'azurite');
  await mkdir(location, { recursive: true });
  const port = await freePort();
  const entry = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  const options = ['--blobPort', String(port), '--location', location, '--silent', '--skipApiVersionCheck'];
  const server = spawn(process.execPath, [entry, ...options], { stdio: 'ignore' });
  const stop = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill();
    await ended;
  };
  try {
    const container = new ContainerClient(`http://127.0.0.1:${port}/${account.accountName}/bench`, account);
    await answers(container);
    const url = `${container.url}?${sasOf(container)}`;
    await copyRepository(folderStore(repository), openContainerBySas(url, 'repository'));
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function answers(container: ContainerClient): Promise<void> {
  for (let count = 1; ; count++) {
    try {
      await container.createIfNotExists({ abortSignal: AbortSignal.timeout(2000) });
      return;
    } catch (error) {
      if (count === tries) throw error;
      await wait(100);
    }
  }
}

function sasOf({ containerName }: ContainerClient): string {
  const permissions = ContainerSASPermissions.parse('rwl');
  const expiresOn = new Date(Date.now() + 24 * 3600 * 1000);
  return generateBlobSASQueryParameters({ containerName, permissions, expiresOn }, account).toString();
}

async function copyRepository(from: BlobStore, to: BlobStore): Promise<void> {
  for await (const { name } of from.list(''))
    if ((await to.head(name)) === undefined) await to.put(name, await from.get(name));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
