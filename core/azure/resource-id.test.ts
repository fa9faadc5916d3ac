import { expect, test } from 'vitest';
import { parseResourceId, resourceIdOf, sameResource } from './resource-id.ts';
import { ownershipTags, readOwnership } from './tags.ts';

test('an id is read whatever its case, children too', () => {
  expect(parseResourceId('/subscriptions/S/resourcegroups/G/providers/Microsoft.Compute/disks/d')).toEqual({
    subscriptionId: 'S',
    resourceGroup: 'G',
    type: 'Microsoft.Compute/disks',
    name: 'd',
    parent: null,
  });
  const subnet = '/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/virtualNetworks/v/subnets/s';
  expect(parseResourceId(subnet)).toMatchObject({ name: 's', parent: 'v' });
});

test.each(['', '/subscriptions/s', '/subscriptions/s/resourceGroups/g/providers/X/y/../z', 'https://x'])(
  '%j is refused',
  (id) => {
    expect(() => parseResourceId(id)).toThrow(/not an Azure resource id/);
  },
);

test('ids are made and compared as Azure does', () => {
  const id = resourceIdOf('disk', { subscriptionId: 's', resourceGroup: 'g' }, 'd');
  expect(parseResourceId(id)).toMatchObject({ type: 'Microsoft.Compute/disks', name: 'd' });
  expect(sameResource(id, id.toUpperCase())).toBe(true);
});

test('tags tell whose a resource is, and nothing that is not ours', () => {
  const ownership = { installationId: 'i', sessionId: 's', kind: 'snapshot' } as const;
  expect(readOwnership(ownershipTags(ownership))).toEqual(ownership);
  expect(readOwnership({ 'cairn-installation': 'i', 'cairn-kind': 'castle' })).toBeNull();
  expect(readOwnership(undefined)).toBeNull();
});
