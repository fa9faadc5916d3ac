import { randomBytes } from 'node:crypto';
import { ComputeManagementClient } from '@azure/arm-compute';
import { ClientSecretCredential } from '@azure/identity';
import type { Lab } from '../../lab/start.ts';
import { connectWithSecret, getStorageAccount, openBlobStore } from '../azure/index.ts';
import { type BlobStore, checkRepository, openRepository } from '../engine/index.ts';
import { labCloud } from './lab-console.ts';

/** Somebody who works on the same subscription with Azure's own tools, beside the console. */
export class LabPortal {
  readonly #lab: Lab;
  readonly #compute: ComputeManagementClient;

  constructor(lab: Lab) {
    this.#lab = lab;
    const { clientId, clientSecret } = lab.operator;
    const credential = new ClientSecretCredential(lab.tenantId, clientId, clientSecret, {
      authorityHost: lab.authorityHost,
      disableInstanceDiscovery: true,
    });
    this.#compute = new ComputeManagementClient(credential, lab.subscriptionIds[0] ?? '', {
      endpoint: lab.armEndpoint,
      credentials: { scopes: ['https://management.azure.com/.default'] },
    });
  }

  async deleteSnapshot(name: string, group = 'rg-shop-prod'): Promise<void> {
    await this.#compute.snapshots.delete(group, name, quickly);
  }

  /** Ends every SAS of a snapshot, as when it has run out. */
  async endSnapshotAccess(name: string, group = 'rg-shop-prod'): Promise<void> {
    await this.#compute.snapshots.revokeAccess(group, name, quickly);
  }

  /** Makes a disk larger, as the portal does while its machine is stopped. */
  async resizeDisk(diskId: string, sizeGib: number): Promise<void> {
    const { store, disks } = this.#lab.admin;
    const disk = store.get(diskId);
    if (!disk) throw new Error(`no disk ${diskId}`);
    const diskSizeBytes = sizeGib * 1024 ** 3;
    await disks.resize(String(disk.properties['uniqueId']), diskSizeBytes, AbortSignal.timeout(10_000));
    store.put({ ...disk, properties: { ...disk.properties, diskSizeGB: sizeGib, diskSizeBytes } });
  }

  async createSnapshot(name: string, diskId: string, tags: Record<string, string>): Promise<void> {
    const snapshot = {
      location: 'westeurope',
      tags,
      incremental: true,
      creationData: { createOption: 'Copy' as const, sourceResourceId: diskId },
    };
    await this.#compute.snapshots.createOrUpdate('rg-shop-prod', name, snapshot, quickly);
  }

  async createDisk(name: string, tags: Record<string, string> = {}, group = 'rg-shop-prod'): Promise<void> {
    const disk = {
      tags,
      location: 'westeurope',
      sku: { name: 'Standard_LRS' as const },
      creationData: { createOption: 'Empty' as const },
      diskSizeGB: 1,
    };
    await this.#compute.disks.createOrUpdate(group, name, disk, quickly);
  }

  async deleteDisk(name: string, group = 'rg-shop-prod'): Promise<void> {
    await this.#compute.disks.delete(group, name, quickly);
  }

  async deleteMachine(name: string, group = 'rg-shop-prod'): Promise<void> {
    await this.#compute.virtualMachines.delete(group, name, quickly);
  }

  async stopMachine(name: string, group: string): Promise<void> {
    await this.#compute.virtualMachines.powerOff(group, name, quickly);
  }

  /** Reads everything in a repository and checks it; answers what is wrong. */
  async damages(folder: string, password: string): Promise<readonly string[]> {
    const repository = await openRepository(await this.blobs('backups', folder), {
      unlock: { kind: 'password', password },
      deps: { clock: () => Date.now(), random: (length) => new Uint8Array(randomBytes(length)) },
      threads: 0,
    });
    const report = await checkRepository(repository, { level: 'deep' });
    await repository.close();
    return report.findings.map(({ object, reason }) => `${object}: ${reason}`);
  }

  /** The container of the lab's backup account, as one sees it with a storage browser. */
  async blobs(container: string, folder: string): Promise<BlobStore> {
    const { tenantId, operator, subscriptionIds } = this.#lab;
    const connection = connectWithSecret(labCloud(this.#lab), {
      tenantId,
      clientId: operator.clientId,
      secret: operator.clientSecret,
    });
    const id = `/subscriptions/${subscriptionIds[0]}/resourceGroups/rg-backup/providers/Microsoft.Storage/storageAccounts/contosobackupweu`;
    const account = await getStorageAccount(connection, id, AbortSignal.timeout(10_000));
    if (!account) throw new Error('the backup account is gone');
    return openBlobStore(connection, { account, container, folder });
  }
}

const quickly = { updateIntervalInMs: 20 };
