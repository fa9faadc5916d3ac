import { expect, test } from 'vitest';
import { estateSeed } from './estate-seed.ts';
import { imageRecipes } from './image-recipes.ts';
import { seededRandom } from './random-source.ts';

const seed = estateSeed('full');
const ids = new Set(seed.resources.map(({ id }) => id));
const vms = seed.resources.filter(({ id }) => id.includes('/virtualMachines/'));

interface VmShape {
  readonly powerState: string;
  readonly networkProfile: { readonly networkInterfaces: readonly { readonly id: string }[] };
  readonly storageProfile: {
    readonly osDisk: {
      readonly managedDisk?: { readonly id: string };
      readonly vhd?: { readonly uri: string };
    };
    readonly dataDisks: readonly { readonly managedDisk: { readonly id: string } }[];
  };
}
const shapeOf = (vm: (typeof vms)[number]): VmShape => vm.properties as unknown as VmShape;

test('two subscriptions, three regions, ten VMs of every kind the console must cope with', () => {
  expect(seed.subscriptions).toHaveLength(2);
  expect(new Set(vms.map(({ location }) => location)).size).toBe(3);
  expect(vms).toHaveLength(10);
  expect(vms.filter((vm) => shapeOf(vm).storageProfile.osDisk.vhd !== undefined)).toHaveLength(1);
  expect(vms.filter((vm) => shapeOf(vm).powerState === 'deallocated')).toHaveLength(1);
  expect(vms.filter(({ plan }) => plan !== undefined)).toHaveLength(1);
  expect(Math.max(...vms.map(({ id }) => id.split('/').at(-1)?.length ?? 0))).toBeGreaterThan(60);
});

test('ids are unique, names within Azure’s limits, and nothing points at what is not there', () => {
  expect(ids.size).toBe(seed.resources.length);
  for (const id of ids) expect(id.split('/').at(-1)?.length).toBeLessThanOrEqual(80);
  for (const vm of vms) {
    const { networkProfile, storageProfile } = shapeOf(vm);
    expect(vm.id.split('/').at(-1)?.length).toBeLessThanOrEqual(64);
    for (const { id } of networkProfile.networkInterfaces) expect(ids).toContain(id);
    const disks = [
      storageProfile.osDisk.managedDisk,
      ...storageProfile.dataDisks.map((disk) => disk.managedDisk),
    ];
    for (const disk of disks) if (disk !== undefined) expect(ids).toContain(disk.id);
  }
  const text = JSON.stringify(seed.resources);
  for (const [, id] of text.matchAll(/"subnet":\{"id":"([^"]+)\/subnets/g)) expect(ids).toContain(id);
  for (const [, id] of text.matchAll(/"networkSecurityGroup":\{"id":"([^"]+)"/g)) expect(ids).toContain(id);
});

test('every disk has an image that fits', () => {
  for (const [id, image] of Object.entries(seed.diskImages)) {
    const recipe = imageRecipes.find(({ name }) => name === image);
    const disk = seed.resources.find((each) => each.id === id);
    expect(recipe?.sizeMib).toBe(Number(disk?.properties['diskSizeGB']) * 1024);
  }
});

test('a seed always gives the same numbers and bytes, another one others', () => {
  const draw = (text: string): unknown[] => {
    const random = seededRandom(text);
    return [
      random.below(1000),
      random.bytes(8).toString('hex'),
      random.below(2 ** 32),
      random.bytes(3).toString('hex'),
    ];
  };
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
});
