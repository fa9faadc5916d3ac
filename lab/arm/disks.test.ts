import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, type LabFixture, openLabFixture } from './testing/lab-fixture.ts';
import { groupId, groupName, location, subscriptionId } from './testing/small-estate.ts';

let lab: LabFixture;
let offset = 0;
beforeAll(async () => {
  lab = await openLabFixture({ now: () => Date.now() + offset });
});
afterAll(() => lab.closeAndValidate());

const diskId = `${groupId}/providers/Microsoft.Compute/disks/web-os`;
const snapshotOf = (sourceResourceId: string) => ({
  location,
  incremental: true,
  creationData: { createOption: 'Copy', sourceResourceId },
});
const fiveMinutes = (): void => {
  offset += 301_000;
};

describe('subscriptions and groups', () => {
  it('are listed for whom they are', async () => {
    const seen = await collect(lab.clients().subscriptions.subscriptions.list());
    expect(seen.map((each) => each.subscriptionId)).toEqual([subscriptionId]);
    expect(await collect(lab.clients('outsider').subscriptions.subscriptions.list())).toEqual([]);
  });

  it('are created, shown and deleted', async () => {
    const { resources } = lab.clients();
    await resources.resourceGroups.createOrUpdate('temp', { location, tags: { a: 'b' } });
    expect((await collect(resources.resourceGroups.list())).map((each) => each.name)).toEqual([
      groupName,
      'temp',
    ]);
    const { compute } = lab.clients();
    await compute.disks.createOrUpdate('temp', 'd', {
      location,
      diskSizeGB: 1,
      creationData: { createOption: 'Empty' },
    });
    await resources.resourceGroups.delete('temp');
    await expect(resources.resourceGroups.get('temp')).rejects.toMatchObject({
      statusCode: 404,
      code: 'ResourceGroupNotFound',
    });
    expect((await collect(compute.disks.list())).map((each) => each.name)).toEqual(['web-os']);
  });
});

describe('disks', () => {
  it('are created empty and deleted', async () => {
    const { disks } = lab.clients().compute;
    const disk = await disks.createOrUpdate(groupName, 'data', {
      location,
      sku: { name: 'StandardSSD_LRS' },
      diskSizeGB: 8,
      creationData: { createOption: 'Empty' },
    });
    expect(disk).toMatchObject({
      provisioningState: 'Succeeded',
      diskState: 'Unattached',
      diskSizeBytes: 8 * 1024 ** 3,
    });
    expect(disk.uniqueId).toMatch(/^[0-9a-f-]{36}$/);
    await disks.delete(groupName, 'data');
    await expect(disks.get(groupName, 'data')).rejects.toMatchObject({
      statusCode: 404,
      code: 'ResourceNotFound',
    });
  });

  it('go through the states of a direct upload', async () => {
    const { disks } = lab.clients().compute;
    const uploadSizeBytes = 64 * 1024 ** 2 + 512;
    const made = await disks.createOrUpdate(groupName, 'up', {
      location,
      osType: 'Linux',
      creationData: { createOption: 'Upload', uploadSizeBytes },
    });
    expect(made).toMatchObject({
      diskState: 'ReadyToUpload',
      diskSizeBytes: uploadSizeBytes - 512,
      diskSizeGB: 1,
    });
    await expect(
      disks.grantAccess(groupName, 'up', { access: 'Read', durationInSeconds: 60 }),
    ).rejects.toMatchObject({ statusCode: 409 });
    const { accessSAS } = await disks.grantAccess(groupName, 'up', {
      access: 'Write',
      durationInSeconds: 60,
    });
    expect(accessSAS).toMatch(/^https:/);
    expect((await disks.get(groupName, 'up')).diskState).toBe('ActiveUpload');
    await expect(disks.delete(groupName, 'up')).rejects.toMatchObject({
      statusCode: 409,
      code: 'OperationNotAllowed',
    });
    await disks.revokeAccess(groupName, 'up');
    expect((await disks.get(groupName, 'up')).diskState).toBe('Unattached');
    await disks.delete(groupName, 'up');
  });

  it.each([
    [{ createOption: 'Upload', uploadSizeBytes: 64 * 1024 ** 2 }],
    [{ createOption: 'Upload', uploadSizeBytes: 1024 ** 2 + 512 }],
    [{ createOption: 'Upload' }],
    [{ createOption: 'Empty' }],
    [{ createOption: 'Copy' }],
    [{ createOption: 'Magic' }],
  ])('are refused with creation data %j', async (creationData) => {
    const refused = lab.clients().compute.disks.createOrUpdate(groupName, 'bad', { location, creationData });
    await expect(refused).rejects.toMatchObject({ statusCode: 400 });
  });

  it('cannot be deleted or read while a running VM has them', async () => {
    const { disks } = lab.clients().compute;
    await expect(disks.delete(groupName, 'web-os')).rejects.toMatchObject({
      statusCode: 409,
      code: 'OperationNotAllowed',
    });
    await expect(
      disks.grantAccess(groupName, 'web-os', { access: 'Read', durationInSeconds: 60 }),
    ).rejects.toMatchObject({ statusCode: 409 });
    expect(await disks.get(groupName, 'web-os')).toMatchObject({ diskState: 'Attached' });
  });
});

