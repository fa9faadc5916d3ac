/**
 * Azure, as plain functions: the only folder that imports Azure's SDKs. Every function takes a {@link Connection}
 * first and an AbortSignal last, throws `AppError` only, and is safe to repeat after a crash: what it creates has the
 * name it is given, and what is already there is found again. SDKs are loaded when first needed.
 */

import type { BlobStore } from '../engine/index.ts';
import type { CloudEndpoints, SecretStore } from '../host.ts';
import type { Connection, ConnectionOptions } from './connection.ts';
import type {
  AccessGrant,
  AzureSubscription,
  BlobFolder,
  CertificateSignIn,
  ContainerAccess,
  CreateNicRequest,
  CreatePublicIpRequest,
  CreateSnapshotRequest,
  CreateUploadDiskRequest,
  CreateVirtualMachineRequest,
  DeviceCodeFlow,
  DiskInfo,
  NetworkList,
  OwnedResource,
  RegionInfo,
  ResourceGroupInfo,
  SecretSignIn,
  SignedInIdentity,
  SizeInfo,
  SnapshotInfo,
  StorageAccountInfo,
  SwapDisksRequest,
  UserSignIn,
  VirtualMachineConfiguration,
  VirtualMachineSummary,
  VmState,
} from './model.ts';

export interface BlobStoreOptions {
  /** Tries after the first. Default 8. */
  readonly maxRetries?: number;
  /** First pause, doubles up to 30 s. Default 300 ms. */
  readonly retryDelayMs?: number;
}

export type * from './connection.ts';
export type * from './model.ts';
export * from './resource-id.ts';
export * from './tags.ts';

type S = AbortSignal;

// ---- sign-in
/** A connection of an application by client secret. No request is made; see {@link proveSignIn}. */
export declare function connectWithSecret(
  cloud: CloudEndpoints,
  signIn: SecretSignIn,
  options?: ConnectionOptions,
): Connection;
/** A connection of an application by certificate (PEM with its private key). No request is made. */
export declare function connectWithCertificate(
  cloud: CloudEndpoints,
  signIn: CertificateSignIn,
  options?: ConnectionOptions,
): Connection;
/** A connection of a user who signed in before; tokens come from the cache in the secret store. */
export declare function connectUser(
  cloud: CloudEndpoints,
  signIn: UserSignIn,
  secrets: SecretStore,
  options?: ConnectionOptions,
): Connection;
/** Gets a token now. `sign-in-failed` (wrong secret, tenant, application; with a hint), `unreachable`. */
export declare function proveSignIn(connection: Connection, signal: S): Promise<SignedInIdentity>;
/** Begins a device-code sign-in; `flow.result` settles when the user has finished, refused, or the code expired. */
export declare function startDeviceCode(
  cloud: CloudEndpoints,
  request: { readonly tenantId: string; readonly cacheKey: string },
  secrets: SecretStore,
  signal: S,
): Promise<DeviceCodeFlow>;

// ---- inventory
export declare function listSubscriptions(connection: Connection, signal: S): Promise<AzureSubscription[]>;
export declare function listRegions(
  connection: Connection,
  subscriptionId: string,
  signal: S,
): Promise<RegionInfo[]>;
export declare function listResourceGroups(
  connection: Connection,
  subscriptionId: string,
  signal: S,
): Promise<ResourceGroupInfo[]>;
/** Null when there is none. */
export declare function getResourceGroup(
  connection: Connection,
  place: { readonly subscriptionId: string; readonly resourceGroup: string },
  signal: S,
): Promise<ResourceGroupInfo | null>;
export declare function listVirtualMachines(
  connection: Connection,
  subscriptionId: string,
  signal: S,
): Promise<VirtualMachineSummary[]>;
/** Everything a restore needs to make this machine again, as JSON. `not-found` when the machine is gone. */
export declare function getVirtualMachineConfiguration(
  connection: Connection,
  vmId: string,
  signal: S,
): Promise<VirtualMachineConfiguration>;
/** Resources of this subscription that carry our installation's tag (everything, whatever its kind). */
export declare function listOwnResources(
  connection: Connection,
  request: { readonly subscriptionId: string; readonly installationId: string },
  signal: S,
): Promise<OwnedResource[]>;
/** Deletes one resource by its id, whatever its type (VM, NIC, disk, snapshot after revoking access, IP). Quiet when it is gone. */
export declare function deleteOwnResource(
  connection: Connection,
  resourceId: string,
  signal: S,
): Promise<void>;
/** Sizes of a region with restrictions and quota: `refusal` tells why a size cannot be had. */
export declare function listSizes(
  connection: Connection,
  request: { readonly subscriptionId: string; readonly region: string; readonly zone?: string | null },
  signal: S,
): Promise<SizeInfo[]>;
/** Subnets and security groups of a region, for the restore wizard. */
export declare function listNetworks(
  connection: Connection,
  request: { readonly subscriptionId: string; readonly region: string },
  signal: S,
): Promise<NetworkList>;

