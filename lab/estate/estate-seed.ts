import type { EstateSeed, QuotaSeed, ResourceGroupSeed, ResourceSeed } from '../ports.ts';
import {
  labPrincipals,
  labPublicClients,
  labRoleAssignments,
  labSubscriptions,
  labTenant,
} from './estate-directory.ts';
import { type DiskSpec, type VmSpec, vmResources } from './vm-resources.ts';

/** How much of the estate there is: `small` (two VMs) starts fastest, `full` is what `npm start` shows. */
export type EstateSize = 'small' | 'full';

const [production, development] = labSubscriptions;

const disk = (image: string, sku: DiskSpec['sku'] = 'Premium_LRS'): DiskSpec => ({
  image,
  sizeGb: image.endsWith('-root') ? 2 : 1,
  sku,
});

const westProd = {
  subscriptionId: production.subscriptionId,
  group: 'rg-shop-prod',
  location: 'westeurope',
} as const;
const northProd = {
  subscriptionId: production.subscriptionId,
  group: 'rg-corp-prod',
  location: 'northeurope',
} as const;
const eastDev = {
  subscriptionId: development.subscriptionId,
  group: 'rg-dev',
  location: 'eastus2',
} as const;

const smallVms: readonly VmSpec[] = [
  {
    ...westProd,
    name: 'web-01',
    subnet: 'vnet-shop/web',
    privateIp: '10.10.1.4',
    size: 'Standard_D2s_v5',
    os: 'Linux',
    osDisk: disk('linux-root'),
    dataDisks: [disk('data-ext4', 'StandardSSD_LRS')],
    zone: '1',
    publicIp: true,
    identity: 'SystemAssigned',
    tags: { environment: 'production', application: 'shop', 'cost-center': '4711' },
  },
  {
    ...westProd,
    name: 'db-01',
    subnet: 'vnet-shop/data',
    privateIp: '10.10.2.4',
    size: 'Standard_E4s_v5',
    os: 'Linux',
    osDisk: disk('linux-root'),
    dataDisks: [disk('data-xfs'), disk('data-lvm', 'StandardSSD_LRS')],
    zone: '2',
    identity: 'UserAssigned',
    tags: { environment: 'production', application: 'shop', tier: 'database' },
  },
];

