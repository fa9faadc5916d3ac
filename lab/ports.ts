/**
 * The lab's inner borders. The control plane (`arm/`, `sts/`, `faults/`) knows names, rules and states; the
 * data plane (`disks/`, `storage/`, `vm/`) knows bytes and processes. They meet only here, in Azure's own terms.
 */

// ---------------------------------------------------------------------------------------------- disks

/** What a new disk starts with. */
export type DiskSource =
  | { readonly kind: 'empty' }
  /** All zero, of `sizeBytes`, writable by SAS; the 512-byte VHD footer is accepted after the last byte. */
  | { readonly kind: 'upload' }
  /** Bytes of another disk or snapshot at this moment. */
  | { readonly kind: 'copy'; readonly sourceUniqueId: string }
  /** A disk image of the estate, by the name its seed gives. */
  | { readonly kind: 'image'; readonly image: string };

export interface DiskCreation {
  /** Whole disk without footer; a multiple of 512. For `copy` and `image` at least the source's size. */
  readonly sizeBytes: number;
  readonly source: DiskSource;
  /** Default 512. */
  readonly logicalSectorSize?: 512 | 4096;
}

export interface SnapshotCreation {
  /** The disk (or snapshot, for a copy of a snapshot) whose present bytes are kept. */
  readonly sourceUniqueId: string;
  readonly incremental: boolean;
}

export interface DiskContent {
  /** GUID; what Resource Manager shows as `properties.uniqueId`. */
  readonly uniqueId: string;
  readonly kind: 'disk' | 'snapshot';
  readonly sizeBytes: number;
  /**
   * The family: the unique id of the disk that an incremental snapshot belongs to (kept when a snapshot is copied).
   * Only members of one family can be compared. Undefined for disks and full snapshots.
   */
  readonly familyId: string | undefined;
}

