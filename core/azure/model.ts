/** Shapes that the functions of this folder take and give. Times are milliseconds since the epoch, sizes bytes. */

// ------------------------------------------------------------------------------------------ sign-in
export interface SecretSignIn {
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret: string;
}
export interface CertificateSignIn {
  readonly tenantId: string;
  readonly clientId: string;
  /** PEM: certificate and private key. */
  readonly pem: string;
}
export interface UserSignIn {
  readonly tenantId: string;
  /** From {@link SignedInIdentity}: which of the users in the cache. */
  readonly homeAccountId: string;
  /** Key of the token cache in the host's secret store. */
  readonly cacheKey: string;
}
export interface SignedInIdentity {
  readonly tenantId: string;
  readonly objectId: string;
  /** Application id, or the user's sign-in name. */
  readonly principal: string;
  /** Users only. */
  readonly homeAccountId: string | null;
}
export interface DeviceCodeFlow {
  readonly userCode: string;
  readonly verificationUrl: string;
  readonly expiresAt: number;
  /** Rejects with `sign-in-failed`, `timeout` or `cancelled`. */
  readonly result: Promise<SignedInIdentity>;
}

// ---------------------------------------------------------------------------------------- inventory
export interface AzureSubscription {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly state: string;
}
export interface RegionInfo {
  readonly name: string;
  readonly displayName: string;
}
export interface ResourceGroupInfo {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}
export interface SummaryDisk {
  readonly name: string;
  /** Null for an unmanaged disk. */
  readonly resourceId: string | null;
  readonly os: boolean;
  readonly lun: number | null;
  readonly sizeBytes: number;
  readonly sku: string;
  /** GUID that a re-created disk of the same name does not share; empty for an unmanaged disk. */
  readonly uniqueId: string;
  readonly shared: boolean;
}
export interface VirtualMachineSummary {
  readonly resourceId: string;
  /** GUID of this incarnation of the machine. */
  readonly vmId: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly region: string;
  readonly zone: string | null;
  readonly size: string;
  readonly os: 'linux' | 'windows' | 'unknown';
  readonly power: 'running' | 'stopped' | 'deallocated' | 'other';
  readonly disks: readonly SummaryDisk[];
  readonly nicIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A resource as Azure described it: plain JSON. */
export type AzureJson = { readonly [key: string]: unknown };

/** Everything needed to make a machine again. Kept inside the restore point, so its shape is versioned. */
export interface VirtualMachineConfiguration {
  readonly format: 1;
  readonly summary: VirtualMachineSummary;
  readonly vm: AzureJson;
  readonly disks: readonly AzureJson[];
  readonly nics: readonly AzureJson[];
  readonly securityGroups: readonly AzureJson[];
  readonly publicIps: readonly AzureJson[];
  readonly networks: readonly AzureJson[];
  /** In words, for lists. */
  readonly interfaces: readonly InterfaceSummary[];
}
export interface InterfaceSummary {
  readonly nicId: string;
  readonly nic: string;
  readonly primary: boolean;
  readonly subnetId: string;
  readonly subnet: string;
  readonly privateIp: string | null;
  readonly publicIp: string | null;
  readonly securityGroup: string | null;
}

export interface OwnedResource {
  readonly resourceId: string;
  readonly type: string;
  readonly kind: string;
  readonly sessionId: string | null;
  readonly tags: Readonly<Record<string, string>>;
}
export interface SizeInfo {
  readonly name: string;
  readonly family: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly maxDataDisks: number;
  readonly zones: readonly string[];
  readonly premiumDisks: boolean;
  /** Null when it can be had now, else why not. */
  readonly refusal: string | null;
  readonly refusalKind: 'restricted' | 'quota' | null;
}
export interface NetworkList {
  readonly subnets: readonly { id: string; name: string; network: string; prefix: string }[];
  readonly securityGroups: readonly { id: string; name: string }[];
}

// ---------------------------------------------------------------------------- disks and snapshots
export interface CreateSnapshotRequest {
  readonly snapshotId: string;
  readonly diskId: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}
export interface SnapshotInfo {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly sizeBytes: number;
  /** The disk's unique id: snapshots with the same one can be compared. */
  readonly sourceUniqueId: string;
  readonly sourceResourceId: string;
  readonly incremental: boolean;
  /** The family; empty when Azure does not tell. */
  readonly familyId: string;
  readonly createdAt: number;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
}
export interface AccessGrant {
  /** Secret: URL with its signature. */
  readonly sas: string;
  readonly expiresAt: number;
}
export interface DiskInfo {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly zone: string | null;
  readonly sizeBytes: number;
  readonly sku: string;
  /** `Unattached`, `Attached`, `ReadyToUpload`, `ActiveUpload`, `ActiveSAS`, ... */
  readonly state: string;
  readonly uniqueId: string;
  /** The machine it is attached to. */
  readonly managedBy: string | null;
  readonly tags: Readonly<Record<string, string>>;
}
export interface CreateUploadDiskRequest {
  readonly diskId: string;
  readonly region: string;
  readonly zone: string | null;
  /** Without footer; whole MiB. */
  readonly sizeBytes: number;
  /** `Premium_LRS`, `StandardSSD_LRS`, ... */
  readonly sku: string;
  /** OS disks only; null for data disks. */
  readonly os: {
    readonly type: 'linux' | 'windows';
    readonly generation: 'V1' | 'V2';
    /** `TrustedLaunch` keeps the source's security type. */
    readonly securityType?: string;
  } | null;
  readonly tags: Readonly<Record<string, string>>;
}

// --------------------------------------------------------------------- virtual machines, networks
export interface VmState {
  readonly vmId: string;
  readonly power: VirtualMachineSummary['power'];
  readonly provisioning: string;
  readonly tags: Readonly<Record<string, string>>;
}
export interface AttachedDataDisk {
  readonly diskId: string;
  readonly lun: number;
  readonly caching: string | null;
}
export interface CreateVirtualMachineRequest {
  readonly vmId: string;
  readonly region: string;
  readonly zone: string | null;
  readonly size: string;
  readonly configuration: VirtualMachineConfiguration;
  readonly osDiskId: string;
  readonly dataDisks: readonly AttachedDataDisk[];
  readonly nicIds: readonly string[];
  /** Added to the machine's saved tags. */
  readonly tags: Readonly<Record<string, string>>;
}
export interface SwapDisksRequest {
  readonly vmId: string;
  /** Null keeps the OS disk. */
  readonly osDiskId: string | null;
  /** Data disks by LUN; a LUN not named keeps its disk. */
  readonly dataDisks: readonly AttachedDataDisk[];
}
export interface CreateNicRequest {
  readonly nicId: string;
  readonly region: string;
  readonly subnetId: string;
  readonly securityGroupId: string | null;
  readonly publicIpId: string | null;
  readonly acceleratedNetworking?: boolean;
  readonly tags: Readonly<Record<string, string>>;
}
export interface CreatePublicIpRequest {
  readonly publicIpId: string;
  readonly region: string;
  readonly zone: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

// -------------------------------------------------------------------------------------------- storage
export interface StorageAccountInfo {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly kind: string;
  readonly sku: string;
  readonly blobEndpoint: string;
  readonly queueEndpoint: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Null when it can hold a repository, else why not. */
  readonly refusal: string | null;
}
/**
 * What a SAS allows on a container. `read`: get and list. `append`: also create, never overwrite nor delete
 * (backups). `full`: also delete.
 */
export type ContainerAccess = 'read' | 'append' | 'full';
/** A folder of a container; `folder` empty for its root. */
export interface BlobFolder {
  readonly account: StorageAccountInfo;
  readonly container: string;
  readonly folder: string;
}