const furtherVms: readonly VmSpec[] = [
  {
    ...westProd,
    name: 'web-02',
    subnet: 'vnet-shop/web',
    privateIp: '10.10.1.5',
    size: 'Standard_D2s_v5',
    os: 'Linux',
    osDisk: disk('linux-root'),
    zone: '2',
    tags: { environment: 'production', application: 'shop' },
  },
  {
    ...westProd,
    name: 'legacy-erp-01',
    subnet: 'vnet-shop/web',
    privateIp: '10.10.1.9',
    size: 'Standard_D2_v3',
    os: 'Windows',
    osDisk: { image: undefined, sizeGb: 127, sku: 'Standard_LRS' },
    unmanagedIn: 'contosolegacyvhds',
    tags: { environment: 'production', owner: 'finance' },
  },
  {
    ...westProd,
    name: 'analytics-reporting-batch-processing-node-production-weu-000001',
    subnet: 'vnet-shop/data',
    privateIp: '10.10.2.7',
    size: 'Standard_D4s_v5',
    os: 'Linux',
    osDisk: disk('linux-mbr', 'StandardSSD_LRS'),
    tags: { environment: 'production', application: 'reporting' },
  },
  {
    ...northProd,
    name: 'win-fs-01',
    subnet: 'vnet-corp/servers',
    privateIp: '10.20.1.4',
    size: 'Standard_D2s_v5',
    os: 'Windows',
    osDisk: disk('windows-root'),
    dataDisks: [disk('windows-data', 'StandardSSD_LRS')],
    identity: 'SystemAssigned',
    tags: { environment: 'production', application: 'files' },
  },
  {
    ...northProd,
    name: 'win-app-01',
    subnet: 'vnet-corp/servers',
    privateIp: '10.20.1.5',
    size: 'Standard_B2ms',
    os: 'Windows',
    osDisk: disk('windows-root', 'StandardSSD_LRS'),
    powerState: 'deallocated',
    tags: { environment: 'production', application: 'crm' },
  },
  {
    ...northProd,
    name: 'vpn-gw-01',
    subnet: 'vnet-corp/edge',
    privateIp: '10.20.2.4',
    size: 'Standard_F2s_v2',
    os: 'Linux',
    osDisk: disk('linux-mbr'),
    publicIp: true,
    plan: { name: 'byol', publisher: 'contoso-networks', product: 'vpn-gateway' },
    marketplaceImage: { publisher: 'contoso-networks', offer: 'vpn-gateway', sku: 'byol' },
    tags: { environment: 'production' },
  },
  {
    ...eastDev,
    name: 'dev-01',
    subnet: 'vnet-dev/default',
    privateIp: '10.30.0.4',
    size: 'Standard_B2s',
    os: 'Linux',
    osDisk: disk('linux-root', 'StandardSSD_LRS'),
    publicIp: true,
    tags: { environment: 'development', owner: 'alex' },
  },
  {
    ...eastDev,
    name: 'dev-lvm-01',
    subnet: 'vnet-dev/default',
    privateIp: '10.30.0.5',
    size: 'Standard_D2as_v5',
    os: 'Linux',
    osDisk: disk('linux-mbr', 'Standard_LRS'),
    dataDisks: [disk('data-lvm', 'StandardSSD_LRS'), { image: undefined, sizeGb: 4, sku: 'Standard_LRS' }],
    powerState: 'stopped',
    tags: { environment: 'development' },
  },
];

/** What exists in the lab before anyone has touched it: plain data. */
export function estateSeed(size: EstateSize): EstateSeed {
  const vms = (size === 'small' ? smallVms : [...smallVms, ...furtherVms]).map(vmResources);
  return {
    tenants: [labTenant],
    principals: labPrincipals,
    publicClients: labPublicClients,
    roleDefinitions: [],
    roleAssignments: labRoleAssignments,
    subscriptions: labSubscriptions,
    locations: [
      { name: 'westeurope', displayName: 'West Europe', zones: ['1', '2', '3'] },
      { name: 'northeurope', displayName: 'North Europe', zones: ['1', '2', '3'] },
      { name: 'eastus2', displayName: 'East US 2', zones: ['1', '2', '3'] },
    ],
    resourceGroups,
    resources: [
      ...networks.flatMap(networkResources),
      ...storageAccounts,
      ...vms.flatMap((vm) => vm.resources),
    ],
    diskImages: Object.assign({}, ...vms.map((vm) => vm.diskImages)) as Record<string, string>,
    quotas,
    skuRestrictions: [
      {
        subscriptionId: development.subscriptionId,
        location: 'northeurope',
        vmSize: 'Standard_F2s_v2',
        reasonCode: 'NotAvailableForSubscription',
      },
    ],
  };
}

const resourceGroups: readonly ResourceGroupSeed[] = [
  {
    subscriptionId: westProd.subscriptionId,
    name: westProd.group,
    location: westProd.location,
    tags: { application: 'shop' },
  },
  { subscriptionId: northProd.subscriptionId, name: northProd.group, location: northProd.location },
  {
    subscriptionId: production.subscriptionId,
    name: 'rg-backup',
    location: 'westeurope',
    tags: { purpose: 'backup' },
  },
  { subscriptionId: eastDev.subscriptionId, name: eastDev.group, location: eastDev.location },
];

interface NetworkSpec {
  readonly place: { readonly subscriptionId: string; readonly group: string; readonly location: string };
  readonly name: string;
  readonly prefix: string;
  readonly subnets: Readonly<Record<string, string>>;
}

