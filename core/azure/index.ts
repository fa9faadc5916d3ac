/**
 * Azure, as plain functions: the only folder that imports Azure's SDKs. Every function takes a `Connection` first and
 * an AbortSignal last, throws `AppError` only, and is safe to repeat after a crash: what it creates has the name it is
 * given, and what is already there is found again. SDKs are loaded when they are first needed.
 */
export { openBlobStore, openBlobStoreBySas } from './blob-store.ts';
export type { Connection, ConnectionOptions } from './connection.ts';
export {
  type ContainerSasRequest,
  containerExists,
  createContainer,
  createContainerSas,
  listContainers,
  proveContainerRights,
} from './containers.ts';
export { connectUser, type DeviceCodeStart, startDeviceCode } from './device-code.ts';
export { type DiskData, openDiskData, type PageArea } from './disk-data.ts';
export {
  createUploadDisk,
  type DiskAccessRequest,
  deleteDisk,
  getDisk,
  grantDiskRead,
  grantDiskWrite,
  revokeDiskAccess,
} from './disks.ts';
export {
  ensureResourceGroup,
  getResourceGroup,
  listOwnResources,
  listRegions,
  listResourceGroups,
  listSubscriptions,
  type OwnResourceQuery,
  type ResourceGroupCreation,
} from './inventory.ts';
export { openKeyVaultKey } from './key-vault-key.ts';
export { connectByLogin, type Login, type LoginKind } from './login.ts';
export type * from './model.ts';
export {
  createNic,
  createPublicIp,
  deleteNic,
  deletePublicIp,
  ensureWorkerNetwork,
  listNetworks,
  type RegionQuery,
  type WorkerNetworkRequest,
} from './network.ts';
export { deleteOwnResource } from './own-resources.ts';
export { proveSignIn } from './prove-sign-in.ts';
export {
  createQueue,
  createQueueSas,
  deleteQueue,
  listQueues,
  type MessageQueue,
  openQueue,
  openQueueBySas,
  type QueueAddress,
  type QueueMessage,
  type QueueSasRequest,
} from './queues.ts';
export * from './resource-id.ts';
export { type GuestScriptResult, runGuestScript } from './run-command.ts';
export { fixedSas, type SasSource } from './sas-source.ts';
export {
  createServiceSecurityGroup,
  deleteSecurityGroup,
  getServiceAddress,
} from './service-access.ts';
export { connectWithCertificate, connectWithSecret } from './service-principal.ts';
export { listSizes, type SizeQuery } from './sizes.ts';
export {
  createIncrementalSnapshot,
  deleteSnapshot,
  getSnapshot,
  grantSnapshotAccess,
  revokeSnapshotAccess,
  type SnapshotAccessRequest,
} from './snapshots.ts';
export {
  type CreateStorageAccountRequest,
  createStorageAccount,
  getStorageAccount,
  listStorageAccounts,
} from './storage-accounts.ts';
export type { RetryOptions } from './storage-retry.ts';
export * from './tags.ts';
export { getVirtualMachineConfiguration } from './virtual-machine-configuration.ts';
export { listVirtualMachines } from './virtual-machine-list.ts';
export {
  createVirtualMachine,
  deallocateVirtualMachine,
  deleteVirtualMachine,
  getVirtualMachineState,
  startVirtualMachine,
  swapDisks,
} from './virtual-machines.ts';
export {
  createWorkerBlobSas,
  deleteWorkerBlobs,
  putWorkerBlob,
  readBlobBySas,
  readWorkerBlob,
  streamWorkerBlob,
  uploadWorkerFile,
  type WorkerBlob,
} from './worker-blobs.ts';
export { type CreateWorkerVmRequest, createWorkerVm } from './worker-virtual-machine.ts';
