import type { ResourceSku, Usage } from '@azure/arm-compute';
import { computeClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { azureCall } from './errors.ts';
import { collect } from './inventory.ts';
import type { SizeInfo } from './model.ts';

export interface SizeQuery {
  readonly subscriptionId: string;
  readonly region: string;
  readonly zone?: string | null;
}

/**
 * Virtual machine sizes of a region, each with the reason why this subscription cannot have it now: a restriction
 * on the size, or too few cores left in its family or in the region.
 */
export async function listSizes(
  connection: Connection,
  query: SizeQuery,
  signal: AbortSignal,
): Promise<SizeInfo[]> {
  return azureCall(`list machine sizes of ${query.region}`, signal, async () => {
    const client = await computeClient(connection, query.subscriptionId);
    const [skus, usages] = await Promise.all([
      collect(
        client.resourceSkus.list({ filter: `location eq '${query.region}'`, abortSignal: signal }),
        signal,
      ),
      collect(client.usage.list(query.region, { abortSignal: signal }), signal),
    ]);
    return skus
      .filter((sku) => sku.resourceType === 'virtualMachines' && sku.name !== undefined)
      .map((sku) => sizeInfo(sku, query, usages));
  });
}

function sizeInfo(sku: ResourceSku, query: SizeQuery, usages: readonly Usage[]): SizeInfo {
  const capability = (name: string): string | undefined =>
    sku.capabilities?.find((candidate) => candidate.name === name)?.value;
  const cores = Number(capability('vCPUsAvailable') ?? capability('vCPUs') ?? 0);
  const restricted = restrictionOf(sku, query);
  const lacking = restricted === null ? quotaLack(sku.family ?? '', cores, usages) : null;
  return {
    name: sku.name ?? '',
    family: sku.family ?? '',
    cores,
    memoryGib: Number(capability('MemoryGB') ?? 0),
    maxDataDisks: Number(capability('MaxDataDiskCount') ?? 0),
    zones: sku.locationInfo?.flatMap((info) => info.zones ?? []) ?? [],
    premiumDisks: capability('PremiumIO') === 'True',
    refusal: restricted ?? lacking,
    refusalKind: restricted !== null ? 'restricted' : lacking !== null ? 'quota' : null,
  };
}

function restrictionOf(sku: ResourceSku, query: SizeQuery): string | null {
  for (const restriction of sku.restrictions ?? []) {
    if (restriction.type === 'Location')
      return restriction.reasonCode === 'QuotaId'
        ? "Not offered with this subscription's contract."
        : 'Not available to this subscription in this region.';
    const zones = restriction.restrictionInfo?.zones ?? [];
    if (query.zone && zones.includes(query.zone)) return `Not available in zone ${query.zone}.`;
  }
  return null;
}

/** Azure counts cores per family (`standardFSv2Family`), per region (`cores`), and machines. */
function quotaLack(family: string, cores: number, usages: readonly Usage[]): string | null {
  const needs: ReadonlyArray<readonly [name: string, amount: number, unit: string]> = [
    [family, cores, `cores of ${family}`],
    ['cores', cores, 'cores in this region'],
    ['virtualMachines', 1, 'virtual machines in this region'],
  ];
  for (const [name, amount, unit] of needs) {
    const usage = usages.find((candidate) => candidate.name?.value?.toLowerCase() === name.toLowerCase());
    if (usage && usage.currentValue + amount > usage.limit)
      return `The quota of ${usage.limit} ${unit} leaves ${Math.max(usage.limit - usage.currentValue, 0)}; ${amount} needed.`;
  }
  return null;
}
