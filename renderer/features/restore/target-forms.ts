import { z } from 'zod';
import {
  diskNameSchema,
  idSchema,
  type ProcedureOutput,
  type RestorePoint,
  type RestoreTarget,
  regionSchema,
  resourceGroupNameSchema,
  resourceIdSchema,
  subscriptionIdSchema,
  vmNameSchema,
} from '../../../core/contract/index.ts';

export type Places = ProcedureOutput<'restore.places'>;
type DisksTarget = Extract<RestoreTarget, { kind: 'disks' }>;
type NewVmTarget = Extract<RestoreTarget, { kind: 'new-vm' }>;

const placeForm = z.object({
  accountId: idSchema,
  subscriptionId: subscriptionIdSchema,
  resourceGroup: resourceGroupNameSchema,
  region: regionSchema,
  zone: z.enum(['1', '2', '3']).nullable(),
});
export type PlaceForm = z.input<typeof placeForm>;

/** Every disk of the point is listed; only the chosen ones must have a good name. */
export const disksFormSchema = placeForm
  .extend({
    disks: z.array(z.object({ index: z.int(), name: z.string(), chosen: z.boolean() })),
    sku: z.string().nullable(),
  })
  .check(({ value, issues }) => {
    const names = new Set<string>();
    for (const [position, disk] of value.disks.entries()) {
      if (!disk.chosen) continue;
      const report = (message: string) =>
        issues.push({ code: 'custom', input: disk.name, path: ['disks', position, 'name'], message });
      if (!diskNameSchema.safeParse(disk.name).success) report('1 to 80 letters, digits, _ . -');
      else if (names.has(disk.name.toLowerCase())) report('two disks cannot have one name');
      names.add(disk.name.toLowerCase());
    }
    if (names.size === 0) {
      issues.push({
        code: 'custom',
        input: value.disks,
        path: ['disks', 0, 'name'],
        message: 'choose at least one disk',
      });
    }
  });
export type DisksForm = z.input<typeof disksFormSchema>;

export const newVmFormSchema = placeForm.extend({
  name: vmNameSchema,
  size: z.string().min(1),
  subnetId: resourceIdSchema,
  securityGroupId: resourceIdSchema.nullable(),
  publicIp: z.boolean(),
  start: z.boolean(),
});
export type NewVmForm = z.input<typeof newVmFormSchema>;

/** The point's own place where it can still be reached, else the first there is. */
export function defaultPlace(point: RestorePoint, places: Places): PlaceForm {
  const [, , subscriptionId = '', , groupName = ''] = point.resourceId.split('/');
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  const place = places.find((one) => same(one.subscriptionId, subscriptionId)) ?? places[0];
  const group = place?.resourceGroups.find(({ name }) => same(name, groupName));
  const region = place?.regions.find(({ name }) => name === point.region) ?? place?.regions[0];
  return {
    accountId: place?.accountId ?? '',
    subscriptionId: place?.subscriptionId ?? '',
    resourceGroup: group?.name ?? '',
    region: region?.name ?? '',
    zone: null,
  };
}

/** `web-01_OsDisk` becomes `web-01_OsDisk-restored`, cut to the length that Azure takes. */
export function restoredName(name: string, longest: number): string {
  const suffix = '-restored';
  return `${name.slice(0, longest - suffix.length)}${suffix}`;
}

export function disksFormFor(point: RestorePoint, places: Places, target: RestoreTarget | null): DisksForm {
  const kept: DisksTarget | null = target?.kind === 'disks' ? target : null;
  return {
    ...(kept ?? defaultPlace(point, places)),
    disks: point.disks.map(({ index, name }) => {
      const former = kept?.disks.find((disk) => disk.index === index);
      return {
        index,
        name: former?.name ?? restoredName(name, 80),
        chosen: kept === null || former !== undefined,
      };
    }),
    sku: kept?.sku ?? null,
  };
}

export function toDisksTarget({ disks, ...rest }: DisksForm): DisksTarget {
  const chosen = disks.filter((disk) => disk.chosen).map(({ index, name }) => ({ index, name }));
  return { kind: 'disks', ...pickPlace(rest), sku: rest.sku, disks: chosen };
}

export interface NewVmDefaults {
  readonly point: RestorePoint;
  readonly places: Places;
  readonly target: RestoreTarget | null;
  /** The original machine's size; empty when the machine is gone. */
  readonly size: string;
}

export function newVmFormFor({ point, places, target, size }: NewVmDefaults): NewVmForm {
  if (target?.kind === 'new-vm') return target;
  return {
    ...defaultPlace(point, places),
    name: restoredName(point.resourceName, 64),
    size,
    subnetId: '',
    securityGroupId: null,
    publicIp: false,
    start: false,
  };
}

export function toNewVmTarget(form: NewVmForm): NewVmTarget {
  const { name, size, subnetId, securityGroupId, publicIp, start } = form;
  return { kind: 'new-vm', ...pickPlace(form), name, size, subnetId, securityGroupId, publicIp, start };
}

function pickPlace({ accountId, subscriptionId, resourceGroup, region, zone }: PlaceForm): PlaceForm {
  return { accountId, subscriptionId, resourceGroup, region, zone };
}
