import type {
  KeyVaultSeed,
  PrincipalSeed,
  PublicClientSeed,
  RoleAssignmentSeed,
  SubscriptionSeed,
  TenantSeed,
} from '../ports.ts';

/** Who can sign in to the lab. Nothing here is a secret: these accounts exist only inside the lab. */
export const labTenant: TenantSeed = {
  tenantId: '7d1c3f52-9a4e-4b7d-8f6a-2c0e5b9d4a11',
  displayName: 'Contoso',
  defaultDomain: 'contoso.onmicrosoft.com',
};

export const labSubscriptions: readonly [SubscriptionSeed, SubscriptionSeed] = [
  {
    subscriptionId: '3b1f6a90-52d7-4c1e-9d35-6a8e0f7c2b01',
    tenantId: labTenant.tenantId,
    displayName: 'Contoso Production',
  },
  {
    subscriptionId: 'c85e2d17-0f4b-4a96-b1c8-94d7e3a05f02',
    tenantId: labTenant.tenantId,
    displayName: 'Contoso Development',
  },
];

/** A service principal of the lab with what one needs to sign in as it. */
export interface LabServicePrincipal {
  readonly displayName: string;
  readonly objectId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface LabUser {
  readonly displayName: string;
  readonly objectId: string;
  readonly userPrincipalName: string;
  readonly password: string;
}

/** May do everything the console needs in both subscriptions. */
export const labOperator: LabServicePrincipal = {
  displayName: 'Cairn backup',
  objectId: 'a4c0d1e2-71b5-4f83-8e29-5d0c6b3f9a10',
  clientId: '5e0f9c34-8d21-4b6a-a7f3-1c92e4d8b011',
  clientSecret: 'lab-operator-secret',
};

/** May only look: for what a missing permission looks like. */
export const labReader: LabServicePrincipal = {
  displayName: 'Cairn read only',
  objectId: 'b7e2f8a3-0c64-4d19-9b52-8f1d7a4e6c20',
  clientId: '91d3a6b7-4e58-4c02-b8d9-7f60c5e2a021',
  clientSecret: 'lab-reader-secret',
};

/** The person who signs in by device code or browser. */
export const labUser: LabUser = {
  displayName: 'Alex Meyer',
  objectId: 'd09b5c41-63fa-4e7d-a2c8-3b4f9e1d7a30',
  userPrincipalName: 'alex@contoso.onmicrosoft.com',
  password: 'lab-user-password',
};

/** The console itself, as an application people sign in to. */
export const labPublicClient: PublicClientSeed = {
  clientId: '0c5d7e19-2f83-4a6b-95e4-d1b8c7f03a40',
  displayName: 'Cairn console',
  redirectUris: ['http://localhost'],
};

/** The Azure CLI's well-known application, which some sign-ins use. */
const azureCli: PublicClientSeed = {
  clientId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
  displayName: 'Microsoft Azure CLI',
  redirectUris: ['http://localhost'],
};

export const labPublicClients: readonly PublicClientSeed[] = [labPublicClient, azureCli];

export const labPrincipals: readonly PrincipalSeed[] = [
  ...[labOperator, labReader].map(
    ({ objectId, displayName, clientId, clientSecret }): PrincipalSeed => ({
      objectId,
      tenantId: labTenant.tenantId,
      kind: 'ServicePrincipal',
      displayName,
      clientId,
      secrets: [{ value: clientSecret }],
    }),
  ),
  {
    objectId: labUser.objectId,
    tenantId: labTenant.tenantId,
    kind: 'User',
    displayName: labUser.displayName,
    userPrincipalName: labUser.userPrincipalName,
    password: labUser.password,
  },
];

/** Where a repository's key can be kept. */
export const labKeyVault: KeyVaultSeed = {
  id: `/subscriptions/${labSubscriptions[0].subscriptionId}/resourceGroups/rg-backup/providers/Microsoft.KeyVault/vaults/contoso-backup-kv`,
  tenantId: labTenant.tenantId,
  location: 'westeurope',
  keys: ['cairn-backup'],
};

const operatorRoles = ['Contributor', 'Storage Blob Data Contributor', 'Storage Queue Data Contributor'];

export const labRoleAssignments: readonly RoleAssignmentSeed[] = [
  ...[labOperator.objectId, labUser.objectId].map((principalId) => ({
    principalId,
    roleName: 'Key Vault Crypto Officer',
    scope: labKeyVault.id,
  })),
  ...labSubscriptions.flatMap(({ subscriptionId }) => {
    const scope = `/subscriptions/${subscriptionId}`;
    return [
      ...[labOperator.objectId, labUser.objectId].flatMap((principalId) =>
        operatorRoles.map((roleName) => ({ principalId, roleName, scope })),
      ),
      { principalId: labReader.objectId, roleName: 'Reader', scope },
    ];
  }),
];
