import { AppError, type RestorePoint, type RestoreTarget } from '../../core/contract/index.ts';
import type { Core } from '../../core/host.ts';
import { only } from './find.ts';

/** The options of `cairn restore` that say where to. What is left out is taken from the machine as it was. */
export interface TargetOptions {
  readonly to: 'disks' | 'new-vm' | 'original';
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly region?: string;
  readonly zone?: '1' | '2' | '3';
  /** `INDEX` or `INDEX=NAME`; all disks when empty. */
  readonly disk: readonly string[];
  readonly sku?: string;
  readonly name?: string;
  readonly size?: string;
  readonly subnet?: string;
  readonly securityGroup?: string;
  readonly publicIp?: boolean;
  readonly start?: boolean;
}

/** Throws `invalid-input` or `not-found`, naming the option. */
export async function restoreTarget(
  core: Core,
  point: RestorePoint,
  options: TargetOptions,
  signal: AbortSignal,
): Promise<RestoreTarget> {
  const start = options.start === true;
  if (options.to === 'original') return { kind: 'original-vm', start };
  const place = await restorePlace(core, point, options, signal);
  if (options.to === 'disks')
    return { kind: 'disks', ...place, disks: diskTargets(point, options.disk), sku: options.sku ?? null };
  const { accountId, subscriptionId, region } = place;
  const networks = await core.call('restore.networks', { accountId, subscriptionId, region }, signal);
  return {
    kind: 'new-vm',
    ...place,
    name: required(options.name, 'name'),
    size: required(options.size, 'size'),
    subnetId: findNetworkPart(networks.subnets, required(options.subnet, 'subnet'), 'subnet'),
    securityGroupId:
      options.securityGroup === undefined
        ? null
        : findNetworkPart(networks.securityGroups, options.securityGroup, 'security-group'),
    publicIp: options.publicIp === true,
    start,
  };
}

async function restorePlace(core: Core, point: RestorePoint, options: TargetOptions, signal: AbortSignal) {
  const places = await core.call('restore.places', { pointId: point.id }, signal);
  const origin = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\//i.exec(point.resourceId);
  const wanted = options.subscription ?? origin?.[1] ?? '';
  const place = only(
    places.filter((candidate) =>
      [candidate.subscriptionId, candidate.subscriptionName].some(
        (name) => name.toLowerCase() === wanted.toLowerCase(),
      ),
    ),
    {
      field: 'subscription',
      type: 'subscription to restore to',
      wanted,
      name: (candidate) => candidate.subscriptionId,
      hint: `Choose with --subscription one of: ${places.map((candidate) => candidate.subscriptionName).join(', ')}.`,
    },
  );
  return {
    accountId: place.accountId,
    subscriptionId: place.subscriptionId,
    resourceGroup: options.resourceGroup ?? origin?.[2] ?? '',
    region: options.region ?? point.region,
    zone: options.zone ?? null,
  };
}

function diskTargets(point: RestorePoint, wanted: readonly string[]) {
  const stamp = point.takenAt.replaceAll(/[-:]/g, '').slice(0, 13);
  const target = (index: number, name: string | undefined) => {
    const disk = point.disks.find((candidate) => candidate.index === index);
    if (disk === undefined)
      throw new AppError('invalid-input', {
        message: `The restore point has no disk ${index}.`,
        hint: `Its disks are ${point.disks.map((candidate) => `${candidate.index} (${candidate.name})`).join(', ')}.`,
        details: { field: 'disk' },
      });
    return { index, name: name ?? `${disk.name.slice(0, 60)}-${stamp}` };
  };
  if (wanted.length === 0) return point.disks.map((disk) => target(disk.index, undefined));
  return wanted.map((text) => {
    const match = /^(\d{1,2})(?:=(.+))?$/.exec(text);
    if (match === null)
      throw new AppError('invalid-input', {
        message: `"${text}" is not a disk.`,
        hint: 'Give --disk INDEX or --disk INDEX=NAME; index 0 is the OS disk.',
        details: { field: 'disk' },
      });
    return target(Number(match[1]), match[2]);
  });
}

function findNetworkPart(
  parts: ReadonlyArray<{ readonly id: string; readonly name: string; readonly network?: string }>,
  wanted: string,
  field: string,
): string {
  const key = wanted.toLowerCase();
  const matches = parts.filter((part) =>
    [part.id, part.name, `${part.network}/${part.name}`].some((name) => name.toLowerCase() === key),
  );
  const hint = `There are: ${parts.map((part) => (part.network ? `${part.network}/${part.name}` : part.name)).join(', ')}.`;
  return only(matches, { field, type: field.replace('-', ' '), wanted, name: (part) => part.id, hint }).id;
}

function required(value: string | undefined, option: string): string {
  if (value !== undefined) return value;
  throw new AppError('invalid-input', {
    message: `A new virtual machine needs --${option}.`,
    hint: 'See `cairn restore --help`.',
    details: { field: option },
  });
}
