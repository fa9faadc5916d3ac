import type { Core, CoreHost } from '../../core/host.ts';
import { lockDataDirectory } from '../host/data-lock.ts';
import type { Installation } from '../host/installation.ts';
import { createNodeHost } from '../host/node-host.ts';
import { attachToRunningServer } from '../host/running-server.ts';
import { findWorkerPackage } from '../host/worker-package.ts';
import type { CliIo } from './cli-io.ts';
import type { GlobalOptions, OpenCore } from './command-context.ts';
import type { RepoCommandDeps } from './repo/repo-options.ts';

export interface CoreSource {
  readonly installation: Installation;
  readonly io: CliIo;
  readonly createCore: (host: CoreHost) => Core | Promise<Core>;
  readonly repo: Omit<RepoCommandDeps, 'io'>;
  /** Where the thread for files is, in a bundle. */
  readonly filesThreadUrl?: URL;
}

/**
 * The core of the server that runs on this data directory, or else one in this process for the length of the command.
 * Throws `conflict` when another command has the directory open.
 */
export async function openCore(
  source: CoreSource,
  options: GlobalOptions,
  signal: AbortSignal,
): Promise<OpenCore> {
  const { dataDirectory } = options;
  const attached = await attachToRunningServer(dataDirectory, signal);
  if (attached !== null) return { kind: 'attached', core: attached, close: () => attached.close() };
  const lock = await lockDataDirectory(dataDirectory, 'a cairn command');
  try {
    const core = await source.createCore(
      await createNodeHost({
        dataDirectory,
        cloud: options.cloud,
        environment: source.io.environment,
        workerPackage: () => findWorkerPackage(source.installation.workerFolder),
        log: (level, text) => {
          if (level !== 'info') source.io.stderr(`${level}: ${text}\n`);
        },
      }),
    );
    const close = async () => {
      await core.close();
      await lock.release();
    };
    return { kind: 'embedded', core, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
