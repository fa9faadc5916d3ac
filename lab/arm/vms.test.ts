import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, type LabFixture, openLabFixture } from './testing/lab-fixture.ts';
import { groupId, groupName, location, subscriptionId } from './testing/small-estate.ts';

let lab: LabFixture;
beforeAll(async () => {
  lab = await openLabFixture();
});
afterAll(() => lab.closeAndValidate());

const subnetId = `${groupId}/providers/Microsoft.Network/virtualNetworks/net/subnets/default`;
const diskId = (name: string): string => `${groupId}/providers/Microsoft.Compute/disks/${name}`;
const ubuntu = { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' };
const customData = Buffer.from('#cloud-config\n').toString('base64');

async function createNic(name: string) {
  const { network } = lab.clients();
  return network.networkInterfaces.createOrUpdate(groupName, name, {
    location,
    ipConfigurations: [{ name: 'primary', subnet: { id: subnetId } }],
  });
}

const workerBody = (name: string, nicId: string | undefined, vmSize = 'Standard_F2s_v2') => ({
  location,
  tags: { cairn: 'worker' },
  identity: { type: 'SystemAssigned' as const },
  hardwareProfile: { vmSize },
  storageProfile: {
    imageReference: ubuntu,
    osDisk: {
      createOption: 'FromImage',
      name: `${name}-os`,
      deleteOption: 'Delete',
      managedDisk: { storageAccountType: 'StandardSSD_LRS' },
    },
  },
  osProfile: {
    computerName: name,
    adminUsername: 'cairn',
    customData,
    linuxConfiguration: {
      disablePasswordAuthentication: true,
      ssh: {
        publicKeys: [
          { path: '/home/cairn/.ssh/authorized_keys', keyData: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBmx' },
        ],
      },
    },
  },
  networkProfile: { networkInterfaces: [{ id: nicId, deleteOption: 'Delete' }] },
});

async function createWorker(name: string, vmSize?: string) {
  const nic = await createNic(`${name}-nic`);
  return lab
    .clients()
    .compute.virtualMachines.createOrUpdate(groupName, name, workerBody(name, nic.id, vmSize));
}

describe('virtual machines', () => {
  it('of the estate are listed with their state', async () => {
    const { virtualMachines } = lab.clients().compute;
    const [web] = await collect(virtualMachines.listAll());
    expect(web).toMatchObject({
      name: 'web',
      location,
      provisioningState: 'Succeeded',
      identity: { type: 'SystemAssigned' },
    });
    const seen = await virtualMachines.get(groupName, 'web', { expand: 'instanceView' });
    expect(seen.instanceView?.statuses?.map((each) => each.code)).toEqual([
      'ProvisioningState/succeeded',
      'PowerState/running',
    ]);
    const all = await collect(virtualMachines.listAll({ statusOnly: 'true' }));
    expect(all[0]?.instanceView?.statuses?.[1]?.code).toBe('PowerState/running');
  });

  it('boot from an image and leave nothing behind that was to go with them', async () => {
    const vm = await createWorker('worker1');
    expect(vm).toMatchObject({ provisioningState: 'Succeeded', tags: { cairn: 'worker' } });
    expect(vm.identity?.principalId).toMatch(/^[0-9a-f-]{36}$/);
    expect(vm.osProfile).toMatchObject({ computerName: 'worker1' });
    expect(vm.osProfile?.customData).toBeUndefined();
    const booted = lab.planes.booted.at(-1);
    expect(booted).toMatchObject({
      name: 'worker1',
      customData,
      firstBoot: true,
      privateIpAddresses: ['10.0.0.5'],
    });
    const { compute, network } = lab.clients();
    expect(await compute.disks.get(groupName, 'worker1-os')).toMatchObject({
      diskState: 'Attached',
      managedBy: vm.id,
    });
    await expect(network.networkInterfaces.delete(groupName, 'worker1-nic')).rejects.toMatchObject({
      code: 'NicInUse',
    });
    const token = await fetch(
      `${booted?.metadataEndpoint}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://storage.azure.com/`,
      { headers: { metadata: 'true' } },
    );
    expect(await token.json()).toMatchObject({ token_type: 'Bearer' });
    await compute.virtualMachines.delete(groupName, 'worker1');
    await expect(compute.virtualMachines.get(groupName, 'worker1')).rejects.toMatchObject({
      statusCode: 404,
    });
    await expect(compute.disks.get(groupName, 'worker1-os')).rejects.toMatchObject({ statusCode: 404 });
    await expect(network.networkInterfaces.get(groupName, 'worker1-nic')).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  it('can be asked for again with the same words', async () => {
    const first = await createWorker('twice');
    const again = await createWorker('twice');
    expect(again.vmId).toBe(first.vmId);
    expect(again.identity?.principalId).toBe(first.identity?.principalId);
    expect(lab.planes.booted.filter((each) => each.name === 'twice')).toHaveLength(1);
    const { virtualMachines } = lab.clients().compute;
    const body = workerBody('twice', `${groupId}/providers/Microsoft.Network/networkInterfaces/twice-nic`);
    const otherData = {
      ...body,
      osProfile: { ...body.osProfile, customData: Buffer.from('other').toString('base64') },
    };
    await expect(virtualMachines.createOrUpdate(groupName, 'twice', otherData)).rejects.toMatchObject({
      statusCode: 409,
      code: 'PropertyChangeNotAllowed',
    });
    await virtualMachines.delete(groupName, 'twice');
    await virtualMachines.delete(groupName, 'twice');
  });

  it('give way to their deletion while they are being created', async () => {
    const nic = await createNic('hasty-nic');
    lab.plane.faults.add({ path: '*/hasty', method: 'PUT', times: 1, drop: 'after' });
    const { virtualMachines } = lab.clients().compute;
    await expect(
      virtualMachines.createOrUpdate(groupName, 'hasty', workerBody('hasty', nic.id)),
    ).rejects.toThrow();
    await virtualMachines.delete(groupName, 'hasty');
    const names = (await collect(lab.clients().resources.resources.list())).map((each) => each.name);
    expect(names.filter((each) => each?.startsWith('hasty'))).toEqual([]);
  });

  it('are made from an uploaded or copied OS disk', async () => {
    const { compute } = lab.clients();
    await compute.disks.createOrUpdate(groupName, 'restored', {
      location,
      osType: 'Linux',
      hyperVGeneration: 'V2',
      diskSizeGB: 4,
      creationData: { createOption: 'Empty' },
    });
    const nic = await createNic('restored-nic');
    const body = {
      location,
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: {
        osDisk: { createOption: 'Attach', osType: 'Linux' as const, managedDisk: { id: diskId('restored') } },
        dataDisks: [{ lun: 0, createOption: 'Empty', name: 'restored-data', diskSizeGB: 1 }],
      },
      networkProfile: { networkInterfaces: [{ id: nic.id }] },
    };
    const vm = await compute.virtualMachines.createOrUpdate(groupName, 'restored', body);
    expect(vm.storageProfile?.osDisk).toMatchObject({ name: 'restored', deleteOption: 'Detach' });
    await expect(
      compute.virtualMachines.createOrUpdate(groupName, 'thief', {
        ...body,
        networkProfile: { networkInterfaces: [{ id: (await createNic('thief-nic')).id }] },
      }),
    ).rejects.toMatchObject({ statusCode: 409, code: 'ConflictingUserInput' });
    await expect(compute.disks.delete(groupName, 'restored-data')).rejects.toMatchObject({
      statusCode: 409,
      code: 'OperationNotAllowed',
    });
    await compute.virtualMachines.createOrUpdate(groupName, 'restored', {
      ...body,
      storageProfile: { ...body.storageProfile, dataDisks: [] },
    });
    expect((await compute.disks.get(groupName, 'restored-data')).diskState).toBe('Unattached');
    await compute.virtualMachines.deallocate(groupName, 'restored');
    expect((await compute.disks.get(groupName, 'restored')).diskState).toBe('Reserved');
    await compute.virtualMachines.start(groupName, 'restored');
    const result = await compute.virtualMachines.runCommand(groupName, 'restored', {
      commandId: 'RunShellScript',
      script: ['echo hi'],
    });
    expect(result.value?.[0]?.message).toContain('[stdout]\necho hi');
    await compute.virtualMachines.powerOff(groupName, 'restored');
    const view = await compute.virtualMachines.instanceView(groupName, 'restored');
    expect(view.statuses?.[1]?.code).toBe('PowerState/stopped');
    await compute.virtualMachines.delete(groupName, 'restored');
    expect((await compute.disks.get(groupName, 'restored')).diskState).toBe('Unattached');
    await compute.disks.delete(groupName, 'restored');
    await lab.clients().network.networkInterfaces.delete(groupName, 'restored-nic');
  });

  it('keep what they had when a change fails late', async () => {
    const { compute } = lab.clients();
    await compute.disks.createOrUpdate(groupName, 'extra', {
      location,
      diskSizeGB: 1,
      creationData: { createOption: 'Empty' },
    });
    lab.plane.faults.add({
      path: '*/virtualMachines/web',
      method: 'PATCH',
      times: 1,
      failOperation: { code: 'InternalExecutionError', message: 'late' },
    });
    const dataDisks = [{ lun: 0, createOption: 'Attach', managedDisk: { id: diskId('extra') } }];
    const change = () => compute.virtualMachines.update(groupName, 'web', { storageProfile: { dataDisks } });
    await expect(change()).rejects.toThrow(/InternalExecutionError/);
    const vm = await compute.virtualMachines.get(groupName, 'web');
    expect(vm).toMatchObject({ provisioningState: 'Failed', storageProfile: { dataDisks: [] } });
    expect((await compute.disks.get(groupName, 'extra')).diskState).toBe('Unattached');
    expect((await change()).storageProfile?.dataDisks).toMatchObject([{ lun: 0, name: 'extra' }]);
    await compute.virtualMachines.update(groupName, 'web', { storageProfile: { dataDisks: [] } });
    await compute.disks.delete(groupName, 'extra');
  });

  it('find no capacity where there is none', async () => {
    await expect(createWorker('w2', 'Standard_F4s_v2')).rejects.toMatchObject({
      statusCode: 409,
      code: 'SkuNotAvailable',
    });
    await expect(createWorker('w2', 'Standard_F8s_v2')).rejects.toMatchObject({
      statusCode: 409,
      code: 'OperationNotAllowed',
      message: expect.stringContaining('standardFSv2Family Cores quota'),
    });
    await expect(createWorker('w2', 'Standard_Nothing')).rejects.toMatchObject({
      statusCode: 400,
      code: 'InvalidParameter',
    });
    const usages = await collect(lab.clients().compute.usage.list(location));
    expect(usages.find((each) => each.name?.value === 'standardFSv2Family')).toMatchObject({
      limit: 4,
      currentValue: 0,
    });
    const skus = await collect(
      lab.clients().compute.resourceSkus.list({ filter: `location eq '${location}'` }),
    );
    const f4 = skus.find((each) => each.name === 'Standard_F4s_v2');
    expect(f4?.restrictions?.[0]).toMatchObject({
      type: 'Location',
      reasonCode: 'NotAvailableForSubscription',
    });
  });

  it('are refused when something is missing', async () => {
    const { virtualMachines } = lab.clients().compute;
    const nic = await createNic('spare-nic');
    const body = workerBody('bad', nic.id);
    const refused = (change: object) =>
      expect(virtualMachines.createOrUpdate(groupName, 'bad', { ...body, ...change })).rejects;
    await refused({ osProfile: undefined }).toMatchObject({ statusCode: 400 });
    await refused({ osProfile: { ...body.osProfile, customData: 'not base64!' } }).toMatchObject({
      statusCode: 400,
    });
    await refused({
      storageProfile: { ...body.storageProfile, imageReference: { ...ubuntu, sku: 'none' } },
    }).toMatchObject({ statusCode: 404, code: 'PlatformImageNotFound' });
    await refused({ networkProfile: { networkInterfaces: [{ id: `${nic.id}x` }] } }).toMatchObject({
      statusCode: 400,
      code: 'InvalidResourceReference',
    });
    await refused({ location: 'mars' }).toMatchObject({
      statusCode: 400,
      code: 'LocationNotAvailableForResourceType',
    });
    await expect(virtualMachines.get(groupName, 'bad')).rejects.toMatchObject({ statusCode: 404 });
  });

  it('stay as failed when their creation fails late, and can be deleted', async () => {
    lab.plane.faults.add({
      service: 'arm',
      method: 'PUT',
      path: '*/virtualMachines/late',
      times: 1,
      failOperation: { code: 'AllocationFailed', message: 'Allocation failed.' },
    });
    await expect(createWorker('late')).rejects.toThrow(/AllocationFailed/);
    const { virtualMachines } = lab.clients().compute;
    expect((await virtualMachines.get(groupName, 'late')).provisioningState).toBe('Failed');
    await virtualMachines.delete(groupName, 'late');
    await expect(lab.clients().network.networkInterfaces.get(groupName, 'late-nic')).rejects.toMatchObject({
      statusCode: 404,
    });
  });
});

describe('role assignments', () => {
  it('take effect at once and can be taken back', async () => {
    const vm = await createWorker('granted');
    const account = `${groupId}/providers/Microsoft.Storage/storageAccounts/contosobackup`;
    const area = `${account}/providers/Microsoft.Authorization`;
    const version = 'api-version=2022-04-01';
    const one = `${area}/roleAssignments/dddddddd-0000-4000-8000-000000000001?${version}`;
    const roleDefinitionId = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1`;
    const body = { properties: { principalId: vm.identity?.principalId, roleDefinitionId } };
    expect((await lab.send('PUT', one, body)).status).toBe(201);
    expect((await lab.send('PUT', one, body)).status).toBe(409);
    expect((await lab.send('PUT', one, { properties: { roleDefinitionId } })).status).toBe(400);
    const listed = await lab.send(
      'GET',
      `${area}/roleAssignments?${version}&$filter=principalId eq '${vm.identity?.principalId}'`,
    );
    expect(listed.responseBody).toMatchObject({
      value: [{ properties: { principalType: 'ServicePrincipal', scope: account } }],
    });
    expect((await lab.send('GET', `${area}/roleDefinitions?${version}`)).status).toBe(200);
    const permissions = await lab.send('GET', `${area}/permissions?${version}`);
    expect(permissions.responseBody).toMatchObject({ value: [{ actions: ['*'] }] });
    expect((await lab.send('DELETE', one)).status).toBe(200);
    expect((await lab.send('DELETE', one)).status).toBe(204);
    await lab.clients().compute.virtualMachines.delete(groupName, 'granted');
  });
});

describe('other lists', () => {
  it('show groups, resources, tenants, locations and one VM', async () => {
    const { resources, subscriptions } = lab.clients();
    const tagged = await collect(
      resources.resources.list({ filter: "tagName eq 'role' and tagValue eq 'web'" }),
    );
    expect(tagged.map((each) => each.name)).toEqual(['web']);
    expect((await collect(resources.resources.listByResourceGroup(groupName))).length).toBeGreaterThan(4);
    const updated = await resources.resourceGroups.update(groupName, { tags: { stage: 'test' } });
    expect(updated.tags).toEqual({ stage: 'test' });
    expect((await subscriptions.subscriptions.get(subscriptionId)).displayName).toBe('Contoso production');
    expect(
      (await collect(subscriptions.subscriptions.listLocations(subscriptionId))).map((each) => each.name),
    ).toEqual(['westeurope', 'northeurope']);
    expect(await collect(subscriptions.tenants.list())).toHaveLength(1);
    const { virtualMachines } = lab.clients().compute;
    expect((await collect(virtualMachines.listByLocation(location))).length).toBe(1);
    const changed = await virtualMachines.update(groupName, 'web', { tags: { role: 'db' } });
    expect(changed).toMatchObject({ tags: { role: 'db' }, provisioningState: 'Succeeded' });
    await virtualMachines.restart(groupName, 'web');
  });
});
