import { generateKeyPairSync } from 'node:crypto';
import {
  type Connection,
  createNic,
  createPublicIp,
  createServiceSecurityGroup,
  createWorkerVm,
  deleteVirtualMachine,
  ensureWorkerNetwork,
  getVirtualMachineState,
  type OwnKind,
  ownershipTags,
  type ResourceGroupPlace,
  resourceIdOf,
} from '../../azure/index.ts';
import { AppError } from '../../contract/index.ts';
import type { WorkerNames } from './names.ts';
import type { ResourceLedger, WorkerNetwork, WorkerService } from './port.ts';
import { usableSizes } from './worker-sizes.ts';

export interface LaunchRequest {
  readonly connection: Connection;
  readonly installationId: string;
  readonly sessionId: string;
  readonly place: ResourceGroupPlace;
  readonly region: string;
  readonly names: WorkerNames;
  readonly network: WorkerNetwork | null;
  /** Null for a worker that nobody connects to. */
  readonly service: WorkerService | null;
  readonly sizes: readonly string[];
  readonly ledger: ResourceLedger;
  /** Asked only when the machine has to be made. */
  readonly cloudInit: () => Promise<string>;
  readonly log: (level: 'info' | 'warning', text: string, details: Record<string, string>) => void;
}

/** Makes the worker's machine, or finds the one that an earlier try made. */
export async function launchWorker(request: LaunchRequest, signal: AbortSignal): Promise<void> {
  const { connection, names } = request;
  const existing = await getVirtualMachineState(connection, names.vmId, signal);
  if (existing && !/failed/i.test(existing.provisioning)) return;
  if (existing) await deleteVirtualMachine(connection, names.vmId, signal);
  const sizes = await usableSizes({ ...request, ...request.place }, signal);
  // The package may have to be uploaded first: meanwhile the network is made.
  const [cloudInit] = await Promise.all([request.cloudInit(), makeNic(request, signal)]);
  await makeMachine(request, { sizes, cloudInit }, signal);
}

async function makeNic(request: LaunchRequest, signal: AbortSignal): Promise<void> {
  const { connection, names, region } = request;
  const network = request.network ?? (await defaultNetwork(request, signal));
  if (network.publicIp) {
    await intend(request, 'worker-ip', names.publicIpId);
    const ip = { publicIpId: names.publicIpId, region, zone: null, tags: tagsOf(request, 'worker-ip') };
    await createPublicIp(connection, ip, signal);
  }
  const securityGroupId = network.securityGroupId ?? (await makeSecurityGroup(request, signal));
  await intend(request, 'worker-nic', names.nicId);
  await createNic(
    connection,
    {
      nicId: names.nicId,
      region,
      subnetId: network.subnetId,
      securityGroupId,
      publicIpId: network.publicIp ? names.publicIpId : null,
      tags: tagsOf(request, 'worker-nic'),
    },
    signal,
  );
}

/** Opens the port of a worker that serves, for as long as there is this worker. */
async function makeSecurityGroup(request: LaunchRequest, signal: AbortSignal): Promise<string | null> {
  const { connection, names, region, service } = request;
  if (service === null) return null;
  const { securityGroupId } = names;
  await intend(request, 'worker-nsg', securityGroupId);
  const tags = tagsOf(request, 'worker-nsg');
  const { port, sources } = service;
  await createServiceSecurityGroup(connection, { securityGroupId, region, port, sources, tags }, signal);
  return securityGroupId;
}

/**
 * One network per region, kept for later workers. They reach Azure through an address of their own. Workers that serve
 * have another one: the subnet of the first lets nobody in, whatever an interface's own security group says.
 */
async function defaultNetwork(request: LaunchRequest, signal: AbortSignal): Promise<WorkerNetwork> {
  const { connection, place, region, ledger, installationId } = request;
  const name = `${request.service === null ? 'cairn-workers' : 'cairn-serving'}-${region}`;
  const networkId = resourceIdOf('network', place, name);
  const securityGroupId = request.service === null ? resourceIdOf('securityGroup', place, name) : null;
  for (const resourceId of [securityGroupId, networkId].filter((id) => id !== null))
    await ledger.intend({
      resourceId,
      kind: 'worker-network',
      sessionId: null,
      subscriptionId: place.subscriptionId,
    });
  const tags = ownershipTags({ installationId, sessionId: null, kind: 'worker-network' });
  const made = await ensureWorkerNetwork(connection, { networkId, securityGroupId, region, tags }, signal);
  return { subnetId: made.subnetId, securityGroupId: null, publicIp: true };
}

/** Tries the sizes in order while Azure has no capacity or quota for them. */
async function makeMachine(
  request: LaunchRequest,
  machine: { readonly sizes: readonly string[]; readonly cloudInit: string },
  signal: AbortSignal,
): Promise<void> {
  const { connection, names, region } = request;
  const { sizes, cloudInit } = machine;
  await intend(request, 'worker-disk', names.diskId);
  await intend(request, 'worker-vm', names.vmId);
  for (const [position, size] of sizes.entries()) {
    try {
      await createWorkerVm(
        connection,
        {
          vmId: names.vmId,
          region,
          zone: null,
          size,
          nicId: names.nicId,
          osDiskName: names.diskName,
          cloudInit,
          sshPublicKey: throwawayKey(),
          tags: tagsOf(request, 'worker-vm'),
        },
        signal,
      );
      return;
    } catch (thrown) {
      const next = sizes[position + 1];
      if (!lacksCapacity(thrown) || next === undefined) throw thrown;
      request.log('warning', `No worker of size ${size} could be had; trying ${next}.`, {
        ...thrown.details,
      });
      // The interface goes with the machine that failed.
      await deleteVirtualMachine(connection, names.vmId, signal);
      await makeNic(request, signal);
    }
  }
}

function lacksCapacity(thrown: unknown): thrown is AppError {
  return (
    thrown instanceof AppError && (thrown.code === 'capacity-unavailable' || thrown.code === 'quota-exceeded')
  );
}

function tagsOf(request: LaunchRequest, kind: OwnKind): Record<string, string> {
  return ownershipTags({ installationId: request.installationId, sessionId: request.sessionId, kind });
}

function intend(request: LaunchRequest, kind: OwnKind, resourceId: string): Promise<void> {
  const { sessionId, place } = request;
  return request.ledger.intend({ resourceId, kind, sessionId, subscriptionId: place.subscriptionId });
}

/** Azure wants a way to log in. This key's private part is dropped at once: there is none. */
function throwawayKey(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const fields = [Buffer.from('ssh-rsa'), integer(e), integer(n)];
  return `ssh-rsa ${Buffer.concat(fields.flatMap((field) => [length(field), field])).toString('base64')} cairn`;
}

/** RFC 4251 mpint: a zero byte before a set top bit keeps it positive. */
function integer(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

function length(field: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(field.length);
  return bytes;
}
