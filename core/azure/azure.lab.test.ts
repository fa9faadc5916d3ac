import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  connectWithSecret,
  createContainer,
  createIncrementalSnapshot,
  createNic,
  createPublicIp,
  createUploadDisk,
  createVirtualMachine,
  deallocateVirtualMachine,
  deleteOwnResource,
  deleteSnapshot,
  fixedSas,
  getDisk,
  getSnapshot,
  getVirtualMachineConfiguration,
  getVirtualMachineState,
  grantDiskRead,
  grantDiskWrite,
  grantSnapshotAccess,
  listNetworks,
  listOwnResources,
  listRegions,
  listResourceGroups,
  listSizes,
  listStorageAccounts,
  listSubscriptions,
  listVirtualMachines,
  openBlobStore,
  openDiskData,
  ownershipTags,
  resourceIdOf,
  revokeDiskAccess,
  revokeSnapshotAccess,
  type StorageAccountInfo,
  startVirtualMachine,
  swapDisks,
} from './index.ts';
import { openSmallLab, type SmallLab, smallEstateNames } from './testing/small-lab.ts';

const { subscriptionId, groupName, location, tenantId } = smallEstateNames;
const place = { subscriptionId, resourceGroup: groupName };
const signal = new AbortController().signal;
const mib = 1024 ** 2;
const admin = { tenantId, clientId: 'bbbbbbbb-0000-4000-8000-000000000001', secret: 'admin-secret' };

/** Between two tries of what can be tried again. */
const soon = { retryDelayMs: 5 };

let lab: SmallLab;

beforeAll(async () => {
  lab = await openSmallLab();
});
afterAll(async () => {
  await lab.close();
  expect(lab.defects).toEqual([]);
});

async function repositoryAccount(): Promise<StorageAccountInfo> {
  const [account] = await listStorageAccounts(lab.connection(), subscriptionId, signal);
  if (!account) throw new Error('the estate has a storage account');
  return account;
}

describe('inventory', () => {
  test('lists subscriptions, regions, groups, networks and sizes', async () => {
    const connection = lab.connection();
    expect(await listSubscriptions(connection, signal)).toMatchObject([{ id: subscriptionId }]);
    expect(await listRegions(connection, subscriptionId, signal)).toContainEqual({
      name: location,
      displayName: 'West Europe',
    });
    expect(await listResourceGroups(connection, subscriptionId, signal)).toContainEqual(
      expect.objectContaining({ name: groupName, tags: { stage: 'live' } }),
    );
    const networks = await listNetworks(connection, { subscriptionId, region: location }, signal);
    expect(networks.subnets).toMatchObject([{ name: 'default', network: 'net', prefix: '10.0.0.0/24' }]);
    const sizes = await listSizes(connection, { subscriptionId, region: location }, signal);
    expect(sizes.find(({ name }) => name === 'Standard_F2s_v2')).toMatchObject({ cores: 2, refusal: null });
    expect(sizes.find(({ name }) => name === 'Standard_F4s_v2')).toMatchObject({ refusalKind: 'restricted' });
    expect(sizes.find(({ name }) => name === 'Standard_F8s_v2')).toMatchObject({ refusalKind: 'quota' });
  });

  test('lists machines with their disks, and keeps a whole configuration', async () => {
    const connection = lab.connection();
    const [vm] = await listVirtualMachines(connection, subscriptionId, signal);
    expect(vm).toMatchObject({
      name: 'web',
      region: location,
      size: 'Standard_D2s_v5',
      os: 'linux',
      disks: [{ name: 'web-os', os: true, lun: null, sizeBytes: 4 * 1024 * mib, sku: 'Premium_LRS' }],
      tags: { role: 'web' },
    });
    const saved = await getVirtualMachineConfiguration(connection, vm?.resourceId ?? '', signal);
    expect(saved.interfaces).toMatchObject([{ nic: 'web-nic', subnet: 'default', privateIp: '10.0.0.4' }]);
    expect(saved.vm).toMatchObject({ identity: { type: 'SystemAssigned' } });
    expect(saved.networks).toHaveLength(1);
    expect(JSON.parse(JSON.stringify(saved))).toEqual(saved);
  });

  test('what is not there is not found; what is not allowed names the missing action', async () => {
    const missing = resourceIdOf('vm', place, 'nobody');
    await expect(getVirtualMachineConfiguration(lab.connection(), missing, signal)).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await getVirtualMachineState(lab.connection(), missing, signal)).toBeNull();
    const snapshotId = resourceIdOf('snapshot', place, 'refused');
    const diskId = resourceIdOf('disk', place, 'web-os');
    const request = { snapshotId, diskId, region: location, tags: {} };
    await expect(createIncrementalSnapshot(lab.connection('reader'), request, signal)).rejects.toMatchObject({
      code: 'permission-denied',
      message: expect.stringContaining('may not snapshot web-os'),
      details: { missingAction: 'Microsoft.Compute/snapshots/write' },
    });
  });
});

