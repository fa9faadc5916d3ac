import { action, group, type SpecFile, type SpecOperation, subscription, tracked } from './spec-operation.ts';

const diskLike = (tag: string, type: string, parameter: string, model: string): readonly SpecOperation[] => [
  ...tracked({
    tag,
    type,
    parameter,
    model,
    list: `_${model}List`,
    patch: `${model}Update`,
    put: { 200: model, 202: model },
    patchResponses: { 200: model, 202: model },
  }),
  action(tag, type, 'beginGetAccess', { parameter, body: 'GrantAccessData', answer: 'AccessUri' }),
  action(tag, type, 'endGetAccess', { parameter }),
];

const vm = { type: 'Microsoft.Compute/virtualMachines', parameter: 'vmName' };
const vmAction = (name: string, extra: { body?: string; answer?: string } = {}): SpecOperation =>
  action('VirtualMachines', vm.type, name, { parameter: vm.parameter, ...extra });

/** Disks, snapshots, virtual machines, sizes. */
export const computeSpecs: readonly SpecFile[] = [
  {
    name: 'compute-disk.json',
    title: 'Managed disks and snapshots',
    version: '2026-03-02',
    sdk: '@azure/arm-compute',
    operations: [
      ...diskLike('Disks', 'Microsoft.Compute/disks', 'diskName', 'Disk'),
      ...diskLike('Snapshots', 'Microsoft.Compute/snapshots', 'snapshotName', 'Snapshot'),
    ],
    opaque: [],
  },
  {
    name: 'compute-vm.json',
    title: 'Virtual machines and usages',
    version: '2026-04-01',
    sdk: '@azure/arm-compute',
    operations: [
      ...tracked({
        tag: 'VirtualMachines',
        ...vm,
        model: 'VirtualMachine',
        list: '_VirtualMachineListResult',
        patch: 'VirtualMachineUpdate',
        put: { 200: 'VirtualMachine', 201: 'VirtualMachine' },
        listQuery: ['statusOnly', '$filter', '$expand'],
        getQuery: ['$expand'],
        listAllId: 'ListAll',
      }),
      {
        id: 'VirtualMachines_ListByLocation',
        method: 'get',
        path: `${subscription}/providers/Microsoft.Compute/locations/{location}/virtualMachines`,
        responses: { 200: '_VirtualMachineListResult' },
        pageable: true,
      },
      {
        id: 'VirtualMachines_InstanceView',
        method: 'get',
        path: `${group}/providers/${vm.type}/{vmName}/instanceView`,
        responses: { 200: 'VirtualMachineInstanceView' },
      },
      vmAction('start'),
      vmAction('powerOff'),
      vmAction('deallocate'),
      vmAction('restart'),
      vmAction('runCommand', { body: 'RunCommandInput', answer: 'RunCommandResult' }),
      {
        id: 'Usage_List',
        method: 'get',
        path: `${subscription}/providers/Microsoft.Compute/locations/{location}/usages`,
        responses: { 200: '_ListUsagesResult' },
        pageable: true,
      },
    ],
    // The enumeration of sizes is long out of date; the service takes every size of the SKU list.
    opaque: [
      'VirtualMachineSizeTypes',
      'VirtualMachineExtension',
      'WindowsConfiguration',
      'MaintenanceRedeployStatus',
    ],
  },
  {
    name: 'compute-sku.json',
    title: 'Compute SKUs',
    version: '2021-07-01',
    sdk: '@azure/arm-compute',
    operations: [
      {
        id: 'ResourceSkus_List',
        method: 'get',
        path: `${subscription}/providers/Microsoft.Compute/skus`,
        query: ['$filter', 'includeExtendedLocations'],
        responses: { 200: '_ResourceSkusResult' },
        pageable: true,
      },
    ],
    opaque: [],
  },
];
