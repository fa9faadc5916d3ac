import {
  type Connection,
  deleteDisk,
  deleteNic,
  deletePublicIp,
  deleteQueue,
  deleteSecurityGroup,
  deleteVirtualMachine,
  deleteWorkerBlobs,
  type StorageAccountInfo,
} from '../../azure/index.ts';
import { messageBlob } from './console-link.ts';
import type { WorkerNames } from './names.ts';
import type { ResourceLedger } from './port.ts';

export interface Removal {
  readonly connection: Connection;
  readonly names: WorkerNames;
  /** Null when the region has no worker storage account (any more). */
  readonly account: StorageAccountInfo | null;
  readonly ledger: ResourceLedger;
}

/** Removes everything of one worker, in the order Azure allows; what is gone already is no problem. */
export async function removeWorker(removal: Removal, signal: AbortSignal): Promise<void> {
  const { connection, names, ledger } = removal;
  await deleteVirtualMachine(connection, names.vmId, signal);
  await ledger.forget(names.vmId);
  await Promise.all([
    removeNetwork(removal, signal),
    removeDisk(removal, signal),
    removeMail(removal, signal),
  ]);
}

async function removeNetwork({ connection, names, ledger }: Removal, signal: AbortSignal): Promise<void> {
  await deleteNic(connection, names.nicId, signal);
  await ledger.forget(names.nicId);
  await deletePublicIp(connection, names.publicIpId, signal);
  await ledger.forget(names.publicIpId);
  await deleteSecurityGroup(connection, names.securityGroupId, signal);
  await ledger.forget(names.securityGroupId);
}

async function removeDisk({ connection, names, ledger }: Removal, signal: AbortSignal): Promise<void> {
  await deleteDisk(connection, names.diskId, signal);
  await ledger.forget(names.diskId);
}

async function removeMail({ connection, names, account }: Removal, signal: AbortSignal): Promise<void> {
  if (account === null) return;
  await deleteQueue(connection, { account, name: names.inbox }, signal);
  await deleteQueue(connection, { account, name: names.outbox }, signal);
  await deleteWorkerBlobs(connection, messageBlob(account, names, null), signal);
}
