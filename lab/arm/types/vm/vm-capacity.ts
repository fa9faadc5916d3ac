import type { JsonObject, LabResponse } from '../../../front/index.ts';
import { apiVersions } from '../../api-versions.ts';
import { ArmError, invalidParameter } from '../../arm-error.ts';
import { type Call, param, type Route } from '../../call.ts';
import { sameText, stringAt } from '../../json-path.ts';
import { page } from '../../paging.ts';
import type { Resource } from '../../resource.ts';
import { powerStateOf } from './vm-power.ts';
import { type VmSize, vmSizes } from './vm-sizes.ts';

export const vmType = 'Microsoft.Compute/virtualMachines';
const defaultFamilyLimit = 100;
const defaultRegionLimit = 350;
const defaultVmLimit = 25_000;

export const sizeOf = (vm: Resource): VmSize | undefined =>
  vmSizes.find((each) => sameText(each.name, stringAt(vm.properties, 'hardwareProfile', 'vmSize')));

interface Usage {
  readonly name: string;
  readonly shown: string;
  readonly current: number;
  readonly limit: number;
}

/** VMs that hold cores in a region: all but the deallocated ones. */
function runningVms(call: Call, location: string): readonly Resource[] {
  return call.deps.store
    .list({ subscriptionId: call.subscriptionId, type: vmType })
    .filter((vm) => vm.location === location && powerStateOf(call.deps, vm) !== 'deallocated');
}

function limitOf(call: Call, location: string, name: string, fallback: number): number {
  const quota = call.deps.facts.quotas.find(
    (each) =>
      sameText(each.subscriptionId, call.subscriptionId) &&
      each.location === location &&
      sameText(each.name, name),
  );
  return quota?.limit ?? fallback;
}

function usagesOf(call: Call, location: string): readonly Usage[] {
  const vms = runningVms(call, location);
  const cores = (family?: string): number =>
    vms
      .map(sizeOf)
      .filter((size) => size !== undefined && (family === undefined || size.family === family))
      .reduce((sum, size) => sum + (size?.cores ?? 0), 0);
  const families = [...new Set(vmSizes.map((each) => each.family))];
  return [
    {
      name: 'cores',
      shown: 'Total Regional vCPUs',
      current: cores(),
      limit: limitOf(call, location, 'cores', defaultRegionLimit),
    },
    {
      name: 'virtualMachines',
      shown: 'Virtual Machines',
      current: vms.length,
      limit: limitOf(call, location, 'virtualMachines', defaultVmLimit),
    },
    ...families.map((family) => ({
      name: family,
      shown: `${family.replace(/^standard/, 'Standard ').replace(/Family$/, ' Family')} vCPUs`,
      current: cores(family),
      limit: limitOf(call, location, family, defaultFamilyLimit),
    })),
  ];
}

/** The size a request names; throws when the region does not have it, is out of it, or the quota is used up. */
export function requireCapacity(
  call: Call,
  wanted: {
    readonly vmSize: string | undefined;
    readonly location: string;
    readonly zones: readonly string[];
    readonly held: VmSize | undefined;
  },
): VmSize {
  const { vmSize, location, zones, held } = wanted;
  const size = vmSizes.find((each) => sameText(each.name, vmSize));
  if (!size) {
    throw invalidParameter(
      'vmSize',
      `The value ${vmSize} provided for the VM size is not valid. The valid sizes in the current region are: ${vmSizes.map((each) => each.name).join(',')}.`,
    );
  }
  const restricted = call.deps.facts.skuRestrictions.some(
    (each) =>
      sameText(each.subscriptionId, call.subscriptionId) &&
      each.location === location &&
      sameText(each.vmSize, size.name) &&
      (each.zones === undefined || zones.some((zone) => each.zones?.includes(zone))),
  );
  if (restricted) {
    throw new ArmError(
      409,
      'SkuNotAvailable',
      `The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: ${size.name}' is currently not available in location '${location}'. Please try another size or deploy to a different location or different zone. See https://aka.ms/azureskunotavailable for details.`,
    );
  }
  checkQuota(call, { size, location, held });
  return size;
}

