/**
 * Key Vault's data plane for keys: versions, rotation, soft deletion, validity periods, allowed operations and role
 * checks, over real RSA keys. Secrets, certificates, HSM keys and access policies are not here.
 */
export { type LabKeyVault, openKeyVault } from './open-key-vault.ts';
