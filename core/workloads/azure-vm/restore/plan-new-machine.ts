import {
  getDisk,
  getVirtualMachineState,
  listNetworks,
  resourceIdOf,
  type SizeInfo,
} from '../../../azure/index.ts';
import type { RestoreTarget } from '../../../contract/index.ts';
import type { PlannedRestore } from '../../restore-planning.ts';
import { markedName } from '../names.ts';
import { inputOf, missingGroup } from './plan-disks.ts';
import {
  blocking,
  chooseWorker,
  diskItem,
  info,
  type Place,
  type PlanContext,
  type PlanItem,
  type PlanNotice,
  sameName,
  sizesOf,
  sumOfSizes,
  targetDisk,
  warning,
} from './planning.ts';
import type { TargetDisk, TargetMachine } from './state.ts';

type NewVmTarget = Extract<RestoreTarget, { kind: 'new-vm' }>;

/** A new machine: its name, size and network are the operator's choice, everything else is as it was saved. */
export interface MachineWish extends Place {
  readonly name: string;
  readonly size: string;
  readonly subnetId: string;
  readonly securityGroupId: string | null;
  readonly publicIp: boolean;
  readonly start: boolean;
}

export async function planNewMachine(context: PlanContext, target: NewVmTarget): Promise<PlannedRestore> {
  return planMachine(context, target, []);
}

/** Also the plan for an original machine that is gone; `extra` are the notices that say so. */
export async function planMachine(
  context: PlanContext,
  wish: MachineWish,
  extra: readonly PlanNotice[],
): Promise<PlannedRestore> {
  const [sizes, disks] = await Promise.all([sizesOf(context, wish), newDisks(context, wish)]);
  const worker = chooseWorker(context, sizes, wish.region);
  const machine = machineOf(context, wish);
  return {
    items: [...disks.map((disk) => diskItem(disk, wish.resourceGroup)), ...machineItems(machine, wish)],
    notices: [
      ...extra,
      ...(await missingGroup(context, wish)),
      ...(await takenMachine(context, machine)),
      ...(await networkNotices(context, wish)),
      ...sizeNotices(sizes, wish, disks),
      ...interfaceNotices(context),
      ...worker.notices,
    ],
    diskBytes: sumOfSizes(disks),
    workerRegion: wish.region,
    workerSize: worker.size,
    confirmation: null,
    input: { ...inputOf(context, wish, disks), machine },
  };
}

/** `NAME-os` and `NAME-data-LUN`, with the plan's mark where that name is taken. */
async function newDisks(context: PlanContext, wish: MachineWish): Promise<TargetDisk[]> {
  const { document, connection, request, signal } = context;
  const made = await Promise.all(
    document.disks.map(async (disk) => {
      const plain = resourceIdOf(
        'disk',
        wish,
        `${wish.name}-${disk.os ? 'os' : `data-${disk.lun ?? disk.index}`}`,
      );
      const taken = await getDisk(connection, plain, signal);
      const name = plain.split('/').at(-1) ?? '';
      const targetId = taken ? resourceIdOf('disk', wish, markedName(name, request.planId)) : plain;
      return targetDisk(document, disk.index, { targetId, sku: null });
    }),
  );
  return made.filter((disk) => disk !== null);
}

function machineOf(context: PlanContext, wish: MachineWish): Extract<TargetMachine, { mode: 'create' }> {
  const { planId } = context.request;
  return {
    mode: 'create',
    vmId: resourceIdOf('vm', wish, wish.name),
    size: wish.size,
    start: wish.start,
    nics: [
      {
        nicId: resourceIdOf('nic', wish, markedName(wish.name, planId, '-nic')),
        subnetId: wish.subnetId,
        securityGroupId: wish.securityGroupId,
        publicIpId: wish.publicIp
          ? resourceIdOf('publicIp', wish, markedName(wish.name, planId, '-ip'))
          : null,
      },
    ],
  };
}

