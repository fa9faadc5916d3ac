import { z } from 'zod';
import { type VirtualMachine, vmProtectionSchema } from '../../../core/contract/index.ts';

/** The filter of the virtual machines page, kept in its address; anything odd in the address is left out. */
export const vmFilterSchema = z.object({
  text: z.string().optional().catch(undefined),
  protection: vmProtectionSchema.shape.state.optional().catch(undefined),
  subscription: z.string().optional().catch(undefined),
  region: z.string().optional().catch(undefined),
});
export type VmFilter = z.infer<typeof vmFilterSchema>;

/** Every word of the text must occur in the machine's name, resource group, size or tags. */
export function matchesVmFilter(vm: VirtualMachine, filter: VmFilter): boolean {
  if (filter.protection !== undefined && vm.protection.state !== filter.protection) return false;
  if (filter.subscription !== undefined && vm.subscriptionId !== filter.subscription) return false;
  if (filter.region !== undefined && vm.region !== filter.region) return false;
  const words = (filter.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const tags = Object.entries(vm.tags).flat();
  const hay = [vm.name, vm.resourceGroup, vm.size, ...tags].join('\n').toLowerCase();
  return words.every((word) => hay.includes(word));
}

/** The choices that occur in a list of machines, for the filter's menus. */
export function filterChoices(vms: readonly VirtualMachine[]) {
  return {
    subscriptions: Object.fromEntries(
      vms
        .map((vm) => [vm.subscriptionId, vm.subscriptionName] as const)
        .sort(([, one], [, other]) => one.localeCompare(other)),
    ),
    regions: Object.fromEntries(
      [...new Set(vms.map((vm) => vm.region))].sort().map((region) => [region, region] as const),
    ),
  };
}
