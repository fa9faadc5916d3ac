import type { VmPowerState } from '../../../ports.ts';
import type { ArmDeps } from '../../call.ts';
import type { Resource } from '../../resource.ts';

/** The power state: what the plane saw last, else what was asked for last. */
export function powerStateOf(deps: Pick<ArmDeps, 'vms'>, vm: Resource): VmPowerState {
  const asked = vm.hidden.powerState as VmPowerState | undefined;
  // A deallocated VM has no machine any more; everything else the machine itself knows better.
  if (asked === 'deallocated') return asked;
  return deps.vms.powerState(String(vm.properties.vmId)) ?? asked ?? 'stopped';
}

export function isVmRunning(deps: Pick<ArmDeps, 'vms'>, vm: Resource): boolean {
  return powerStateOf(deps, vm) !== 'deallocated';
}