describe('throttling and faults', () => {
  test('a 429 without a time is waited out; a lasting one is reported', async () => {
    const respond = { status: 429, code: 'TooManyRequests', message: 'slow down' };
    const path = '*/resourcegroups';
    const passing = lab.control.faults.add({ service: 'arm', path, times: 3, respond });
    expect(await listResourceGroups(lab.connection(), subscriptionId, signal)).not.toHaveLength(0);
    lab.control.faults.remove(passing.id);
    const lasting = lab.control.faults.add({ service: 'arm', path, respond });
    const tired = connectWithSecret(lab.cloud, admin, { maxRetries: 1, retryDelayMs: 1 });
    await expect(listResourceGroups(tired, subscriptionId, signal)).rejects.toMatchObject({
      code: 'throttled',
      retryable: true,
      details: { azureCode: 'TooManyRequests' },
    });
    lab.control.faults.remove(lasting.id);
  });

  test('an operation that fails later keeps what Azure said', async () => {
    const failOperation = { code: 'DiskQuotaExceeded', message: 'No more disks.' };
    const fault = lab.control.faults.add({
      service: 'arm',
      method: 'PUT',
      path: '*/disks/*',
      times: 1,
      failOperation,
    });
    const request = {
      diskId: resourceIdOf('disk', place, 'late'),
      region: location,
      zone: null,
      sizeBytes: 64 * mib,
      sku: 'Standard_LRS',
      os: null,
      tags: {},
    };
    await expect(createUploadDisk(lab.connection(), request, signal)).rejects.toMatchObject({
      code: 'quota-exceeded',
      message: expect.stringContaining('No more disks.'),
      details: { azureCode: 'DiskQuotaExceeded' },
    });
    lab.control.faults.remove(fault.id);
  });

  test('a lost answer of a put is not taken for somebody else’s object', async () => {
    const account = await repositoryAccount();
    await createContainer(lab.connection(), account, 'lost', signal);
    const store = openBlobStore(
      lab.connection(),
      { account, container: 'lost', folder: '' },
      { retryDelayMs: 5 },
    );
    lab.control.faults.add({ service: 'blob', method: 'PUT', path: '*/lost/mine', times: 1, drop: 'after' });
    await store.put('mine', Buffer.from('bytes'));
    lab.control.faults.add({
      service: 'blob',
      method: 'PUT',
      path: '*/lost/other',
      times: 1,
      drop: 'before',
    });
    await store.put('other', [Buffer.from('a'), Buffer.from('b')]);
    expect(Buffer.from(await store.get('other')).toString()).toBe('ab');
    await expect(store.put('mine', Buffer.from('bytes'))).rejects.toMatchObject({ code: 'already-exists' });
    for (const times of [1, 2])
      lab.control.faults.add({
        service: 'blob',
        method: 'GET',
        path: '*/lost/mine',
        times,
        respond: { status: 429, code: 'ServerBusy' },
      });
    expect(Buffer.from(await store.get('mine')).toString()).toBe('bytes');
  });
});

