import type { VirtualMachine } from '@azure/arm-compute';
import { computeClient } from './clients.ts';
import { type Connection, pollOptions } from './connection.ts';
import { azureCall } from './errors.ts';
import { parseResourceId } from './resource-id.ts';

export interface CreateWorkerVmRequest {
  readonly vmId: string;
  readonly region: string;
  readonly zone: string | null;
  readonly size: string;
  readonly nicId: string;
  readonly osDiskName: string;
  /** cloud-init text; at most 48 KiB. */
  readonly cloudInit: string;
  /** OpenSSH public key. Nobody holds its private part: workers are not logged in to. */
  readonly sshPublicKey: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Canonical's image of Ubuntu 24.04 LTS, generation 2. */
const image = { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' };

/** A small Linux machine that boots this cloud-init text; disk and interface are deleted with it. */
export async function createWorkerVm(
  connection: Connection,
  request: CreateWorkerVmRequest,
  signal: AbortSignal,
): Promise<void> {
  const id = parseResourceId(request.vmId);
  await azureCall(`create worker ${id.name}`, signal, async () => {
    const client = await computeClient(connection, id.subscriptionId);
    await client.virtualMachines.createOrUpdate(
      id.resourceGroup,
      id.name,
      workerModel(request, id.name),
      pollOptions(connection, signal),
    );
  });
}

function workerModel(request: CreateWorkerVmRequest, name: string): VirtualMachine {
  const adminUsername = 'cairn';
  return {
    location: request.region,
    ...(request.zone === null ? {} : { zones: [request.zone] }),
    hardwareProfile: { vmSize: request.size },
    storageProfile: {
      imageReference: image,
      osDisk: {
        name: request.osDiskName,
        createOption: 'FromImage',
        caching: 'ReadWrite',
        managedDisk: { storageAccountType: 'StandardSSD_LRS' },
        deleteOption: 'Delete',
      },
    },
    osProfile: {
      computerName: name.replaceAll(/[^a-zA-Z0-9-]/g, '-').slice(0, 63),
      adminUsername,
      customData: Buffer.from(request.cloudInit).toString('base64'),
      linuxConfiguration: {
        disablePasswordAuthentication: true,
        ssh: {
          publicKeys: [
            { path: `/home/${adminUsername}/.ssh/authorized_keys`, keyData: request.sshPublicKey },
          ],
        },
      },
    },
    networkProfile: {
      networkInterfaces: [{ id: request.nicId, primary: true, deleteOption: 'Delete' }],
    },
    diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    tags: { ...request.tags },
  };
}
