import {
  getDisk,
  getVirtualMachineState,
  parseResourceId,
  resourceIdOf,
  type VmState,
} from '../../../azure/index.ts';
import type { RestoreTarget } from '../../../contract/index.ts';
import type { PlannedRestore } from '../../restore-planning.ts';
import { markedName } from '../names.ts';
import { readText } from '../saved-json.ts';
import { inputOf } from './plan-disks.ts';
import { planMachine } from './plan-new-machine.ts';
import {
  chooseWorker,
  diskItem,
  type Place,
  type PlanContext,
  type PlanItem,
  sizesOf,
  sumOfSizes,
  targetDisk,
  warning,
} from './planning.ts';
import type { TargetDisk } from './state.ts';

type OriginalTarget = Extract<RestoreTarget, { kind: 'original-vm' }>;

/** The point's own machine: its disks are replaced; it is created again when it is gone. */
export async function planOriginal(
  context: PlanContext,
  accountId: string,
  target: OriginalTarget,
): Promise<PlannedRestore> {
  const { summary } = context.document.configuration;
  const { subscriptionId, resourceGroup } = parseResourceId(summary.resourceId);
  const place: Place = {
    accountId,
    subscriptionId,
    resourceGroup,
    region: summary.region,
    zone: summary.zone,
  };
  const state = await getVirtualMachineState(context.connection, summary.resourceId, context.signal);
  return state
    ? planReplacement(context, place, { target, state })
    : planReturn(context, place, target.start);
}

/** New disks under new names; the old ones stay, detached. */
async function planReplacement(
  context: PlanContext,
  place: Place,
  found: { readonly target: OriginalTarget; readonly state: VmState },
): Promise<PlannedRestore> {
  const { summary } = context.document.configuration;
  const disks = replacementDisks(context, place);
  const worker = chooseWorker(context, await sizesOf(context, place), place.region);
  const vmId = summary.resourceId;
  return {
    items: [
      ...disks.map((disk) => diskItem(disk, place.resourceGroup)),
      ...replacementItems(disks, summary.name, found),
    ],
    notices: [
      warning(
        `${summary.name} is stopped, and everything written to its disks since this restore point leaves it with the old disks.`,
        'The old disks stay in the resource group, detached; delete them when they are no longer needed.',
      ),
      ...worker.notices,
    ],
    diskBytes: sumOfSizes(disks),
    workerRegion: place.region,
    workerSize: worker.size,
    confirmation: summary.name,
    input: {
      ...inputOf(context, place, disks),
      machine: { mode: 'replace', vmId, start: found.target.start },
    },
  };
}

function replacementDisks(context: PlanContext, place: Place): TargetDisk[] {
  return context.document.disks.flatMap((disk) => {
    const targetId = resourceIdOf('disk', place, markedName(disk.name, context.request.planId));
    return targetDisk(context.document, disk.index, { targetId, sku: null }) ?? [];
  });
}

function replacementItems(
  disks: readonly TargetDisk[],
  machine: string,
  { state, target }: { readonly state: VmState; readonly target: OriginalTarget },
): PlanItem[] {
  const type = 'Virtual machine';
  const stop: PlanItem = { action: 'stop', type, name: machine, detail: `It is ${state.power} now` };
  const replaced = disks.map(
    ({ name }): PlanItem => ({
      action: 'replace',
      type: 'Managed disk',
      name,
      detail: 'Detached and kept',
    }),
  );
  return [
    stop,
    ...replaced,
    ...(target.start ? [{ action: 'start' as const, type, name: machine, detail: '' }] : []),
  ];
}

/** The machine is gone: it is made again under its own name, in its own subnet. */
async function planReturn(context: PlanContext, place: Place, start: boolean): Promise<PlannedRestore> {
  const { configuration } = context.document;
  const primary = configuration.interfaces.find(({ primary }) => primary) ?? configuration.interfaces[0];
  const { name, size } = configuration.summary;
  const gone = warning(
    `${name} does not exist any more; it is created again from its saved configuration.`,
    'It gets a new network interface in its old subnet, and a new private address.',
  );
  const wish = {
    ...place,
    name,
    size,
    subnetId: primary?.subnetId ?? '',
    securityGroupId: securityGroupOf(context, primary?.nicId ?? ''),
    publicIp: false,
    start,
  };
  const planned = await planMachine(context, wish, [gone]);
  return withOldNames(context, place, planned);
}

function securityGroupOf(context: PlanContext, nicId: string): string | null {
  const nic = context.document.configuration.nics.find(
    (candidate) => readText(candidate, ['id'])?.toLowerCase() === nicId.toLowerCase(),
  );
  return readText(nic, ['networkSecurityGroup', 'id']);
}

/** The disks get their old names back where those are free. */
async function withOldNames(
  context: PlanContext,
  place: Place,
  planned: PlannedRestore,
): Promise<PlannedRestore> {
  const made = await Promise.all(
    context.document.disks.map(async (disk) => {
      const plain = resourceIdOf('disk', place, disk.name);
      const taken = await getDisk(context.connection, plain, context.signal);
      const targetId = taken
        ? resourceIdOf('disk', place, markedName(disk.name, context.request.planId))
        : plain;
      return targetDisk(context.document, disk.index, { targetId, sku: null });
    }),
  );
  const disks = made.filter((disk) => disk !== null);
  const others = planned.items.filter(({ type }) => type !== 'Managed disk');
  const input = typeof planned.input === 'object' ? { ...planned.input, disks } : planned.input;
  return {
    ...planned,
    items: [...disks.map((disk) => diskItem(disk, place.resourceGroup)), ...others],
    input,
  };
}