describe('snapshots and disks', () => {
  const diskId = resourceIdOf('disk', place, 'web-os');
  const tags = ownershipTags({ installationId: 'i-1', sessionId: 's-1', kind: 'snapshot' });

  test('a snapshot is made once, read by SAS, compared with the next one, and deleted', async () => {
    const connection = lab.connection();
    const ids = ['one', 'two'].map((name) => resourceIdOf('snapshot', place, `snap-${name}`));
    const [first = '', second = ''] = ids;
    const disk = await getDisk(connection, diskId, signal);
    const uniqueId = disk?.uniqueId ?? '';
    await lab.fillDisk(uniqueId, [{ offset: 0, length: 65_536, value: 1 }]);
    const made = await createIncrementalSnapshot(
      connection,
      { snapshotId: first, diskId, region: location, tags },
      signal,
    );
    const again = await createIncrementalSnapshot(
      connection,
      { snapshotId: first, diskId, region: location, tags },
      signal,
    );
    expect(again).toEqual(made);
    expect(made).toMatchObject({ incremental: true, sizeBytes: 4 * 1024 * mib, tags });
    await lab.fillDisk(uniqueId, [
      { offset: 0, length: 65_536, value: 0 },
      { offset: mib, length: 131_072, value: 2 },
    ]);
    await createIncrementalSnapshot(
      connection,
      { snapshotId: second, diskId, region: location, tags },
      signal,
    );
    const [one, two] = await Promise.all(
      ids.map((snapshotId) => grantSnapshotAccess(connection, { snapshotId, durationSeconds: 600 }, signal)),
    );
    const older = openDiskData(fixedSas(one?.sas ?? ''), soon);
    const newer = openDiskData(fixedSas(two?.sas ?? ''), soon);
    expect(await older.size(signal)).toBe(4 * 1024 * mib + 512);
    const footer = { offset: 4 * 1024 * mib, length: 512, cleared: false };
    expect(await older.allocated(signal)).toEqual([{ offset: 0, length: 65_536, cleared: false }, footer]);
    expect(await newer.changedSince(fixedSas(one?.sas ?? ''), signal)).toEqual([
      { offset: 0, length: 65_536, cleared: true },
      { offset: mib, length: 131_072, cleared: false },
    ]);
    const expected = Buffer.alloc(1024);
    await lab.disks.readBytes(uniqueId, mib + 512, expected);
    expect(await newer.read(mib + 512, 1024, signal)).toEqual(expected);
    const shared = new Uint8Array(new SharedArrayBuffer(2048), 512, 1024);
    lab.control.faults.add({ service: 'disk', method: 'GET', times: 1, drop: 'after' });
    await newer.readInto(mib + 512, shared, signal);
    expect(Buffer.from(shared).equals(expected)).toBe(true);
    const pastTheEnd = new Uint8Array(1024);
    await expect(newer.readInto(4 * 1024 * mib, pastTheEnd, signal)).rejects.toMatchObject({
      code: 'azure-failed',
    });
    await revokeSnapshotAccess(connection, first, signal);
    await expect(older.read(0, 512, signal)).rejects.toMatchObject({ code: 'permission-denied' });
    expect(
      (await listOwnResources(connection, { subscriptionId, installationId: 'i-1' }, signal)).length,
    ).toBe(2);
    for (const id of ids) await deleteSnapshot(connection, id, signal);
    await deleteSnapshot(connection, first, signal);
    expect(await getSnapshot(connection, second, signal)).toBeNull();
  });

  test('an uploaded disk becomes a machine; its disks are swapped', async () => {
    const connection = lab.connection();
    const own = (kind: 'restored-disk' | 'restored-vm' | 'restored-nic' | 'restored-ip') =>
      ownershipTags({ installationId: 'i-2', sessionId: 's-2', kind });
    const { fixedVhdFooter } = await import('../worker/index.ts');
    const upload = async (name: string, os: boolean): Promise<string> => {
      const id = resourceIdOf('disk', place, name);
      const sizeBytes = 64 * mib;
      const request = {
        diskId: id,
        region: location,
        zone: null,
        sizeBytes,
        sku: 'Standard_LRS',
        os: os ? ({ type: 'linux', generation: 'V2' } as const) : null,
        tags: own('restored-disk'),
      };
      expect(await createUploadDisk(connection, request, signal)).toMatchObject({
        state: 'ReadyToUpload',
        sizeBytes,
      });
      const { sas } = await grantDiskWrite(connection, { diskId: id, durationSeconds: 600 }, signal);
      const data = openDiskData(fixedSas(sas));
      await data.write(mib, Buffer.alloc(4096, 7), signal);
      const footer = fixedVhdFooter({ sizeBytes, createdAt: Date.now(), uniqueId: Buffer.alloc(16, 1) });
      await data.write(sizeBytes, footer, signal);
      await revokeDiskAccess(connection, id, signal);
      expect(await getDisk(connection, id, signal)).toMatchObject({ state: 'Unattached', sizeBytes });
      const read = await grantDiskRead(connection, { diskId: id, durationSeconds: 600 }, signal);
      expect(await openDiskData(fixedSas(read.sas)).read(mib, 512, signal)).toEqual(Buffer.alloc(512, 7));
      await revokeDiskAccess(connection, id, signal);
      return id;
    };
    const [osDiskId, dataId, otherOs, otherData] = [
      await upload('r-os', true),
      await upload('r-data', false),
      await upload('r-os2', true),
      await upload('r-data2', false),
    ] as const;
    const publicIpId = resourceIdOf('publicIp', place, 'r-ip');
    await createPublicIp(
      connection,
      { publicIpId, region: location, zone: null, tags: own('restored-ip') },
      signal,
    );
    const nicId = resourceIdOf('nic', place, 'r-nic');
    const networks = await listNetworks(connection, { subscriptionId, region: location }, signal);
    await createNic(
      connection,
      {
        nicId,
        region: location,
        subnetId: networks.subnets[0]?.id ?? '',
        securityGroupId: null,
        publicIpId,
        tags: own('restored-nic'),
      },
      signal,
    );
    const configuration = await getVirtualMachineConfiguration(
      connection,
      resourceIdOf('vm', place, 'web'),
      signal,
    );
    const vmId = resourceIdOf('vm', place, 'restored');
    const dataDisks = [{ diskId: dataId, lun: 3, caching: 'ReadOnly' }];
    await createVirtualMachine(
      connection,
      {
        vmId,
        region: location,
        zone: null,
        size: 'Standard_D2s_v5',
        configuration,
        osDiskId,
        dataDisks,
        nicIds: [nicId],
        tags: own('restored-vm'),
      },
      signal,
    );
    expect(await getVirtualMachineState(connection, vmId, signal)).toMatchObject({ power: 'running' });
    await expect(deleteOwnResource(connection, osDiskId, signal)).rejects.toMatchObject({ code: 'conflict' });
    await deallocateVirtualMachine(connection, vmId, signal);
    const swap = { vmId, osDiskId: otherOs, dataDisks: [{ diskId: otherData, lun: 3, caching: null }] };
    const { replaced } = await swapDisks(connection, swap, signal);
    expect(replaced.map((id) => id.split('/').at(-1)).sort()).toEqual(['r-data', 'r-os']);
    expect((await swapDisks(connection, swap, signal)).replaced).toEqual([]);
    await startVirtualMachine(connection, vmId, signal);
    const after = await getVirtualMachineConfiguration(connection, vmId, signal);
    expect(after.summary.disks.map(({ name, lun }) => [name, lun])).toEqual([
      ['r-os2', null],
      ['r-data2', 3],
    ]);
    for (const id of [vmId, nicId, publicIpId, osDiskId, dataId, otherOs, otherData])
      await deleteOwnResource(connection, id, signal);
    expect(await listOwnResources(connection, { subscriptionId, installationId: 'i-2' }, signal)).toEqual([]);
  });
});
