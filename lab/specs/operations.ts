/** One operation the lab answers to, in the terms of Microsoft's specification. */
export interface SpecOperation {
  readonly id: string;
  readonly method: 'get' | 'put' | 'patch' | 'post' | 'delete' | 'head';
  readonly path: string;
  readonly query?: readonly string[];
  /** Model of the request body. */
  readonly body?: string;
  /** Status -> model of the answer; null for none. */
  readonly responses: Readonly<Record<number, string | null>>;
  readonly longRunning?: boolean;
  readonly pageable?: boolean;
}

export interface SpecFile {
  /** `compute-disk.json` */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** SDK package whose models the shapes come from. */
  readonly sdk: string;
  readonly operations: readonly SpecOperation[];
  /** Models that are only mentioned, not used. */
  readonly opaque: readonly string[];
}

const subscription = '/subscriptions/{subscriptionId}';
const group = `${subscription}/resourceGroups/{resourceGroupName}`;

interface TrackedType {
  readonly tag: string;
  readonly type: string;
  readonly parameter: string;
  readonly model: string;
  readonly list: string;
  readonly patch: string;
  readonly put: Readonly<Record<number, string>>;
  readonly patchResponses?: Readonly<Record<number, string>>;
  readonly patchId?: string;
  readonly delete?: Readonly<Record<number, null>>;
  readonly listQuery?: readonly string[];
  readonly getQuery?: readonly string[];
  readonly listAllId?: string;
}

/** The six operations every tracked type has. */
function tracked(t: TrackedType): readonly SpecOperation[] {
  const one = `${group}/providers/${t.type}/{${t.parameter}}`;
  const query = t.listQuery ?? [];
  return [
    {
      id: `${t.tag}_${t.listAllId ?? 'List'}`,
      method: 'get',
      path: `${subscription}/providers/${t.type}`,
      query,
      responses: { 200: t.list },
      pageable: true,
    },
    {
      id: `${t.tag}_ListByResourceGroup`,
      method: 'get',
      path: `${group}/providers/${t.type}`,
      query,
      responses: { 200: t.list },
      pageable: true,
    },
    { id: `${t.tag}_Get`, method: 'get', path: one, query: t.getQuery ?? [], responses: { 200: t.model } },
    {
      id: `${t.tag}_CreateOrUpdate`,
      method: 'put',
      path: one,
      body: t.model,
      responses: t.put,
      longRunning: true,
    },
    {
      id: `${t.tag}_${t.patchId ?? 'Update'}`,
      method: 'patch',
      path: one,
      body: t.patch,
      responses: t.patchResponses ?? { 200: t.model },
      longRunning: true,
    },
    {
      id: `${t.tag}_Delete`,
      method: 'delete',
      path: one,
      query: ['forceDeletion'],
      responses: t.delete ?? { 200: null, 202: null, 204: null },
      longRunning: true,
    },
  ];
}

const action = (
  tag: string,
  type: string,
  name: string,
  options: { parameter: string; body?: string; answer?: string },
): SpecOperation => ({
  id: `${tag}_${name}`,
  method: 'post',
  path: `${group}/providers/${type}/{${options.parameter}}/${name}`,
  query:
    name === 'powerOff' ? ['skipShutdown'] : name === 'deallocate' ? ['hibernate', 'forceDeallocate'] : [],
  ...(options.body === undefined ? {} : { body: options.body }),
  responses: { 200: options.answer ?? null, 202: null },
  longRunning: true,
});

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

const networkType = (tag: string, type: string, parameter: string, model: string): readonly SpecOperation[] =>
  tracked({
    tag,
    type: `Microsoft.Network/${type}`,
    parameter,
    model,
    list: `_${model}ListResult`,
    patch: 'TagsObject',
    put: { 200: model, 201: model },
    patchId: 'UpdateTags',
    listAllId: 'ListAll',
  });

