import { createHash } from 'node:crypto';
import { type ResourceGroupPlace, resourceIdOf } from '../../azure/index.ts';

/** What a worker is made for; one session may use several, one after another. */
export interface WorkerKey {
  readonly installationId: string;
  readonly sessionId: string;
  readonly purpose: string;
  /** 1 for the first worker of this purpose, then one more for each replacement. */
  readonly attempt: number;
}

/** Names of everything that belongs to one worker. They follow from its key, so a retry after a crash finds them. */
export interface WorkerNames {
  readonly worker: string;
  readonly vmId: string;
  readonly nicId: string;
  readonly publicIpId: string;
  /** Opens the port of a worker that serves; other workers have none. */
  readonly securityGroupId: string;
  readonly diskId: string;
  readonly diskName: string;
  /** Queue from core to the worker. */
  readonly inbox: string;
  /** Queue from the worker to core. */
  readonly outbox: string;
}

export function workerNames(place: ResourceGroupPlace, key: WorkerKey): WorkerNames {
  const worker = `w${shortHash([key.installationId, key.sessionId, key.purpose], 12)}-${key.attempt}`;
  const base = `cairn-${worker}`;
  const diskName = `${base}-os`;
  return {
    worker,
    vmId: resourceIdOf('vm', place, base),
    nicId: resourceIdOf('nic', place, `${base}-nic`),
    publicIpId: resourceIdOf('publicIp', place, `${base}-ip`),
    securityGroupId: resourceIdOf('securityGroup', place, `${base}-nsg`),
    diskId: resourceIdOf('disk', place, diskName),
    diskName,
    inbox: `${base}-in`,
    outbox: `${base}-out`,
  };
}

/** The resource group of a subscription that holds workers and what they share. */
export function workerPlace(installationId: string, subscriptionId: string): ResourceGroupPlace {
  return { subscriptionId, resourceGroup: `cairn-workers-${shortHash([installationId], 8)}` };
}

/** Storage account names are unique in the world: 3 to 24 lower-case letters and digits. */
export function workerStorageName(
  installationId: string,
  place: { readonly subscriptionId: string; readonly region: string },
  variant: number,
): string {
  const parts = [installationId, place.subscriptionId.toLowerCase(), place.region, String(variant)];
  return `cairn${shortHash(parts, 19)}`;
}

/** Lower-case hex. */
function shortHash(parts: readonly string[], length: number): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, length);
}
