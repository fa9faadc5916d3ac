import type { JsonObject, LabResponse } from '../../../front/index.ts';
import { operationNotAllowed } from '../../arm-error.ts';
import type { Call, Route } from '../../call.ts';
import { objectsAt, stringAt, stringsAt } from '../../json-path.ts';
import type { Resource } from '../../resource.ts';
import type { ResourceKind } from '../../resource-kind.ts';
import { actionRoute, oneOf, requireResource } from '../../resource-routes.ts';
import { requireCapacity, sizeOf } from './vm-capacity.ts';
import { instanceView } from './vm-instance-view.ts';
import { startMachine, stopMachine } from './vm-machine.ts';
import { powerStateOf } from './vm-power.ts';

type Base = Pick<ResourceKind, 'type' | 'nameParameter' | 'apiVersions'>;
type Work = { work: (signal: AbortSignal) => Promise<JsonObject | undefined> };

/** Power actions, run command and the instance view. */
export function vmActionRoutes(kind: () => ResourceKind, base: Base): readonly Route[] {
  return [
    actionRoute(kind, 'start', start, base),
    actionRoute(kind, 'powerOff', (call, vm) => stop(call, vm, 'stopped'), base),
    actionRoute(kind, 'deallocate', (call, vm) => stop(call, vm, 'deallocated'), base),
    actionRoute(kind, 'restart', restart, base),
    actionRoute(kind, 'runCommand', runCommand, base),
    {
      method: 'GET',
      path: `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${base.type}/{${base.nameParameter}}/instanceView`,
      action: `${base.type}/instanceView/read`,
      apiVersions: base.apiVersions,
      handle: (call): LabResponse => ({
        status: 200,
        body: instanceView(call, requireResource(kind(), call)),
      }),
    },
  ];
}

function start(call: Call, vm: Resource): Work {
  if (powerStateOf(call.deps, vm) === 'deallocated') {
    // A deallocated VM holds no cores, so starting it may find none.
    const size = sizeOf(vm);
    requireCapacity(call, {
      vmSize: size?.name,
      location: vm.location,
      zones: vm.zones ?? [],
      held: undefined,
    });
  }
  return {
    work: async (signal) => {
      if (powerStateOf(call.deps, vm) !== 'running')
        await startMachine(call.deps, { vm, firstBoot: false }, signal);
      return undefined;
    },
  };
}

function stop(call: Call, vm: Resource, state: 'stopped' | 'deallocated'): Work {
  return {
    work: async (signal) => {
      await stopMachine(call.deps, { vm, state }, signal);
      return undefined;
    },
  };
}

function restart(call: Call, vm: Resource): Work {
  requireRunning(call, vm);
  return {
    work: async (signal) => {
      await stopMachine(call.deps, { vm, state: 'stopped' }, signal);
      await startMachine(call.deps, { vm, firstBoot: false }, signal);
      return undefined;
    },
  };
}

function requireRunning(call: Call, vm: Resource): void {
  if (powerStateOf(call.deps, vm) === 'running') return;
  throw operationNotAllowed('The operation requires the VM to be running (or set to run).');
}

function runCommand(call: Call, vm: Resource): Work {
  requireRunning(call, vm);
  const commandId = oneOf(
    stringAt(call.body, 'commandId'),
    ['RunShellScript', 'RunPowerShellScript'],
    'commandId',
  );
  const names = objectsAt(call.body, 'parameters').map((each) => stringAt(each, 'name'));
  if (names.includes(undefined)) throw operationNotAllowed('Every parameter of a run command needs a name.');
  const script = stringsAt(call.body, 'script');
  return {
    work: async (signal) => {
      const { exitCode, stdout, stderr } = await call.deps.vms.runCommand(
        String(vm.properties.vmId),
        { commandId, script },
        signal,
      );
      const word =
        exitCode === 0
          ? 'succeeded: '
          : `failed: failed to execute command: command terminated with exit status=${exitCode}`;
      const status: JsonObject = {
        code: 'ProvisioningState/succeeded',
        level: 'Info',
        displayStatus: 'Provisioning succeeded',
        message: `Enable ${word}\n[stdout]\n${stdout}\n[stderr]\n${stderr}`,
      };
      return { value: [status] };
    },
  };
}
