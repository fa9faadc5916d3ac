import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabFixture, openLabFixture } from './testing/lab-fixture.ts';
import { groupId, groupName, location } from './testing/small-estate.ts';

let lab: LabFixture;
beforeAll(async () => {
  lab = await openLabFixture();
});
afterAll(() => lab.closeAndValidate());

const subnetId = `${groupId}/providers/Microsoft.Network/virtualNetworks/net/subnets/default`;

describe('networks', () => {
  it('hold to the order of deletion', async () => {
    const { network } = lab.clients();
    const group = await network.networkSecurityGroups.createOrUpdate(groupName, 'nsg', {
      location,
      securityRules: [
        {
          name: 'ssh',
          protocol: 'Tcp',
          access: 'Allow',
          direction: 'Inbound',
          priority: 100,
          sourceAddressPrefix: '*',
          sourcePortRange: '*',
          destinationAddressPrefix: '*',
          destinationPortRange: '22',
        },
      ],
    });
    expect(group.defaultSecurityRules).toHaveLength(6);
    await network.virtualNetworks.createOrUpdate(groupName, 'vnet', {
      location,
      addressSpace: { addressPrefixes: ['10.9.0.0/16'] },
      subnets: [{ name: 'a', addressPrefix: '10.9.0.0/29', networkSecurityGroup: { id: group.id } }],
    });
    const subnet = await network.subnets.createOrUpdate(groupName, 'vnet', 'b', {
      addressPrefix: '10.9.1.0/24',
    });
    expect(subnet).toMatchObject({ name: 'b', provisioningState: 'Succeeded' });
    await expect(
      network.subnets.createOrUpdate(groupName, 'vnet', 'c', { addressPrefix: '10.9.1.128/25' }),
    ).rejects.toMatchObject({ code: 'NetcfgSubnetRangesOverlap' });
    const ip = await network.publicIPAddresses.createOrUpdate(groupName, 'ip', {
      location,
      sku: { name: 'Standard' },
      publicIPAllocationMethod: 'Static',
    });
    expect(ip.ipAddress).toMatch(/^127\.(6[4-9]|[789]\d|1[01]\d|12[0-7])\./);
    const nic = await network.networkInterfaces.createOrUpdate(groupName, 'nic', {
      location,
      ipConfigurations: [{ name: 'p', subnet: { id: subnet.id }, publicIPAddress: { id: ip.id } }],
    });
    expect(nic.ipConfigurations?.[0]?.privateIPAddress).toBe('10.9.1.4');
    await expect(network.publicIPAddresses.delete(groupName, 'ip')).rejects.toMatchObject({
      code: 'PublicIPAddressCannotBeDeleted',
    });
    await expect(network.virtualNetworks.delete(groupName, 'vnet')).rejects.toMatchObject({
      code: 'InUseSubnetCannotBeDeleted',
    });
    await expect(network.networkSecurityGroups.delete(groupName, 'nsg')).rejects.toMatchObject({
      code: 'InUseNetworkSecurityGroupCannotBeDeleted',
    });
    await network.networkInterfaces.delete(groupName, 'nic');
    await network.publicIPAddresses.delete(groupName, 'ip');
    await network.subnets.delete(groupName, 'vnet', 'b');
    await network.virtualNetworks.delete(groupName, 'vnet');
    await network.networkSecurityGroups.delete(groupName, 'nsg');
  });

  it('tell about references to nothing and about names that are taken', async () => {
    const { network } = lab.clients();
    await expect(
      network.networkInterfaces.createOrUpdate(groupName, 'n', {
        location,
        ipConfigurations: [{ name: 'p', subnet: { id: `${subnetId}x` } }],
      }),
    ).rejects.toMatchObject({ statusCode: 400, code: 'InvalidResourceReference' });
    await expect(
      network.virtualNetworks.createOrUpdate(groupName, 'net', {
        location: 'northeurope',
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      }),
    ).rejects.toMatchObject({ statusCode: 409, code: 'InvalidResourceLocation' });
  });
});
