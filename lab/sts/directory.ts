import type { EstateSeed, PrincipalSeed, PublicClientSeed, TenantSeed } from '../ports.ts';

/** Tenants, principals and applications: the seed's plus the identities that VMs got since. */
export interface Directory {
  /** By tenant id or default domain. */
  tenant(idOrDomain: string): TenantSeed | undefined;
  principal(objectId: string): PrincipalSeed | undefined;
  application(tenantId: string, clientId: string): PrincipalSeed | undefined;
  user(userPrincipalName: string): PrincipalSeed | undefined;
  users(): readonly PrincipalSeed[];
  publicClient(clientId: string): PublicClientSeed | undefined;
  addIdentity(principal: PrincipalSeed): void;
  removeIdentity(objectId: string): void;
  /** Everything added since the seed, for the state file. */
  addedIdentities(): readonly PrincipalSeed[];
}

/** Applications of Microsoft's that every tenant knows; the Azure CLI's is what @azure/identity uses by default. */
const wellKnownClients: readonly PublicClientSeed[] = [
  {
    clientId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
    displayName: 'Microsoft Azure CLI',
    redirectUris: ['http://localhost'],
  },
];

export function createDirectory(
  seed: Pick<EstateSeed, 'tenants' | 'principals' | 'publicClients'>,
  added: readonly PrincipalSeed[] = [],
): Directory {
  const identities = new Map(added.map((principal) => [principal.objectId, principal]));
  const clients = [...seed.publicClients, ...wellKnownClients];
  const all = (): PrincipalSeed[] => [...seed.principals, ...identities.values()];
  const same = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();
  return {
    tenant: (id) => seed.tenants.find((each) => same(each.tenantId, id) || same(each.defaultDomain, id)),
    principal: (objectId) => all().find((each) => same(each.objectId, objectId)),
    application: (tenantId, clientId) =>
      all().find((each) => same(each.clientId, clientId) && same(each.tenantId, tenantId)),
    user: (name) => all().find((each) => each.kind === 'User' && same(each.userPrincipalName, name)),
    users: () => all().filter((each) => each.kind === 'User'),
    publicClient: (clientId) => clients.find((each) => same(each.clientId, clientId)),
    addIdentity: (principal) => {
      identities.set(principal.objectId, principal);
    },
    removeIdentity: (objectId) => {
      identities.delete(objectId);
    },
    addedIdentities: () => [...identities.values()],
  };
}
