import { createHash } from 'node:crypto';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { ComputeManagementClient } from '@azure/arm-compute';
import { NetworkManagementClient } from '@azure/arm-network';
import { StorageManagementClient } from '@azure/arm-storage';
import { ClientSecretCredential } from '@azure/identity';
import {
  AnonymousCredential,
  BlobSASPermissions,
  BlobServiceClient,
  newPipeline,
  PageBlobClient,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from './start.ts';

const fast = { updateIntervalInMs: 1 };

function trust(lab: Lab): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), lab.caPem]);
}

const pageBlob = (url: string): PageBlobClient =>
  new PageBlobClient(url, newPipeline(new AnonymousCredential()));

function clients(lab: Lab) {
  const { clientId, clientSecret } = lab.operator;
  const credential = new ClientSecretCredential(lab.tenantId, clientId, clientSecret, {
    authorityHost: lab.authorityHost,
    disableInstanceDiscovery: true,
  });
  const options = {
    endpoint: lab.armEndpoint,
    credentials: { scopes: ['https://management.azure.com/.default'] },
  };
  const subscription = lab.subscriptionIds[0] ?? '';
  return {
    credential,
    subscription,
    compute: new ComputeManagementClient(credential, subscription, options),
    network: new NetworkManagementClient(credential, subscription, options),
    storage: new StorageManagementClient(credential, subscription, options),
  };
}

async function snapshotOf(lab: Lab, diskName: string, name: string): Promise<string> {
  const { compute } = clients(lab);
  const disk = await compute.disks.get('rg-shop-prod', diskName);
  const body = {
    location: disk.location ?? '',
    incremental: true,
    creationData: { createOption: 'Copy', sourceResourceId: disk.id ?? '' },
  };
  await compute.snapshots.createOrUpdate('rg-shop-prod', name, body, fast);
  const grant = { access: 'Read', durationInSeconds: 3600 } as const;
  return (await compute.snapshots.grantAccess('rg-shop-prod', name, grant, fast)).accessSAS ?? '';
}

function uniqueId(lab: Lab, snapshot: string): string {
  const found = lab.admin.store
    .list({ type: 'Microsoft.Compute/snapshots' })
    .find(({ name }) => name === snapshot);
  return String(found?.properties['uniqueId']);
}

async function osDiskOf(lab: Lab, vm: string): Promise<string> {
  const found = await clients(lab).compute.virtualMachines.get('rg-shop-prod', vm);
  return found.storageProfile?.osDisk?.name ?? '';
}