// ---- snapshots
/** Starts or finds the incremental snapshot of this id; resolves when it can be read (waits for `completionPercent` 100). */
export declare function createIncrementalSnapshot(
  connection: Connection,
  request: CreateSnapshotRequest,
  signal: S,
): Promise<SnapshotInfo>;
export declare function getSnapshot(
  connection: Connection,
  snapshotId: string,
  signal: S,
): Promise<SnapshotInfo | null>;
/** Revokes access first; quiet when it is gone. */
export declare function deleteSnapshot(connection: Connection, snapshotId: string, signal: S): Promise<void>;
/** Read SAS. `conflict` with a hint when five snapshots of the family are already being read. */
export declare function grantSnapshotAccess(
  connection: Connection,
  request: { readonly snapshotId: string; readonly durationSeconds: number },
  signal: S,
): Promise<AccessGrant>;
/** Ends every SAS of it; quiet when it is gone or had none. */
export declare function revokeSnapshotAccess(
  connection: Connection,
  snapshotId: string,
  signal: S,
): Promise<void>;

// ---- disks
export declare function getDisk(connection: Connection, diskId: string, signal: S): Promise<DiskInfo | null>;
/** A disk for direct upload of `sizeBytes` (the 512-byte footer is added here). Finds the one an earlier try made. */
export declare function createUploadDisk(
  connection: Connection,
  request: CreateUploadDiskRequest,
  signal: S,
): Promise<DiskInfo>;
export declare function grantDiskWrite(
  connection: Connection,
  request: { readonly diskId: string; readonly durationSeconds: number },
  signal: S,
): Promise<AccessGrant>;
/** Read SAS of an unattached disk, for verification. */
export declare function grantDiskRead(
  connection: Connection,
  request: { readonly diskId: string; readonly durationSeconds: number },
  signal: S,
): Promise<AccessGrant>;
export declare function revokeDiskAccess(connection: Connection, diskId: string, signal: S): Promise<void>;
/** Revokes access first; quiet when it is gone; `conflict` when attached. */
export declare function deleteDisk(connection: Connection, diskId: string, signal: S): Promise<void>;

// ---- virtual machines and networks
export declare function getVirtualMachineState(
  connection: Connection,
  vmId: string,
  signal: S,
): Promise<VmState | null>;
/** A machine from restored disks and its saved configuration, in a network of the caller's choice. */
export declare function createVirtualMachine(
  connection: Connection,
  request: CreateVirtualMachineRequest,
  signal: S,
): Promise<{ readonly vmId: string }>;
/** Replaces OS and data disks of a deallocated machine; resolves with the ids of the disks that were detached. */
export declare function swapDisks(
  connection: Connection,
  request: SwapDisksRequest,
  signal: S,
): Promise<{ readonly replaced: string[] }>;
export declare function startVirtualMachine(connection: Connection, vmId: string, signal: S): Promise<void>;
export declare function deallocateVirtualMachine(
  connection: Connection,
  vmId: string,
  signal: S,
): Promise<void>;
export declare function deleteVirtualMachine(connection: Connection, vmId: string, signal: S): Promise<void>;
export declare function createNic(
  connection: Connection,
  request: CreateNicRequest,
  signal: S,
): Promise<{ readonly nicId: string }>;
export declare function createPublicIp(
  connection: Connection,
  request: CreatePublicIpRequest,
  signal: S,
): Promise<{ readonly publicIpId: string }>;
export declare function deleteNic(connection: Connection, nicId: string, signal: S): Promise<void>;
export declare function deletePublicIp(connection: Connection, publicIpId: string, signal: S): Promise<void>;

// ---- storage
export declare function listStorageAccounts(
  connection: Connection,
  subscriptionId: string,
  signal: S,
): Promise<StorageAccountInfo[]>;
export declare function getStorageAccount(
  connection: Connection,
  storageAccountId: string,
  signal: S,
): Promise<StorageAccountInfo | null>;
export declare function listContainers(
  connection: Connection,
  account: StorageAccountInfo,
  signal: S,
): Promise<string[]>;
/** Quiet when it exists. */
export declare function createContainer(
  connection: Connection,
  account: StorageAccountInfo,
  container: string,
  signal: S,
): Promise<void>;
export declare function containerExists(
  connection: Connection,
  account: StorageAccountInfo,
  container: string,
  signal: S,
): Promise<boolean>;
/**
 * A user-delegation SAS of the repository's container. Hand it to a worker sealed; an account key never leaves core.
 * (A SAS of a single folder exists only with hierarchical namespaces, so the scope is the container.)
 */
export declare function createContainerSas(
  connection: Connection,
  request: {
    readonly account: StorageAccountInfo;
    readonly container: string;
    readonly access: ContainerAccess;
    readonly durationSeconds: number;
  },
  signal: S,
): Promise<AccessGrant>;
/** The engine's store over a folder, with the connection's own tokens. */
export declare function openBlobStore(
  connection: Connection,
  folder: BlobFolder,
  options?: BlobStoreOptions,
): BlobStore;
/** The same with a container SAS; `renew` is asked for a fresh one before the old one expires. */
export declare function openBlobStoreBySas(
  request: { readonly url: string; readonly folder: string; readonly renew?: (signal: S) => Promise<string> },
  options?: BlobStoreOptions,
): BlobStore;
/** Puts, reads and deletes a probe: proves the rights a repository needs. `permission-denied` naming what is missing. */
export declare function proveContainerRights(
  connection: Connection,
  folder: BlobFolder,
  signal: S,
): Promise<void>;
