import { describe, expect, it } from 'vitest';
import { settleInterrupted } from './interrupted.ts';
import type { Resource } from './resource.ts';
import { createResourceStore, emptyStore } from './resource-store.ts';

const make = (type: string, name: string, properties: Resource['properties']): Resource => ({
  id: `/subscriptions/s/resourceGroups/g/providers/${type}/${name}`,
  name,
  type,
  location: 'westeurope',
  etag: '',
  properties,
  hidden: {},
});

describe('a lab that was killed', () => {
  it('finds nothing under way when it comes back', () => {
    const disk = 'Microsoft.Compute/disks';
    const resources = [
      make(disk, 'unborn', { provisioningState: 'Updating' }),
      make(disk, 'going', { provisioningState: 'Deleting', uniqueId: 'u' }),
      make(disk, 'fine', { provisioningState: 'Succeeded', uniqueId: 'v' }),
      make('Microsoft.Compute/virtualMachines', 'vm', { provisioningState: 'Creating' }),
    ];
    const group = {
      subscriptionId: 's',
      name: 'g',
      location: 'westeurope',
      provisioningState: 'Deleting' as const,
    };
    const store = createResourceStore({ ...emptyStore, resources, groups: [group] }, () => {});
    settleInterrupted(store, ['s']);
    expect(store.list({}).map((each) => [each.name, each.properties.provisioningState])).toEqual([
      ['going', 'Failed'],
      ['fine', 'Succeeded'],
      ['vm', 'Failed'],
    ]);
    expect(store.group('s', 'g')?.provisioningState).toBe('Succeeded');
  });
});
