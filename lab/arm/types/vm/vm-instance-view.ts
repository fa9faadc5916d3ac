import type { JsonObject } from '../../../front/index.ts';
import type { VmPowerState } from '../../../ports.ts';
import type { Call } from '../../call.ts';
import { compact, stringAt } from '../../json-path.ts';
import { provisioningStateOf, type Resource } from '../../resource.ts';
import { diskIdsOf } from './vm-machine.ts';
import { powerStateOf } from './vm-power.ts';

const powerWords: Readonly<Record<VmPowerState, string>> = {
  starting: 'VM starting',
  running: 'VM running',
  stopping: 'VM stopping',
  stopped: 'VM stopped',
  deallocated: 'VM deallocated',
};

const provisioningWords: Readonly<Record<string, string>> = {
  succeeded: 'Provisioning succeeded',
  failed: 'Provisioning failed',
  creating: 'Creating',
  updating: 'Updating',
  deleting: 'Deleting',
};

/** `instanceView` of a VM: what it does now. */
export function instanceView(call: Call, vm: Resource): JsonObject {
  const time = new Date(call.deps.now()).toISOString();
  const power = powerStateOf(call.deps, vm);
  const state = provisioningStateOf(vm).toLowerCase();
  const provisioning = {
    code: `ProvisioningState/${state}`,
    level: state === 'failed' ? 'Error' : 'Info',
    displayStatus: provisioningWords[state] ?? state,
    time,
  };
  const running = power === 'running';
  const agent = {
    vmAgentVersion: '2.13.1.1',
    statuses: [
      {
        code: 'ProvisioningState/succeeded',
        level: 'Info',
        displayStatus: 'Ready',
        message: 'Guest Agent is running',
        time,
      },
    ],
  };
  return compact({
    computerName: running ? stringAt(vm.properties, 'osProfile', 'computerName') : undefined,
    hyperVGeneration: generationOf(call, vm),
    vmAgent: running ? agent : undefined,
    disks: diskIdsOf(vm).map((id) => ({
      name: call.deps.store.get(id)?.name ?? id.split('/').at(-1),
      statuses: [
        { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded', time },
      ],
    })),
    statuses: [
      provisioning,
      { code: `PowerState/${power}`, level: 'Info', displayStatus: powerWords[power] },
    ],
  });
}

function generationOf(call: Call, vm: Resource): string {
  const id = stringAt(vm.properties, 'storageProfile', 'osDisk', 'managedDisk', 'id');
  const disk = id === undefined ? undefined : call.deps.store.get(id);
  return stringAt(disk?.properties, 'hyperVGeneration') ?? 'V1';
}