export interface DiskAccess {
  /** https URL with its signature; never logged. */
  readonly accessSas: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface ActiveAccess {
  readonly access: 'Read' | 'Write';
  readonly expiresAt: number;
}

/**
 * Bytes of managed disks and snapshots, their SAS endpoint included. Everything is keyed by unique id and survives
 * a restart of the lab. It refuses only what cannot be done with bytes (unknown id, size below the source's,
 * unknown image): states, names, quotas and Azure's limits are checked by Resource Manager before the call.
 */
export interface DiskPlane {
  createDisk(creation: DiskCreation, signal: AbortSignal): Promise<DiskContent>;
  createSnapshot(creation: SnapshotCreation, signal: AbortSignal): Promise<DiskContent>;
  get(uniqueId: string): DiskContent | undefined;
  /** Grows only. */
  resize(uniqueId: string, sizeBytes: number, signal: AbortSignal): Promise<DiskContent>;
  /** Idempotent. Later requests with a SAS of it are refused. */
  delete(uniqueId: string, signal: AbortSignal): Promise<void>;
  /** A second grant of the same access while one is active returns a URL valid for the longer of both. */
  grantAccess(
    uniqueId: string,
    grant: { readonly access: 'Read' | 'Write'; readonly durationInSeconds: number },
    signal: AbortSignal,
  ): Promise<DiskAccess>;
  /** Ends every SAS of this disk at once; idempotent. */
  revokeAccess(uniqueId: string, signal: AbortSignal): Promise<void>;
  /** The access that is active now; an expired one counts as none. */
  activeAccess(uniqueId: string): ActiveAccess | undefined;
}

// -------------------------------------------------------------------------------------------- storage

export interface StorageAccountData {
  readonly name: string;
  /** Two keys, base64, `key1` and `key2`. */
  readonly keys: readonly [string, string];
  /** `https://localhost:PORT/NAME/`, path style; trailing slash as in Azure. */
  readonly blobEndpoint: string;
  readonly queueEndpoint: string;
}

/**
 * Blob and queue service of every storage account. Account names are unique in the lab, as in the world.
 * Tokens are accepted only through {@link AccessControl}.
 */
export interface StoragePlane {
  /** Idempotent: an existing account keeps its keys and data. Resolves when the endpoints answer. */
  createAccount(name: string, signal: AbortSignal): Promise<StorageAccountData>;
  /** Tells the account's Resource Manager id, the scope of role assignments on its containers and queues. */
  bindAccount(name: string, resourceId: string): void;
  get(name: string): StorageAccountData | undefined;
  deleteAccount(name: string, signal: AbortSignal): Promise<void>;
  regenerateKey(name: string, keyName: 'key1' | 'key2', signal: AbortSignal): Promise<StorageAccountData>;
}

// ------------------------------------------------------------------------------------ virtual machines

export interface AttachedDisk {
  readonly uniqueId: string;
  readonly resourceId: string;
  readonly role: 'os' | 'data';
  /** Data disks only. */
  readonly lun?: number;
  readonly sizeBytes: number;
}

export interface VmDescription {
  /** `properties.vmId`, a GUID; new for every creation. */
  readonly vmId: string;
  readonly resourceId: string;
  readonly name: string;
  readonly location: string;
  readonly vmSize: string;
  readonly osType: 'Linux' | 'Windows';
  readonly computerName: string | undefined;
  readonly adminUsername: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly disks: readonly AttachedDisk[];
  readonly privateIpAddresses: readonly string[];
  /** Base64 as sent; only the first boot of a VM reads it. */
  readonly customData: string | undefined;
  readonly userData: string | undefined;
  /** True at creation, false when an existing VM is started again. */
  readonly firstBoot: boolean;
  /** `http://127.0.0.1:PORT`, this VM's own instance metadata service; managed identity tokens come from it. */
  readonly metadataEndpoint: string;
}

export type VmPowerState = 'starting' | 'running' | 'stopping' | 'stopped' | 'deallocated';

export interface RunCommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs VMs. A VM whose custom data starts our agent becomes a real process; any other VM is only a power state.
 * The root certificate of the lab is given to the plane when it is made and put into the VM's trust store.
 */
export interface VmPlane {
  /** Resolves when the VM counts as running, not when cloud-init has finished: Azure does not wait for it. */
  boot(vm: VmDescription, signal: AbortSignal): Promise<void>;
  /** Ends the VM's processes; `deallocated` also gives its temporary state back. Idempotent. */
  stop(vmId: string, state: 'stopped' | 'deallocated', signal: AbortSignal): Promise<void>;
  /** The VM and everything local to it is gone; idempotent. Its disks are not touched. */
  remove(vmId: string, signal: AbortSignal): Promise<void>;
  /** Undefined when this plane has never seen the VM (a seeded one before its first action). */
  powerState(vmId: string): VmPowerState | undefined;
  runCommand(
    vmId: string,
    script: { readonly commandId: string; readonly script: readonly string[] },
    signal: AbortSignal,
  ): Promise<RunCommandResult>;
}

// ------------------------------------------------------------------------------- sign-in and permission

/** Who calls, once a token has been verified. */
export interface CallerIdentity {
  readonly objectId: string;
  readonly tenantId: string;
  /** Application (client) id the token was issued to. */
  readonly clientId: string;
  readonly name: string;
}

export type TokenCheck =
  | { readonly ok: true; readonly caller: CallerIdentity }
  /** Why the token is refused; the server answers in its own service's error shape. */
  | {
      readonly ok: false;
      readonly reason: 'missing' | 'malformed' | 'signature' | 'audience' | 'issuer' | 'expired' | 'unknown';
      readonly message: string;
    };

/** Token and role checks shared by Resource Manager and by the data plane's servers. */
export interface AccessControl {
  /** `authorization` is the header as received; `audience` the resource this server stands for. */
  verify(authorization: string | undefined, audience: 'arm' | 'storage' | 'disk' | 'keyvault'): TokenCheck;
  /**
   * `action` as in Azure's role definitions, for example
   * `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read`; `scope` a resource id
   * (a container is `<account id>/blobServices/default/containers/<name>`).
   */
  isAllowed(
    caller: CallerIdentity,
    request: { readonly action: string; readonly scope: string; readonly kind: 'action' | 'dataAction' },
  ): boolean;
}

// ---------------------------------------------------------------------------------------------- faults

/** What a fault may be matched against. `service` tells the servers apart. */
export interface FaultSubject {
  readonly service: 'arm' | 'sts' | 'blob' | 'queue' | 'disk' | 'imds' | 'keyvault';
  readonly method: string;
  /** Path without query, as received. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** What the server does to this request. Delay first, then drop or answer, else go on. */
export interface FaultEffect {
  readonly delayMs: number;
  /** `before`: the request has no effect; `after`: it is carried out, only its answer is lost. */
  readonly drop?: 'before' | 'after';
  readonly respond?: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** Long-running operations of Resource Manager: accepted now, failing with this at the end. */
  readonly failOperation?: { readonly code: string; readonly message: string };
}

/** Asked once per request by every server of the lab; counts down limited faults. */
export interface FaultMatcher {
  match(subject: FaultSubject): FaultEffect | undefined;
}

// ------------------------------------------------------------------------------------------ the estate

export interface TenantSeed {
  readonly tenantId: string;
  readonly displayName: string;
  readonly defaultDomain: string;
}

export interface PrincipalSeed {
  readonly objectId: string;
  readonly tenantId: string;
  readonly kind: 'User' | 'ServicePrincipal';
  readonly displayName: string;
  /** Users: sign-in name and password of the lab's sign-in page. */
  readonly userPrincipalName?: string;
  readonly password?: string;
  /** Service principals. */
  readonly clientId?: string;
  /** `expiresOn` ISO 8601; an expired secret is refused as Azure does. */
  readonly secrets?: readonly { readonly value: string; readonly expiresOn?: string }[];
  /** PEM certificates whose private key holder may sign in. */
  readonly certificates?: readonly string[];
}

/** An application users sign in to: device code, authorization code with PKCE. */
export interface PublicClientSeed {
  readonly clientId: string;
  readonly displayName: string;
  /** `http://localhost` allows any port, as Azure does for native clients. */
  readonly redirectUris: readonly string[];
}

/** Names of built-in roles (`Reader`, `Contributor`, `Storage Blob Data Contributor`, ...) are known to the lab. */
export interface RoleDefinitionSeed {
  readonly roleName: string;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

export interface RoleAssignmentSeed {
  readonly principalId: string;
  readonly roleName: string;
  /** `/subscriptions/...`, a group or a resource. */
  readonly scope: string;
}

export interface SubscriptionSeed {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly displayName: string;
}

export interface ResourceGroupSeed {
  readonly subscriptionId: string;
  readonly name: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A resource as Resource Manager would return it; `name` and `type` follow from `id`. */
export interface ResourceSeed {
  readonly id: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly zones?: readonly string[];
  readonly sku?: Readonly<Record<string, unknown>>;
  readonly kind?: string;
  readonly plan?: Readonly<Record<string, unknown>>;
  readonly identity?: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A key vault with role-based access. */
export interface KeyVaultSeed {
  /** Resource id: the scope of role assignments on its keys. */
  readonly id: string;
  readonly tenantId: string;
  readonly location: string;
  /** RSA keys (2048 bits) that are there from the start; others are made through the vault's own door. */
  readonly keys: readonly string[];
}

export interface QuotaSeed {
  readonly subscriptionId: string;
  readonly location: string;
  /** Usage name as Azure has it: `cores`, `standardFSv2Family`, `virtualMachines`, ... */
  readonly name: string;
  readonly limit: number;
}

/** A size that this subscription cannot have in this location (or only in some zones). */
export interface SkuRestrictionSeed {
  readonly subscriptionId: string;
  readonly location: string;
  readonly vmSize: string;
  /** Without zones the whole location is restricted. */
  readonly zones?: readonly string[];
  readonly reasonCode: 'NotAvailableForSubscription' | 'QuotaId';
}

/** Everything that exists when the lab starts for the first time: plain data, JSON-able. */
export interface EstateSeed {
  readonly tenants: readonly TenantSeed[];
  readonly principals: readonly PrincipalSeed[];
  readonly publicClients: readonly PublicClientSeed[];
  readonly roleDefinitions: readonly RoleDefinitionSeed[];
  readonly roleAssignments: readonly RoleAssignmentSeed[];
  readonly subscriptions: readonly SubscriptionSeed[];
  /** Regions of the lab, for example `westeurope`. */
  readonly locations: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly zones: readonly string[];
  }[];
  readonly resourceGroups: readonly ResourceGroupSeed[];
  /** Disks, VMs, networks, storage accounts, in any order. */
  readonly resources: readonly ResourceSeed[];
  /** Disk resource id -> name of the image that {@link DiskPlane} fills it with; disks not named are empty. */
  readonly diskImages: Readonly<Record<string, string>>;
  readonly quotas: readonly QuotaSeed[];
  readonly skuRestrictions: readonly SkuRestrictionSeed[];
}