const subnets = `${group}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets`;
const account = 'Microsoft.Storage/storageAccounts';
const oneAccount = `${group}/providers/${account}/{accountName}`;

/** Every specification of the lab. Query parameters and models as in Microsoft's, cut down to what is emulated. */
export const specFiles: readonly SpecFile[] = [
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
  {
    name: 'network.json',
    title: 'Networks',
    version: '2026-01-01',
    sdk: '@azure/arm-network',
    operations: [
      ...networkType('NetworkInterfaces', 'networkInterfaces', 'networkInterfaceName', 'NetworkInterface'),
      ...networkType('VirtualNetworks', 'virtualNetworks', 'virtualNetworkName', 'VirtualNetwork'),
      ...networkType(
        'NetworkSecurityGroups',
        'networkSecurityGroups',
        'networkSecurityGroupName',
        'NetworkSecurityGroup',
      ),
      ...networkType('PublicIPAddresses', 'publicIPAddresses', 'publicIpAddressName', 'PublicIPAddress'),
      {
        id: 'Subnets_List',
        method: 'get',
        path: subnets,
        responses: { 200: '_SubnetListResult' },
        pageable: true,
      },
      {
        id: 'Subnets_Get',
        method: 'get',
        path: `${subnets}/{subnetName}`,
        query: ['$expand'],
        responses: { 200: 'Subnet' },
      },
      {
        id: 'Subnets_CreateOrUpdate',
        method: 'put',
        path: `${subnets}/{subnetName}`,
        body: 'Subnet',
        responses: { 200: 'Subnet', 201: 'Subnet' },
        longRunning: true,
      },
      {
        id: 'Subnets_Delete',
        method: 'delete',
        path: `${subnets}/{subnetName}`,
        responses: { 200: null, 202: null, 204: null },
        longRunning: true,
      },
    ],
    opaque: [
      'PrivateEndpoint',
      'PrivateLinkService',
      'ApplicationGatewayBackendAddressPool',
      'ApplicationGatewayIPConfiguration',
      'BackendAddressPool',
      'InboundNatRule',
      'VirtualNetworkTap',
      'ServiceEndpointPolicy',
      'FlowLog',
      'NatGateway',
      'VirtualNetworkPeering',
      'RouteTable',
      'DscpConfiguration',
      'NetworkInterfaceTapConfiguration',
      'ResourceNavigationLink',
      'ServiceAssociationLink',
      'IpamPoolPrefixAllocation',
      'VirtualNetworkAppliance',
    ],
  },
  {
    name: 'storage.json',
    title: 'Storage accounts',
    version: '2026-09-01',
    sdk: '@azure/arm-storage',
    operations: [
      {
        id: 'StorageAccounts_CheckNameAvailability',
        method: 'post',
        path: `${subscription}/providers/Microsoft.Storage/checkNameAvailability`,
        body: 'StorageAccountCheckNameAvailabilityParameters',
        responses: { 200: 'CheckNameAvailabilityResult' },
      },
      {
        id: 'StorageAccounts_List',
        method: 'get',
        path: `${subscription}/providers/${account}`,
        responses: { 200: '_StorageAccountListResult' },
        pageable: true,
      },
      {
        id: 'StorageAccounts_ListByResourceGroup',
        method: 'get',
        path: `${group}/providers/${account}`,
        responses: { 200: '_StorageAccountListResult' },
        pageable: true,
      },
      {
        id: 'StorageAccounts_GetProperties',
        method: 'get',
        path: oneAccount,
        query: ['$expand'],
        responses: { 200: 'StorageAccount' },
      },
      {
        id: 'StorageAccounts_Create',
        method: 'put',
        path: oneAccount,
        body: 'StorageAccountCreateParameters',
        responses: { 200: 'StorageAccount', 202: null },
        longRunning: true,
      },
      {
        id: 'StorageAccounts_Update',
        method: 'patch',
        path: oneAccount,
        body: 'StorageAccountUpdateParameters',
        responses: { 200: 'StorageAccount' },
      },
      {
        id: 'StorageAccounts_Delete',
        method: 'delete',
        path: oneAccount,
        responses: { 200: null, 204: null },
      },
      {
        id: 'StorageAccounts_ListKeys',
        method: 'post',
        path: `${oneAccount}/listKeys`,
        query: ['$expand'],
        responses: { 200: 'StorageAccountListKeysResult' },
      },
      {
        id: 'StorageAccounts_RegenerateKey',
        method: 'post',
        path: `${oneAccount}/regenerateKey`,
        body: 'StorageAccountRegenerateKeyParameters',
        responses: { 200: 'StorageAccountListKeysResult' },
      },
    ],
    opaque: [],
  },
  {
    name: 'resources.json',
    title: 'Resource groups and resources',
    version: '2025-04-01',
    sdk: '@azure/arm-resources',
    operations: [
      {
        id: 'ResourceGroups_List',
        method: 'get',
        path: `${subscription}/resourcegroups`,
        query: ['$filter', '$top'],
        responses: { 200: '_ResourceGroupListResult' },
        pageable: true,
      },
      {
        id: 'ResourceGroups_Get',
        method: 'get',
        path: `${subscription}/resourcegroups/{resourceGroupName}`,
        responses: { 200: 'ResourceGroup' },
      },
      {
        id: 'ResourceGroups_CheckExistence',
        method: 'head',
        path: `${subscription}/resourcegroups/{resourceGroupName}`,
        responses: { 204: null, 404: null },
      },
      {
        id: 'ResourceGroups_CreateOrUpdate',
        method: 'put',
        path: `${subscription}/resourcegroups/{resourceGroupName}`,
        body: 'ResourceGroup',
        responses: { 200: 'ResourceGroup', 201: 'ResourceGroup' },
      },
      {
        id: 'ResourceGroups_Update',
        method: 'patch',
        path: `${subscription}/resourcegroups/{resourceGroupName}`,
        body: 'ResourceGroupPatchable',
        responses: { 200: 'ResourceGroup' },
      },
      {
        id: 'ResourceGroups_Delete',
        method: 'delete',
        path: `${subscription}/resourcegroups/{resourceGroupName}`,
        query: ['forceDeletionTypes'],
        responses: { 200: null, 202: null },
        longRunning: true,
      },
      {
        id: 'Resources_List',
        method: 'get',
        path: `${subscription}/resources`,
        query: ['$filter', '$expand', '$top'],
        responses: { 200: '_ResourceListResult' },
        pageable: true,
      },
      {
        id: 'Resources_ListByResourceGroup',
        method: 'get',
        path: `${subscription}/resourceGroups/{resourceGroupName}/resources`,
        query: ['$filter', '$expand', '$top'],
        responses: { 200: '_ResourceListResult' },
        pageable: true,
      },
    ],
    opaque: [],
  },
  {
    name: 'subscriptions.json',
    title: 'Subscriptions and tenants',
    version: '2022-12-01',
    sdk: '@azure/arm-resources-subscriptions',
    operations: [
      {
        id: 'Subscriptions_List',
        method: 'get',
        path: '/subscriptions',
        responses: { 200: '_SubscriptionListResult' },
        pageable: true,
      },
      { id: 'Subscriptions_Get', method: 'get', path: subscription, responses: { 200: 'Subscription' } },
      {
        id: 'Subscriptions_ListLocations',
        method: 'get',
        path: `${subscription}/locations`,
        query: ['includeExtendedLocations'],
        responses: { 200: '_LocationListResult' },
        pageable: true,
      },
      {
        id: 'Tenants_List',
        method: 'get',
        path: '/tenants',
        responses: { 200: '_TenantListResult' },
        pageable: true,
      },
    ],
    opaque: [],
  },
];
