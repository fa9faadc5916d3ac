import type { EstateSeed } from '../../ports.ts';

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const otherTenantId = '22222222-2222-4222-8222-222222222222';
export const subscriptionId = 'aaaaaaaa-0000-4000-8000-000000000001';
export const foreignSubscriptionId = 'aaaaaaaa-0000-4000-8000-000000000002';
export const groupName = 'production';
export const location = 'westeurope';
export const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${groupName}`;

/** Service principals of the estate: `admin` may do everything, `reader` only read, `outsider` is of another tenant. */
export const callers = {
  admin: { clientId: 'bbbbbbbb-0000-4000-8000-000000000001', secret: 'admin-secret', tenantId },
  reader: { clientId: 'bbbbbbbb-0000-4000-8000-000000000002', secret: 'reader-secret', tenantId },
  outsider: {
    clientId: 'bbbbbbbb-0000-4000-8000-000000000003',
    secret: 'outsider-secret',
    tenantId: otherTenantId,
  },
} as const;

const objectIdOf = (clientId: string): string => clientId.replace('bbbbbbbb', 'cccccccc');

/** One group with one VM, its disk, network and a storage account. */
export const smallEstate: EstateSeed = {
  tenants: [
    { tenantId, displayName: 'Contoso', defaultDomain: 'contoso.example' },
    { tenantId: otherTenantId, displayName: 'Fabrikam', defaultDomain: 'fabrikam.example' },
  ],
  principals: [
    ...Object.entries(callers).map(([displayName, caller]) => ({
      objectId: objectIdOf(caller.clientId),
      tenantId: caller.tenantId,
      kind: 'ServicePrincipal' as const,
      displayName,
      clientId: caller.clientId,
      secrets: [{ value: caller.secret }],
    })),
    {
      objectId: 'dddddddd-0000-4000-8000-000000000001',
      tenantId,
      kind: 'User',
      displayName: 'Ada Admin',
      userPrincipalName: 'ada@contoso.example',
      password: 'correct horse',
    },
  ],
  publicClients: [],
  roleDefinitions: [],
  roleAssignments: [
    {
      principalId: objectIdOf(callers.admin.clientId),
      roleName: 'Owner',
      scope: `/subscriptions/${subscriptionId}`,
    },
    { principalId: objectIdOf(callers.reader.clientId), roleName: 'Reader', scope: groupId },
  ],
  subscriptions: [
    { subscriptionId, tenantId, displayName: 'Contoso production' },
    { subscriptionId: foreignSubscriptionId, tenantId: otherTenantId, displayName: 'Fabrikam' },
  ],
  locations: [
    { name: 'westeurope', displayName: 'West Europe', zones: ['1', '2', '3'] },
    { name: 'northeurope', displayName: 'North Europe', zones: [] },
  ],
  resourceGroups: [{ subscriptionId, name: groupName, location, tags: { stage: 'live' } }],
  resources: [
    {
      id: `${groupId}/providers/Microsoft.Compute/disks/web-os`,
      location,
      sku: { name: 'Premium_LRS', tier: 'Premium' },
      properties: {
        osType: 'Linux',
        hyperVGeneration: 'V2',
        creationData: { createOption: 'Empty' },
        diskSizeGB: 4,
        networkAccessPolicy: 'AllowAll',
        publicNetworkAccess: 'Enabled',
      },
    },
    {
      id: `${groupId}/providers/Microsoft.Network/virtualNetworks/net`,
      location,
      properties: {
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        subnets: [{ name: 'default', properties: { addressPrefix: '10.0.0.0/24' } }],
      },
    },
    {
      id: `${groupId}/providers/Microsoft.Network/networkInterfaces/web-nic`,
      location,
      properties: {
        ipConfigurations: [
          {
            name: 'primary',
            properties: {
              privateIPAddress: '10.0.0.4',
              privateIPAllocationMethod: 'Dynamic',
              primary: true,
              subnet: { id: `${groupId}/providers/Microsoft.Network/virtualNetworks/net/subnets/default` },
            },
          },
        ],
      },
    },
    {
      id: `${groupId}/providers/Microsoft.Compute/virtualMachines/web`,
      location,
      tags: { role: 'web' },
      identity: { type: 'SystemAssigned', tenantId },
      properties: {
        hardwareProfile: { vmSize: 'Standard_D2s_v5' },
        storageProfile: {
          osDisk: {
            osType: 'Linux',
            name: 'web-os',
            createOption: 'Attach',
            caching: 'ReadWrite',
            managedDisk: {
              id: `${groupId}/providers/Microsoft.Compute/disks/web-os`,
              storageAccountType: 'Premium_LRS',
            },
            deleteOption: 'Detach',
            diskSizeGB: 4,
          },
          dataDisks: [],
        },
        networkProfile: {
          networkInterfaces: [{ id: `${groupId}/providers/Microsoft.Network/networkInterfaces/web-nic` }],
        },
      },
    },
    {
      id: `${groupId}/providers/Microsoft.Storage/storageAccounts/contosobackup`,
      location,
      sku: { name: 'Standard_LRS', tier: 'Standard' },
      kind: 'StorageV2',
      properties: { supportsHttpsTrafficOnly: true },
    },
  ],
  diskImages: {},
  quotas: [{ subscriptionId, location, name: 'standardFSv2Family', limit: 4 }],
  skuRestrictions: [
    { subscriptionId, location, vmSize: 'Standard_F4s_v2', reasonCode: 'NotAvailableForSubscription' },
  ],
};
