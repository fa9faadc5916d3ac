/**
 * Sign-in for the lab: tenants and principals, every grant the console may use, v1 access tokens as Resource Manager
 * and storage expect them, the instance metadata service of VMs, and role-based access control.
 */
export { type AccessControlDeps, createAccessControl, type RoleBook, rolesAt } from './access-control.ts';
export { createDirectory, type Directory } from './directory.ts';
export { type InstanceMetadataOptions, openInstanceMetadata } from './instance-metadata.ts';
export { openSigningKey, type SigningKey } from './jwt.ts';
export { createPendingGrants, type DeviceGrant, type PendingGrants } from './pending-grants.ts';
export { type RoleAssignment, type RoleDefinition, roleDefinitions } from './roles.ts';
export { createSts, isSignInPath } from './sts.ts';
export type { StsDeps } from './token-endpoint.ts';
export type { TokenIssuerDeps } from './token-issuer.ts';
