import type { CloudEndpoints, CoreHost, WorkerPackage } from '../host.ts';
import { systemClock } from './clocks.ts';
import { memorySecrets, seededRandom } from './hosts.ts';

/** A cloud where nobody listens: port 1 of this computer. */
export const silentCloud: CloudEndpoints = {
  name: 'Nowhere',
  authorityHost: 'https://localhost:1',
  resourceManager: 'https://localhost:1',
  resourceManagerAudience: 'https://management.azure.com',
  storageAudience: 'https://storage.azure.com',
};

/** A host over one directory; every part can be given. */
export function testHost(given: Partial<CoreHost> & Pick<CoreHost, 'dataDirectory'>): CoreHost {
  return {
    installationName: 'test-computer',
    operator: 'tester',
    downloadsFolder: null,
    cloud: silentCloud,
    secrets: memorySecrets(),
    clock: systemClock,
    random: seededRandom(),
    workerPackage: noPackage,
    log: () => undefined,
    ...given,
  };
}

async function noPackage(): Promise<WorkerPackage> {
  throw new Error('this test starts no worker');
}
