import type { JsonObject } from '../front/index.ts';
import type { Call, Route } from './call.ts';
import type { OperationAddresses } from './long-running.ts';
import type { Resource } from './resource.ts';

/** A write that has passed all checks. */
export interface Write {
  /** As it shows at once, without provisioning state. */
  readonly resource: Resource;
  /** What takes time; its result replaces the resource. Without it the write is carried out at once. */
  readonly work?: (signal: AbortSignal) => Promise<Resource>;
  /** What is left of a *new* resource whose creation failed. */
  readonly onFailure?: 'remove' | 'keep';
  /** Gives back what the write had taken (attached disks, reserved NICs) when it fails. */
  readonly undo?: () => Promise<void>;
}

export interface Removal {
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/** How a provider answers: status codes, headers and words of its long-running operations. */
export interface Dialect {
  readonly addresses: OperationAddresses;
  readonly createStatus: 200 | 201 | 202;
  readonly updateStatus: 200 | 202;
  /** Storage sends no body with its 202. */
  readonly bodyOnAccept: boolean;
  /** `Location` goes with writes too (disks), or only with actions and deletes (VMs, networks). */
  readonly locationOnWrite: boolean;
  readonly creating: 'Creating' | 'Updating';
  /** Deletes are long-running, except in storage. */
  readonly deleteStatus: 200 | 202;
  /** What a second write on a busy resource is told. */
  readonly busy: 'conflict' | 'retryable';
  readonly showsEtag: boolean;
}

/** One type of resource: its rules. Everything that all types share is in `resource-routes.ts`. */
export interface ResourceKind {
  /** `Microsoft.Compute/disks` */
  readonly type: string;
  /** Path parameter of its name in Microsoft's specification: `diskName`. */
  readonly nameParameter: string;
  readonly apiVersions: readonly string[];
  readonly namePattern: RegExp;
  readonly dialect: Dialect;
  /** Checks a `PUT` and says what it does. Throws ArmError. */
  write(call: Call, target: WriteTarget): Write | Promise<Write>;
  /** Checks a `PATCH`; without it only tags can be patched. */
  patch?(call: Call, existing: Resource): Write | Promise<Write>;
  /** Checks a `DELETE`. Throws ArmError. */
  remove(call: Call, existing: Resource): Removal;
  /** Properties as shown now; default: as kept. */
  shownProperties?(call: Call, resource: Resource): JsonObject;
  /** More members beside `properties`. */
  shownMembers?(call: Call, resource: Resource): JsonObject;
  /** Routes of its own: actions and children. */
  readonly extraRoutes?: readonly Route[];
}

export interface WriteTarget {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly existing: Resource | undefined;
}

export const computeDisk = (addresses: OperationAddresses): Dialect => ({
  addresses,
  createStatus: 202,
  updateStatus: 202,
  bodyOnAccept: true,
  locationOnWrite: true,
  creating: 'Updating',
  deleteStatus: 202,
  busy: 'conflict',
  showsEtag: false,
});

export const computeVm = (addresses: OperationAddresses): Dialect => ({
  ...computeDisk(addresses),
  createStatus: 201,
  updateStatus: 200,
  locationOnWrite: false,
  creating: 'Creating',
  showsEtag: true,
});

export const network = (addresses: OperationAddresses): Dialect => ({
  ...computeVm(addresses),
  creating: 'Updating',
  busy: 'retryable',
});