describe('a lab in this process', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({ estate: 'small' });
    trust(lab);
  });

  afterAll(async () => {
    await lab.close();
    expect(lab.defects).toEqual([]);
    await expect(access(lab.caFile)).rejects.toThrow();
  });

  test('the estate is there: VMs with their disks, networks and an account', async () => {
    const { compute, network, storage } = clients(lab);
    const names: (string | undefined)[] = [];
    for await (const vm of compute.virtualMachines.listAll()) names.push(vm.name);
    expect(names.sort()).toEqual(['db-01', 'web-01']);
    const db = await compute.virtualMachines.get('rg-shop-prod', 'db-01', { expand: 'instanceView' });
    expect(db.storageProfile?.dataDisks).toHaveLength(2);
    expect(db.instanceView?.statuses?.map((each) => each.code)).toContain('PowerState/running');
    const nic = db.networkProfile?.networkInterfaces?.[0]?.id?.split('/').at(-1) ?? '';
    expect(
      (await network.networkInterfaces.get('rg-shop-prod', nic)).ipConfigurations?.[0]?.subnet?.id,
    ).toContain('vnet-shop');
    expect((await storage.storageAccounts.getProperties('rg-backup', 'contosobackupweu')).name).toBe(
      'contosobackupweu',
    );
    expect(lab.admin.leftovers()).toEqual([]);
  });

  test('what the guest changes between two snapshots, and nothing else, is their difference', async () => {
    const { compute } = clients(lab);
    const vm = await compute.virtualMachines.get('rg-shop-prod', 'web-01');
    const disk = vm.storageProfile?.dataDisks?.[0]?.name ?? '';
    const before = await snapshotOf(lab, disk, 'first');
    const activity = await lab.admin.applyActivity('web-01', { amount: 0.02 });
    const after = pageBlob(await snapshotOf(lab, disk, 'second'));
    const { contentLength = 0 } = await after.getProperties();
    const diff = await after.getPageRangesDiffForManagedDisks(0, contentLength, before);
    const changed = (diff.pageRange ?? []).map(({ offset, count = 0 }) => ({ offset, length: count + 1 }));
    expect(activity[1]).toMatchObject({ way: 'files' });
    expect(changed.reduce((total, { length }) => total + length, 0)).toBe(activity[1]?.changedBytes);
    // The first snapshot with the difference laid over it is the second one.
    const bytes = Buffer.alloc(contentLength - 512);
    await lab.admin.disks.readBytes(uniqueId(lab, 'first'), 0, bytes);
    for (const { offset, length } of changed)
      (await after.downloadToBuffer(offset, length)).copy(bytes, offset);
    for (const { offset, count = 0 } of diff.clearRange ?? []) bytes.fill(0, offset, offset + count + 1);
    const now = Buffer.alloc(bytes.byteLength);
    await lab.admin.disks.readBytes(uniqueId(lab, 'second'), 0, now);
    expect(now.equals(bytes)).toBe(true);
    expect(lab.admin.leftovers().map(({ id }) => id.split('/').at(-1))).toEqual(['first', 'second']);
  });

  test('the same activity with the same seed changes the same files', async () => {
    const twin = await startLab({ estate: 'small' });
    try {
      const mine = await lab.admin.applyActivity('db-01', { seed: 'twin' });
      const theirs = await twin.admin.applyActivity('db-01', { seed: 'twin' });
      expect(mine.map(({ files }) => files)).toEqual(theirs.map(({ files }) => files));
    } finally {
      await twin.close();
    }
  });

  test('a VM made through Resource Manager boots, fetches a blob and reports by another', async () => {
    const { compute, network, storage, subscription } = clients(lab);
    const place = { location: 'westeurope' };
    await storage.storageAccounts.create(
      'rg-backup',
      'labworkertest',
      { ...place, kind: 'StorageV2', sku: { name: 'Standard_LRS' } },
      fast,
    );
    const account = await storage.storageAccounts.getProperties('rg-backup', 'labworkertest');
    const { keys } = await storage.storageAccounts.listKeys('rg-backup', 'labworkertest');
    const shared = new StorageSharedKeyCredential('labworkertest', keys?.[0]?.value ?? '');
    const container = new BlobServiceClient(account.primaryEndpoints?.blob ?? '', shared).getContainerClient(
      'jobs',
    );
    await container.create();
    await container.getBlockBlobClient('in').uploadData(Buffer.from('forty-two'));
    const expiresOn = new Date(Date.now() + 600_000);
    const input = await container
      .getBlobClient('in')
      .generateSasUrl({ expiresOn, permissions: BlobSASPermissions.parse('r') });
    const output = await container
      .getBlobClient('out')
      .generateSasUrl({ expiresOn, permissions: BlobSASPermissions.parse('cw') });
    const script = `curl -sSf '${input}' | sha256sum > /tmp/sum; curl -sSf -T /tmp/sum -H 'x-ms-blob-type: BlockBlob' '${output}'; shutdown -h now`;
    const nic = await network.networkInterfaces.createOrUpdate(
      'rg-backup',
      'booter-nic',
      {
        ...place,
        ipConfigurations: [
          {
            name: 'ipconfig1',
            subnet: {
              id: `/subscriptions/${subscription}/resourceGroups/rg-shop-prod/providers/Microsoft.Network/virtualNetworks/vnet-shop/subnets/web`,
            },
          },
        ],
      },
      fast,
    );
    await compute.virtualMachines.createOrUpdate(
      'rg-backup',
      'booter',
      {
        ...place,
        hardwareProfile: { vmSize: 'Standard_F2s_v2' },
        storageProfile: {
          imageReference: { publisher: 'Debian', offer: 'debian-12', sku: '12-gen2', version: 'latest' },
          osDisk: { createOption: 'FromImage', managedDisk: { storageAccountType: 'Standard_LRS' } },
        },
        osProfile: {
          computerName: 'booter',
          adminUsername: 'azureuser',
          customData: Buffer.from(`#cloud-config\nruncmd: [${JSON.stringify(script)}]\n`).toString('base64'),
          linuxConfiguration: {
            disablePasswordAuthentication: true,
            ssh: {
              publicKeys: [
                { path: '/home/azureuser/.ssh/authorized_keys', keyData: `ssh-rsa ${'A'.repeat(372)}` },
              ],
            },
          },
        },
        networkProfile: { networkInterfaces: [{ id: nic.id ?? '' }] },
      },
      fast,
    );
    const out = container.getBlobClient('out');
    for (let i = 0; i < 100 && !(await out.exists()); i += 1) await sleep(50);
    const hash = createHash('sha256').update('forty-two').digest('hex');
    expect((await out.downloadToBuffer()).toString()).toContain(hash);
    for (let i = 0; i < 100 && lab.admin.vms.running().length > 0; i += 1) await sleep(50);
    const view = await compute.virtualMachines.instanceView('rg-backup', 'booter');
    expect(view.statuses?.map(({ code }) => code)).toContain('PowerState/stopped');
  });

  test('a raw image file becomes a VM', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cairn-image-'));
    const image = Buffer.alloc(3 * 1024 * 1024, 0x5a);
    await writeFile(join(folder, 'disk.img'), image);
    const before = lab.admin.leftovers().length;
    const id = await lab.admin.addVmFromImage(join(folder, 'disk.img'), 'from-image');
    expect(lab.admin.leftovers()).toHaveLength(before);
    const vm = await clients(lab).compute.virtualMachines.get('rg-shop-prod', id.split('/').at(-1) ?? '');
    const diskId = vm.storageProfile?.osDisk?.managedDisk?.id ?? '';
    const whole = Buffer.alloc(1024 ** 3);
    image.copy(whole);
    expect(await lab.admin.diskSha256(diskId)).toBe(createHash('sha256').update(whole).digest('hex'));
    const [activity] = await lab.admin.applyActivity('from-image');
    expect(activity).toMatchObject({ way: 'blocks', diskId });
    const now = Buffer.alloc(image.byteLength);
    await lab.admin.disks.readBytes(String(lab.admin.store.get(diskId)?.properties['uniqueId']), 0, now);
    expect(now.equals(image)).toBe(false);
    await rm(folder, { recursive: true });
  });
});

