import { expect, test } from 'vitest';
import type { JsonObject } from '../../../front/index.ts';
import type { Resource } from '../../resource.ts';
import { createResourceStore, emptyStore } from '../../resource-store.ts';
import { openPorts } from './open-ports.ts';
import { networkTypes } from './references.ts';

const group = '/subscriptions/s/resourceGroups/g/providers';
const ids = {
  vm: `${group}/Microsoft.Compute/virtualMachines/vm`,
  nic: `${group}/${networkTypes.networkInterfaces}/nic`,
  ip: `${group}/${networkTypes.publicIPAddresses}/ip`,
  network: `${group}/${networkTypes.virtualNetworks}/net`,
  inner: `${group}/${networkTypes.networkSecurityGroups}/inner`,
  outer: `${group}/${networkTypes.networkSecurityGroups}/outer`,
};

const resource = (id: string, properties: JsonObject): Resource => ({
  id,
  name: id.split('/').at(-1) ?? '',
  type: id.split('/').slice(6, 8).join('/'),
  location: 'westeurope',
  etag: '',
  properties,
  hidden: {},
});

type Rule = JsonObject;
const rule = (priority: number, access: 'Allow' | 'Deny', more: Rule = {}): Rule => ({
  name: `rule-${priority}`,
  properties: {
    priority,
    access,
    direction: 'Inbound',
    protocol: 'Tcp',
    sourceAddressPrefix: '*',
    destinationPortRange: '8443',
    ...more,
  },
});

/** The ports of a machine whose subnet and interface have these rules; null for no group at all. */
function opened(subnetRules: Rule[] | null, nicRules: Rule[] | null, source = '127.0.0.1'): number[] {
  const reference = (id: string, rules: Rule[] | null) =>
    rules === null ? {} : { networkSecurityGroup: { id } };
  const subnet = { name: 'workers', properties: reference(ids.outer, subnetRules) };
  const configuration = {
    name: 'ipconfig1',
    properties: { subnet: { id: `${ids.network}/subnets/workers` }, publicIPAddress: { id: ids.ip } },
  };
  const store = createResourceStore(emptyStore, () => undefined);
  store.put(resource(ids.vm, { vmId: 'vm-1' }));
  store.put(resource(ids.network, { subnets: [subnet] }));
  store.put(resource(ids.ip, { ipAddress: '127.64.0.9' }));
  store.put(resource(ids.inner, { securityRules: nicRules ?? [] }));
  store.put(resource(ids.outer, { securityRules: subnetRules ?? [] }));
  store.put(
    resource(ids.nic, {
      virtualMachine: { id: ids.vm },
      ipConfigurations: [configuration],
      ...reference(ids.inner, nicRules),
    }),
  );
  const found = openPorts(store);
  expect(found.every(({ vmId, publicAddress }) => vmId === 'vm-1' && publicAddress === '127.64.0.9')).toBe(
    true,
  );
  return found.filter((port) => port.admits(source)).map(({ port }) => port);
}

test('an address without a security group is closed', () => {
  expect(opened(null, null)).toEqual([]);
});

test('the first rule in order of priority decides, and after the last nobody comes in', () => {
  expect(opened(null, [])).toEqual([]);
  expect(opened(null, [rule(100, 'Allow')])).toEqual([8443]);
  expect(opened(null, [rule(200, 'Allow'), rule(100, 'Deny', { destinationPortRange: '*' })])).toEqual([]);
  expect(
    opened(null, [rule(100, 'Allow'), rule(200, 'Deny', { destinationPortRange: '*', protocol: '*' })]),
  ).toEqual([8443]);
  expect(opened(null, [rule(100, 'Allow', { direction: 'Outbound' })])).toEqual([]);
  expect(opened(null, [rule(100, 'Allow', { protocol: 'Udp' })])).toEqual([]);
  expect(
    opened(null, [
      rule(100, 'Allow', { destinationPortRange: undefined, destinationPortRanges: ['80', '443-444'] }),
    ]),
  ).toEqual([80, 443, 444]);
});

test('subnet and interface must both allow', () => {
  const deny = rule(4000, 'Deny', { destinationPortRange: '*', protocol: '*' });
  expect(opened([deny], [rule(100, 'Allow')])).toEqual([]);
  expect(opened([rule(100, 'Allow')], [deny])).toEqual([]);
  expect(opened([rule(100, 'Allow')], [rule(100, 'Allow')])).toEqual([8443]);
});

test('sources are addresses and ranges', () => {
  const from = (prefixes: string[]) => [
    rule(100, 'Allow', { sourceAddressPrefix: undefined, sourceAddressPrefixes: prefixes }),
  ];
  expect(opened(null, from(['203.0.113.7', '198.51.100.0/24']), '203.0.113.7')).toEqual([8443]);
  expect(opened(null, from(['203.0.113.7', '198.51.100.0/24']), '198.51.100.200')).toEqual([8443]);
  expect(opened(null, from(['203.0.113.7', '198.51.100.0/24']))).toEqual([]);
  expect(opened(null, [rule(100, 'Allow', { sourceAddressPrefix: 'VirtualNetwork' })])).toEqual([]);
  expect(opened(null, [rule(100, 'Allow', { sourceAddressPrefix: 'Internet' })])).toEqual([8443]);
});