const networks: readonly NetworkSpec[] = [
  {
    place: westProd,
    name: 'vnet-shop',
    prefix: '10.10.0.0/16',
    subnets: { web: '10.10.1.0/24', data: '10.10.2.0/24' },
  },
  {
    place: northProd,
    name: 'vnet-corp',
    prefix: '10.20.0.0/16',
    subnets: { servers: '10.20.1.0/24', edge: '10.20.2.0/24' },
  },
  { place: eastDev, name: 'vnet-dev', prefix: '10.30.0.0/16', subnets: { default: '10.30.0.0/24' } },
];

function networkResources({ place, name, prefix, subnets }: NetworkSpec): ResourceSeed[] {
  const providers = `/subscriptions/${place.subscriptionId}/resourceGroups/${place.group}/providers/Microsoft.Network`;
  const id = `${providers}/virtualNetworks/${name}`;
  const securityGroupId = `${providers}/networkSecurityGroups/${name}-nsg`;
  const securityGroup: ResourceSeed = {
    id: securityGroupId,
    location: place.location,
    properties: { securityRules: [sshRule(securityGroupId)] },
  };
  const network: ResourceSeed = {
    id,
    location: place.location,
    properties: {
      addressSpace: { addressPrefixes: [prefix] },
      subnets: Object.entries(subnets).map(([subnet, addressPrefix]) => ({
        id: `${id}/subnets/${subnet}`,
        name: subnet,
        type: 'Microsoft.Network/virtualNetworks/subnets',
        properties: {
          provisioningState: 'Succeeded',
          addressPrefix,
          networkSecurityGroup: { id: securityGroupId },
          delegations: [],
          privateEndpointNetworkPolicies: 'Disabled',
          privateLinkServiceNetworkPolicies: 'Enabled',
        },
      })),
      virtualNetworkPeerings: [],
      enableDdosProtection: false,
    },
  };
  return [securityGroup, network];
}

function sshRule(groupId: string): Readonly<Record<string, unknown>> {
  return {
    id: `${groupId}/securityRules/AllowManagement`,
    name: 'AllowManagement',
    type: 'Microsoft.Network/networkSecurityGroups/securityRules',
    properties: {
      provisioningState: 'Succeeded',
      protocol: 'Tcp',
      sourcePortRange: '*',
      destinationPortRanges: ['22', '3389'],
      sourceAddressPrefix: '198.51.100.0/24',
      destinationAddressPrefix: '*',
      access: 'Allow',
      priority: 300,
      direction: 'Inbound',
    },
  };
}

const storageAccounts: readonly ResourceSeed[] = [
  storageAccount({ ...westProd, group: 'rg-backup' }, 'contosobackupweu'),
  storageAccount(westProd, 'contosolegacyvhds'),
];

function storageAccount(
  place: { readonly subscriptionId: string; readonly group: string; readonly location: string },
  name: string,
): ResourceSeed {
  return {
    id: `/subscriptions/${place.subscriptionId}/resourceGroups/${place.group}/providers/Microsoft.Storage/storageAccounts/${name}`,
    location: place.location,
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    properties: {
      accessTier: 'Hot',
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: true,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      networkAcls: { bypass: 'AzureServices', virtualNetworkRules: [], ipRules: [], defaultAction: 'Allow' },
      encryption: {
        services: {
          blob: { enabled: true, keyType: 'Account' },
          file: { enabled: true, keyType: 'Account' },
        },
        keySource: 'Microsoft.Storage',
      },
    },
  };
}

const quotas: readonly QuotaSeed[] = labSubscriptions.flatMap(({ subscriptionId }) =>
  ['westeurope', 'northeurope', 'eastus2'].flatMap((location) => [
    { subscriptionId, location, name: 'cores', limit: 100 },
    { subscriptionId, location, name: 'virtualMachines', limit: 25_000 },
    { subscriptionId, location, name: 'standardFSv2Family', limit: 20 },
    { subscriptionId, location, name: 'standardESv5Family', limit: 20 },
  ]),
);
