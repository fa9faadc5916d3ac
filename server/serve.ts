import { randomBytes } from 'node:crypto';
import type { Core, CoreHost } from '../core/host.ts';
import { lockDataDirectory } from './host/data-lock.ts';
import { createNodeHost, type NodeHostOptions, systemRandom } from './host/node-host.ts';
import { announceServer, withdrawServer } from './host/running-server.ts';
import { type HttpServer, startHttpServer } from './http/http-server.ts';

export interface ServeOptions extends NodeHostOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Folder of the built console. */
  readonly pages: string;
  readonly createCore: (host: CoreHost) => Core | Promise<Core>;
}

export interface RunningServer {
  readonly core: Core;
  readonly address: string;
  /** An address that signs one browser in, once. */
  newStartAddress(): string;
  /** Leaves running sessions to be resumed at the next start. */
  close(): Promise<void>;
}

/**
 * Core with its data directory locked, the console and the contract served on loopback, and the way in for the
 * command line announced. Throws `conflict` when the data directory or the port is in use.
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const ending: Array<() => Promise<void>> = [];
  const close = async () => {
    for (const end of ending.splice(0).reverse()) await end();
  };
  try {
    const lock = await lockDataDirectory(options.dataDirectory, 'cairn serve');
    ending.push(() => lock.release());
    const core = await options.createCore(await createNodeHost(options));
    ending.push(() => core.close());
    const token = randomBytes(32).toString('base64url');
    const { pages, port } = options;
    const http: HttpServer = await startHttpServer({
      core,
      pages,
      port,
      random: systemRandom,
      bearerToken: token,
    });
    ending.push(() => http.close());
    await announceServer(options.dataDirectory, { address: http.address, token, pid: process.pid });
    ending.push(() => withdrawServer(options.dataDirectory));
    return { core, address: http.address, newStartAddress: http.newStartAddress, close };
  } catch (error) {
    await close();
    throw error;
  }
}
