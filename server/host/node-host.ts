import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, CoreHost, RandomBytes, WorkerPackage } from '../../core/host.ts';
import { type Cloud, loadCloud, trustCloud } from './cloud.ts';
import { createKeySealer, loadSecretKey } from './key-sealer.ts';
import { downloadsFolder, operatorName } from './local-user.ts';
import { createSealedSecretStore, type Sealer } from './sealed-secret-store.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, { signal }).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });
  },
};

export const systemRandom: RandomBytes = (length) => new Uint8Array(randomBytes(length));

export interface NodeHostOptions {
  readonly dataDirectory: string;
  /** Name of a cloud, or the path of a cloud file; undefined for the data directory's own or the public cloud. */
  readonly cloud: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workerPackage: () => Promise<WorkerPackage>;
  readonly log: CoreHost['log'];
  /** What seals the secrets; by default a key of this data directory. */
  readonly sealer?: Sealer;
}

/** What every shell of ours on Node gives to core. Makes the process trust the cloud's own roots. */
export async function createNodeHost(options: NodeHostOptions): Promise<CoreHost> {
  const { dataDirectory, workerPackage, log } = options;
  const cloud: Cloud = await loadCloud(options.cloud, dataDirectory);
  trustCloud(cloud);
  const sealer = options.sealer ?? createKeySealer(await loadSecretKey(options, systemRandom), systemRandom);
  return {
    dataDirectory,
    installationName: os.hostname(),
    operator: operatorName(options.environment),
    downloadsFolder: await downloadsFolder(options.environment),
    cloud: cloud.endpoints,
    secrets: createSealedSecretStore(path.join(dataDirectory, 'secrets.json'), sealer),
    clock: systemClock,
    random: systemRandom,
    workerPackage,
    log,
  };
}
