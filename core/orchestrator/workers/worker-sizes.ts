import { type Connection, listSizes, type SizeInfo } from '../../azure/index.ts';
import { AppError } from '../../contract/index.ts';

export interface SizeChoice {
  readonly connection: Connection;
  readonly subscriptionId: string;
  readonly region: string;
  readonly sizes: readonly string[];
}

/**
 * Those of the wanted sizes that this subscription can have in the region now, in their order. Throws
 * `quota-exceeded` or `capacity-unavailable`, saying for each size why not.
 */
export async function usableSizes(choice: SizeChoice, signal: AbortSignal): Promise<readonly string[]> {
  const known = await listSizes(choice.connection, choice, signal);
  return chooseSizes(choice.sizes, known, choice.region);
}

export function chooseSizes(
  wanted: readonly string[],
  known: readonly SizeInfo[],
  region: string,
): readonly string[] {
  const found = wanted.map((name) => ({
    name,
    info: known.find((size) => size.name.toLowerCase() === name.toLowerCase()),
  }));
  const usable = found.filter(({ info }) => info?.refusal === null).map(({ name }) => name);
  if (usable.length > 0) return usable;
  const reasons = found.map(
    ({ name, info }) => [name, info?.refusal ?? 'Not offered in this region.'] as const,
  );
  const quota = found.some(({ info }) => info?.refusalKind === 'quota');
  throw new AppError(quota ? 'quota-exceeded' : 'capacity-unavailable', {
    message: `No worker can be started in ${region}: ${reasons[0]?.[0] ?? 'no size'}: ${reasons[0]?.[1] ?? 'none is configured'}`,
    hint: quota
      ? 'Ask Azure for a higher quota of cores in this region, or give workers another size.'
      : 'Give workers of this region another size.',
    details: Object.fromEntries(reasons),
  });
}
