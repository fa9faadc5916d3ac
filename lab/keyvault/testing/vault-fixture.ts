import * as tls from 'node:tls';
import { ClientSecretCredential } from '@azure/identity';
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys';
import { createMemoryPlanes } from '../../arm/testing/memory-planes.ts';
import { callers, groupId, location, smallEstate, tenantId } from '../../arm/testing/small-estate.ts';
import { type ControlPlane, prepareControlPlane } from '../../control/index.ts';
import type { KeyVaultSeed, PrincipalSeed } from '../../ports.ts';
import { createLabAuthority } from '../../tls/index.ts';
import { type LabKeyVault, openKeyVault } from '../index.ts';

export const vaultSeed: KeyVaultSeed = {
  id: `${groupId}/providers/Microsoft.KeyVault/vaults/contoso-keys`,
  tenantId,
  location,
  keys: ['seeded'],
};

/** `admin` may make keys, `operator` may only use them, `reader` has no role on the vault, `outsider` is of another tenant. */
export const vaultCallers = {
  ...callers,
  operator: { clientId: 'bbbbbbbb-0000-4000-8000-000000000007', secret: 'operator-secret', tenantId },
} as const;
export type VaultCaller = keyof typeof vaultCallers;

const operator: PrincipalSeed = {
  objectId: 'cccccccc-0000-4000-8000-000000000007',
  tenantId,
  kind: 'ServicePrincipal',
  displayName: 'operator',
  clientId: vaultCallers.operator.clientId,
  secrets: [{ value: vaultCallers.operator.secret }],
};

export interface VaultFixture {
  readonly control: ControlPlane;
  readonly vault: LabKeyVault;
  credential(caller: VaultCaller): ClientSecretCredential;
  keys(caller: VaultCaller): KeyClient;
  cryptography(keyId: string, caller: VaultCaller): CryptographyClient;
  /** Moves the vault's clock. */
  passSeconds(seconds: number): void;
  /** Throws when the lab had a defect. */
  close(): Promise<void>;
}

/** Sign-in and one vault for real; nothing of the other planes but their bookkeeping. */
export async function openVaultFixture(file?: string): Promise<VaultFixture> {
  const authority = createLabAuthority(new Date());
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificatePem]);
  const defects: unknown[] = [];
  const onDefect = (error: unknown): void => void defects.push(error);
  const prepared = await prepareControlPlane({ seed: seedWithRoles(), authority, onDefect });
  const control = await prepared.start(createMemoryPlanes(Date.now), new AbortController().signal);
  let passed = 0;
  const vault = await openKeyVault({
    ...{ vault: vaultSeed, port: 0, file, onDefect },
    ...{ faults: prepared.faults, access: prepared.access },
    tls: authority.issue(['localhost', '127.0.0.1'], new Date()),
    authorityHost: control.origin,
    now: () => Date.now() + passed,
  });
  const credential = (caller: VaultCaller): ClientSecretCredential => {
    const { tenantId: tenant, clientId, secret } = vaultCallers[caller];
    return new ClientSecretCredential(tenant, clientId, secret, {
      authorityHost: control.origin,
      disableInstanceDiscovery: true,
    });
  };
  // The lab's vault is at localhost, not under the host of its audience.
  const options = { disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } };
  return {
    control,
    vault,
    credential,
    keys: (caller) => new KeyClient(vault.origin, credential(caller), options),
    cryptography: (keyId, caller) => new CryptographyClient(keyId, credential(caller), options),
    passSeconds: (seconds) => {
      passed += seconds * 1000;
    },
    async close() {
      await vault.close();
      await control.close();
      if (defects.length > 0) throw new AggregateError(defects, 'the lab had defects');
    },
  };
}

function seedWithRoles() {
  const admin = smallEstate.principals[0]?.objectId ?? '';
  return {
    ...smallEstate,
    principals: [...smallEstate.principals, operator],
    roleAssignments: [
      ...smallEstate.roleAssignments,
      { principalId: admin, roleName: 'Key Vault Crypto Officer', scope: vaultSeed.id },
      { principalId: operator.objectId, roleName: 'Key Vault Crypto User', scope: vaultSeed.id },
    ],
  };
}