function machineItems(machine: Extract<TargetMachine, { mode: 'create' }>, wish: MachineWish): PlanItem[] {
  const subnet = wish.subnetId.split('/').at(-1) ?? '';
  const interfaces = machine.nics.flatMap(({ nicId, publicIpId }): PlanItem[] => [
    {
      action: 'create',
      type: 'Network interface',
      name: nicId.split('/').at(-1) ?? '',
      detail: `In subnet ${subnet}, with a new private address`,
    },
    ...(publicIpId === null
      ? []
      : [
          {
            action: 'create' as const,
            type: 'Public IP address',
            name: publicIpId.split('/').at(-1) ?? '',
            detail: 'A new address',
          },
        ]),
  ]);
  const where = wish.zone === null ? wish.region : `${wish.region}, zone ${wish.zone}`;
  return [
    ...interfaces,
    { action: 'create', type: 'Virtual machine', name: wish.name, detail: `${wish.size} in ${where}` },
    ...(wish.start
      ? [{ action: 'start' as const, type: 'Virtual machine', name: wish.name, detail: '' }]
      : []),
  ];
}

async function takenMachine(
  context: PlanContext,
  machine: Extract<TargetMachine, { mode: 'create' }>,
): Promise<PlanNotice[]> {
  if (!(await getVirtualMachineState(context.connection, machine.vmId, context.signal))) return [];
  const name = machine.vmId.split('/').at(-1) ?? '';
  return [
    blocking(
      `There is already a virtual machine named ${name} in this resource group.`,
      'Choose another name or another resource group.',
    ),
  ];
}

async function networkNotices(context: PlanContext, wish: MachineWish): Promise<PlanNotice[]> {
  const { subscriptionId, region } = wish;
  const networks = await listNetworks(context.connection, { subscriptionId, region }, context.signal);
  const notices: PlanNotice[] = [];
  if (!networks.subnets.some(({ id }) => sameName(id, wish.subnetId)))
    notices.push(
      blocking(`The subnet is not in ${region}, or does not exist.`, 'Choose a subnet of this region.'),
    );
  const groupId = wish.securityGroupId;
  if (groupId !== null && !networks.securityGroups.some(({ id }) => sameName(id, groupId)))
    notices.push(
      blocking(
        `The network security group is not in ${region}, or does not exist.`,
        'Choose one of this region.',
      ),
    );
  if (wish.publicIp && groupId === null)
    notices.push(
      warning(
        'The machine gets a public address without a network security group of its own.',
        'Choose a group.',
      ),
    );
  return notices;
}

function sizeNotices(
  sizes: readonly SizeInfo[],
  wish: MachineWish,
  disks: readonly TargetDisk[],
): PlanNotice[] {
  const size = sizes.find(({ name }) => sameName(name, wish.size));
  if (!size)
    return [blocking(`The size ${wish.size} is not offered in ${wish.region}.`, 'Choose another size.')];
  const notices: PlanNotice[] = [];
  if (size.refusal !== null)
    notices.push(
      blocking(
        `The size ${size.name} cannot be had: ${size.refusal}`,
        size.refusalKind === 'quota'
          ? 'Ask Azure for more quota, or choose a smaller size or another family.'
          : 'Choose another size, zone or region.',
      ),
    );
  if (wish.zone !== null && !size.zones.includes(wish.zone))
    notices.push(
      blocking(`The size ${size.name} is not offered in zone ${wish.zone}.`, 'Choose another zone or size.'),
    );
  const dataDisks = disks.filter(({ os }) => os === null).length;
  if (dataDisks > size.maxDataDisks)
    notices.push(
      blocking(
        `The size ${size.name} takes ${size.maxDataDisks} data disks; the machine has ${dataDisks}.`,
        'Choose a larger size.',
      ),
    );
  if (!size.premiumDisks && disks.some(({ sku }) => sku.startsWith('Premium')))
    notices.push(
      blocking(`The size ${size.name} cannot have Premium disks.`, 'Choose a size with an "s" in its name.'),
    );
  return notices;
}

function interfaceNotices(context: PlanContext): PlanNotice[] {
  const count = context.document.configuration.interfaces.length;
  return count > 1
    ? [
        info(
          `The machine had ${count} network interfaces; the new one gets one.`,
          'Add the others afterwards.',
        ),
      ]
    : [];
}
