import { readFile } from 'node:fs/promises';
import type { Core, CoreHost } from '../core/host.ts';
import {
  attachToRunningServer,
  createNodeHost,
  findWorkerPackage,
  lockDataDirectory,
  openHttpDoor,
  type Sealer,
} from '../server/index.ts';
import type { DesktopArguments } from './desktop-arguments.ts';

export interface OpenCoreOptions {
  readonly dataDirectory: string;
  readonly args: DesktopArguments;
  readonly workerFolder: string;
  readonly sealer: Sealer;
  /** Loads core; asked for only when it is embedded, as attaching must not need what core needs. */
  readonly loadCore: () => Promise<(host: CoreHost) => Core | Promise<Core>>;
  readonly log: CoreHost['log'];
}

/** The core behind this window: that of a running server when there is one, else one in this process. */
export async function openCore(options: OpenCoreOptions): Promise<Core> {
  const { args, dataDirectory } = options;
  if (args.attach !== null) {
    const token = (await readFile(args.attach.tokenFile, 'utf8')).trim();
    return openHttpDoor({ address: args.attach.address, token });
  }
  const attached = await attachToRunningServer(dataDirectory);
  if (attached !== null) return attached;
  const lock = await lockDataDirectory(dataDirectory, 'the Cairn desktop');
  try {
    const createCore = await options.loadCore();
    const core = await createCore(
      await createNodeHost({
        dataDirectory,
        cloud: args.cloud,
        environment: process.env,
        workerPackage: () => findWorkerPackage(options.workerFolder),
        log: options.log,
        sealer: options.sealer,
      }),
    );
    const close = async () => {
      await core.close();
      await lock.release();
    };
    return {
      call: core.call,
      dispatch: (name, input, signal) => core.dispatch(name, input, signal),
      subscribe: (listener) => core.subscribe(listener),
      openDownload: core.openDownload,
      close,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