function addedTo(usage: string, size: VmSize, held: VmSize | undefined): number {
  if (usage === 'virtualMachines') return held ? 0 : 1;
  if (usage === 'cores') return size.cores - (held?.cores ?? 0);
  return size.cores - (held?.family === size.family ? held.cores : 0);
}

/** `held`: the size the VM already counts with. */
function checkQuota(
  call: Call,
  { size, location, held }: { size: VmSize; location: string; held: VmSize | undefined },
): void {
  for (const usage of usagesOf(call, location)) {
    const added = addedTo(usage.name, size, held);
    const counts = usage.name === 'cores' || usage.name === 'virtualMachines' || usage.name === size.family;
    if (!counts || added <= 0 || usage.current + added <= usage.limit) continue;
    throw new ArmError(
      409,
      'OperationNotAllowed',
      `Operation could not be completed as it results in exceeding approved ${usage.name === size.family ? `${size.family} Cores` : usage.shown} quota. Additional details - Deployment Model: Resource Manager, Location: ${location}, Current Limit: ${usage.limit}, Current Usage: ${usage.current}, Additional Required: ${added}, (Minimum) New Limit Required: ${usage.current + added}. Submit a request for Quota increase by specifying parameters listed in the 'Details' section for deployment to succeed.`,
    );
  }
}

function showUsage({ name, shown, current, limit }: Usage): JsonObject {
  return { unit: 'Count', currentValue: current, limit, name: { value: name, localizedValue: shown } };
}

function listUsages(call: Call): LabResponse {
  const location = param(call, 'location').toLowerCase();
  if (!call.deps.facts.locations.some((each) => each.name === location)) {
    throw new ArmError(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for location '${location}'.`,
    );
  }
  return page(call, usagesOf(call, location).map(showUsage));
}

function showSku(call: Call, size: VmSize, location: { name: string; zones: readonly string[] }): JsonObject {
  const capabilities: Readonly<Record<string, string>> = {
    vCPUs: String(size.cores),
    vCPUsAvailable: String(size.cores),
    MemoryGB: String(size.memoryGb),
    MaxDataDiskCount: String(size.maxDataDisks),
    MaxNetworkInterfaces: String(size.maxNics),
    PremiumIO: size.premiumIo ? 'True' : 'False',
    HyperVGenerations: size.generations,
    CpuArchitectureType: size.architecture,
    EphemeralOSDiskSupported: 'False',
    AcceleratedNetworkingEnabled: 'True',
  };
  const restrictions = call.deps.facts.skuRestrictions
    .filter(
      (each) =>
        sameText(each.subscriptionId, call.subscriptionId) &&
        each.location === location.name &&
        sameText(each.vmSize, size.name),
    )
    .map((each) => ({
      type: each.zones === undefined ? 'Location' : 'Zone',
      values: [location.name],
      restrictionInfo: {
        locations: [location.name],
        ...(each.zones === undefined ? {} : { zones: each.zones }),
      },
      reasonCode: each.reasonCode,
    }));
  return {
    resourceType: 'virtualMachines',
    name: size.name,
    tier: size.tier,
    size: size.name.replace('Standard_', ''),
    family: size.family,
    locations: [location.name],
    locationInfo: [{ location: location.name, zones: location.zones, zoneDetails: [] }],
    capabilities: Object.entries(capabilities).map(([name, value]) => ({ name, value })),
    restrictions,
  };
}

function listSkus(call: Call): LabResponse {
  const filter = call.request.query.get('$filter');
  const wanted = filter === null ? undefined : /^location eq '([^']+)'$/i.exec(filter)?.[1]?.toLowerCase();
  if (filter !== null && wanted === undefined) {
    throw invalidParameter(
      '$filter',
      `The filter '${filter}' is not supported; only location can be filtered.`,
    );
  }
  const locations = call.deps.facts.locations.filter((each) => wanted === undefined || each.name === wanted);
  return page(
    call,
    locations.flatMap((location) => vmSizes.map((size) => showSku(call, size, location))),
  );
}

export const capacityRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.Compute/skus',
    action: 'Microsoft.Compute/skus/read',
    apiVersions: apiVersions.skus,
    handle: listSkus,
  },
  {
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.Compute/locations/{location}/usages',
    action: 'Microsoft.Compute/locations/usages/read',
    apiVersions: apiVersions.virtualMachines,
    handle: listUsages,
  },
];