describe('snapshots', () => {
  it('of one disk are one family, readable by at most five SAS at a time', async () => {
    const { snapshots } = lab.clients().compute;
    const made = [];
    for (const name of ['s1', 's2', 's3', 's4', 's5', 's6']) {
      made.push(await snapshots.createOrUpdate(groupName, name, snapshotOf(diskId)));
    }
    const disk = await lab.clients().compute.disks.get(groupName, 'web-os');
    expect(new Set(made.map((each) => each.incrementalSnapshotFamilyId)).size).toBe(1);
    expect(made[0]).toMatchObject({
      completionPercent: 100,
      diskState: 'Unattached',
      creationData: { sourceUniqueId: disk.uniqueId },
    });
    const grant = (name: string) =>
      snapshots.grantAccess(groupName, name, { access: 'Read', durationInSeconds: 600 });
    for (const name of ['s1', 's2', 's3', 's4', 's5']) await grant(name);
    await expect(grant('s6')).rejects.toMatchObject({ statusCode: 409 });
    await expect(snapshots.delete(groupName, 's1')).rejects.toMatchObject({ statusCode: 409 });
    expect((await snapshots.get(groupName, 's1')).diskState).toBe('ActiveSAS');
    await snapshots.revokeAccess(groupName, 's1');
    await grant('s6');
    offset += 601_000;
    await snapshots.delete(groupName, 's2');
  });

  it('count SAS that are being granted at the same moment', async () => {
    fiveMinutes();
    const { snapshots } = lab.clients().compute;
    const names = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'];
    for (const name of names) await snapshots.createOrUpdate(groupName, name, snapshotOf(diskId));
    const grants = names.map((name) =>
      snapshots.grantAccess(groupName, name, { access: 'Read', durationInSeconds: 600 }),
    );
    const outcomes = await Promise.allSettled(grants.map(async (each) => each));
    expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(5);
    for (const name of names) await snapshots.revokeAccess(groupName, name);
    for (const name of names) await snapshots.delete(groupName, name);
  });

  it('are at most seven in five minutes', async () => {
    fiveMinutes();
    const { snapshots } = lab.clients().compute;
    for (let index = 0; index < 7; index += 1)
      await snapshots.createOrUpdate(groupName, `q${index}`, snapshotOf(diskId));
    await expect(snapshots.createOrUpdate(groupName, 'q7', snapshotOf(diskId))).rejects.toMatchObject({
      statusCode: 429,
    });
    fiveMinutes();
    await snapshots.createOrUpdate(groupName, 'q7', snapshotOf(diskId));
    expect((await collect(snapshots.listByResourceGroup(groupName))).length).toBeGreaterThan(8);
  });

  it('can become disks again', async () => {
    const { compute } = lab.clients();
    const sourceResourceId = `${groupId}/providers/Microsoft.Compute/snapshots/q0`;
    const disk = await compute.disks.createOrUpdate(groupName, 'copy', {
      location,
      creationData: { createOption: 'Copy', sourceResourceId },
    });
    expect(disk).toMatchObject({ osType: 'Linux', hyperVGeneration: 'V2', diskSizeGB: 4 });
    await expect(
      compute.disks.createOrUpdate(groupName, 'copy', {
        location,
        creationData: { createOption: 'Empty' },
        diskSizeGB: 4,
      }),
    ).rejects.toMatchObject({ statusCode: 409, code: 'PropertyChangeNotAllowed' });
    await compute.disks.delete(groupName, 'copy');
  });
});

describe('permissions', () => {
  it('name the action that is missing', async () => {
    const { compute } = lab.clients('reader');
    await expect(compute.snapshots.createOrUpdate(groupName, 's', snapshotOf(diskId))).rejects.toMatchObject({
      statusCode: 403,
      code: 'AuthorizationFailed',
      message: expect.stringContaining("'Microsoft.Compute/snapshots/write'"),
    });
    await expect(collect(compute.disks.list())).rejects.toMatchObject({ statusCode: 403 });
    expect((await collect(compute.disks.listByResourceGroup(groupName))).length).toBe(1);
  });

  it('end at the tenant', async () => {
    await expect(lab.clients('outsider').compute.disks.get(groupName, 'web-os')).rejects.toMatchObject({
      statusCode: 401,
      code: 'InvalidAuthenticationTokenTenant',
    });
  });
});

describe('storage accounts', () => {
  it('are found, created, keyed and deleted', async () => {
    const { storageAccounts } = lab.clients().storage;
    expect(
      await storageAccounts.checkNameAvailability({
        name: 'contosobackup',
        type: 'Microsoft.Storage/storageAccounts',
      }),
    ).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
    const made = await storageAccounts.create(groupName, 'contosoworkers', {
      location,
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      tags: { cairn: '1' },
    });
    expect(made.primaryEndpoints?.blob).toMatch(/^https:\/\/localhost:\d+\/contosoworkers\/$/);
    const { keys } = await storageAccounts.listKeys(groupName, 'contosoworkers');
    expect(keys?.map((each) => each.keyName)).toEqual(['key1', 'key2']);
    const updated = await storageAccounts.update(groupName, 'contosoworkers', { tags: { cairn: '2' } });
    expect(updated.tags).toEqual({ cairn: '2' });
    expect((await collect(storageAccounts.list())).map((each) => each.name)).toEqual([
      'contosobackup',
      'contosoworkers',
    ]);
    await storageAccounts.delete(groupName, 'contosoworkers');
    await expect(storageAccounts.getProperties(groupName, 'contosoworkers')).rejects.toMatchObject({
      statusCode: 404,
    });
    await expect(
      storageAccounts.create(groupName, 'Not-Valid', {
        location,
        kind: 'StorageV2',
        sku: { name: 'Standard_LRS' },
      }),
    ).rejects.toMatchObject({ code: 'AccountNameInvalid' });
  });
});
