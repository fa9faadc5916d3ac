import { randomBytes } from 'node:crypto';
import type { FileService } from '../../file-service.ts';
import { type FileServer, type FileServerOptions, openFileServer } from '../file-server.ts';
import { openRemoteFiles } from '../remote-files.ts';
import { createServerCertificate } from '../server-certificate.ts';
import type { TakenOverLink } from '../shared-item.ts';

export interface RunningService {
  readonly server: FileServer;
  readonly client: FileService;
  readonly token: string;
  readonly fingerprint: string;
  readonly certificatePem: string;
  readonly taken: TakenOverLink[];
  close(): Promise<void>;
}

/** A service on this machine with a client of its own. */
export async function runService(
  service: FileService,
  options: Partial<FileServerOptions> = {},
): Promise<RunningService> {
  const token = randomBytes(32).toString('base64url');
  const certificate = createServerCertificate({ now: Date.now(), random: (length) => randomBytes(length) });
  const taken: TakenOverLink[] = [];
  const server = await openFileServer({
    service,
    certificate,
    identity: 'point-1',
    ownerToken: () => token,
    host: '127.0.0.1',
    port: 0,
    clock: () => performance.now(),
    onUse: () => undefined,
    onTaken: (item) => void taken.push(item),
    ...options,
  });
  const { fingerprint, certificatePem } = certificate;
  let closing: Promise<void> | undefined;
  const client = openRemoteFiles({
    address: { host: '127.0.0.1', port: server.port, fingerprint },
    token,
    retryDelayMs: 10,
  });
  return {
    server,
    client,
    token,
    fingerprint,
    certificatePem,
    taken,
    async close() {
      await client.close();
      closing ??= server.close();
      await closing;
    },
  };
}