test('a kept lab comes back with its addresses, resources, SAS and blobs', async () => {
  const state = await mkdtemp(join(tmpdir(), 'cairn-state-'));
  try {
    const first = await startLab({ estate: 'small', state });
    trust(first);
    const sas = await snapshotOf(first, await osDiskOf(first, 'web-01'), 'kept');
    const account = first.admin.storage.get('contosobackupweu');
    const key = new StorageSharedKeyCredential(account?.name ?? '', account?.keys[0] ?? '');
    await new BlobServiceClient(account?.blobEndpoint ?? '', key).getContainerClient('vault').create();
    await first.close();

    const second = await startLab({ state });
    try {
      expect(second.armEndpoint).toBe(first.armEndpoint);
      expect((await clients(second).compute.snapshots.get('rg-shop-prod', 'kept')).incremental).toBe(true);
      expect((await pageBlob(sas).getProperties()).contentLength).toBe(2 * 1024 ** 3 + 512);
      const byToken = new BlobServiceClient(account?.blobEndpoint ?? '', clients(second).credential);
      expect(await byToken.getContainerClient('vault').exists()).toBe(true);
      expect(second.admin.leftovers().map(({ id }) => id.split('/').at(-1))).toEqual(['kept']);
    } finally {
      await second.close();
    }
  } finally {
    await rm(state, { recursive: true, force: true });
  }
});
