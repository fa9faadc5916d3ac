import { AppError } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { deleteDisk } from './disks.ts';
import { deleteNic, deletePublicIp } from './network.ts';
import { parseResourceId } from './resource-id.ts';
import { deleteSecurityGroup } from './service-access.ts';
import { deleteSnapshot } from './snapshots.ts';
import { deleteVirtualMachine } from './virtual-machines.ts';

type Deletion = (connection: Connection, resourceId: string, signal: AbortSignal) => Promise<void>;

const deletions: Readonly<Record<string, Deletion>> = {
  'microsoft.compute/virtualmachines': deleteVirtualMachine,
  'microsoft.compute/disks': deleteDisk,
  'microsoft.compute/snapshots': deleteSnapshot,
  'microsoft.network/networkinterfaces': deleteNic,
  'microsoft.network/publicipaddresses': deletePublicIp,
  'microsoft.network/networksecuritygroups': deleteSecurityGroup,
};

/**
 * Deletes one resource that Cairn made, whatever its type; quiet when it is gone. Delete in this order: machines,
 * interfaces, addresses, security groups, disks, snapshots. `not-supported` for types that Cairn never deletes by itself.
 */
export async function deleteOwnResource(
  connection: Connection,
  resourceId: string,
  signal: AbortSignal,
): Promise<void> {
  const { type, name } = parseResourceId(resourceId);
  const remove = deletions[type.toLowerCase()];
  if (!remove)
    throw new AppError('not-supported', { message: `Cairn does not delete ${name}, which is a ${type}.` });
  await remove(connection, resourceId, signal);
}
