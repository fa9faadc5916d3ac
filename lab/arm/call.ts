import type { JsonObject, LabRequest, LabResponse } from '../front/index.ts';
import type {
  AccessControl,
  CallerIdentity,
  DiskPlane,
  EstateSeed,
  StoragePlane,
  VmPlane,
} from '../ports.ts';
import type { Directory, RoleBook } from '../sts/index.ts';
import { ArmError } from './arm-error.ts';
import type { Operations, Timing } from './operations.ts';
import type { ResourceGroup } from './resource.ts';
import type { ResourceStore } from './resource-store.ts';
import type { MetadataServices } from './types/vm/vm-metadata.ts';

/** What never changes while the lab runs. */
export type EstateFacts = Pick<
  EstateSeed,
  'subscriptions' | 'locations' | 'quotas' | 'skuRestrictions' | 'diskImages'
>;

/** Everything the resource types work with. */
export interface ArmDeps {
  readonly facts: EstateFacts;
  readonly store: ResourceStore;
  readonly operations: Operations;
  readonly directory: Directory;
  readonly access: AccessControl;
  readonly roles: RoleBook;
  readonly disks: DiskPlane;
  readonly storage: StoragePlane;
  readonly vms: VmPlane;
  readonly metadata: MetadataServices;
  readonly timing: Timing;
  readonly now: () => number;
  readonly newId: () => string;
}

/** One authorized call of one route. */
export interface Call {
  readonly deps: ArmDeps;
  readonly request: LabRequest;
  readonly caller: CallerIdentity;
  /** Path parameters as sent. */
  readonly params: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** Present when the path names a group; it exists. */
  readonly group: ResourceGroup | undefined;
  /** The JSON body; an empty object when none was sent. */
  readonly body: JsonObject;
  /** An injected late failure of the operation this call starts. */
  readonly failure: { readonly code: string; readonly message: string } | undefined;
}

export interface Route {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** OpenAPI path template. */
  readonly path: string;
  /** What the caller must be allowed to do; undefined for what every member of the tenant may. */
  readonly action: string | undefined;
  readonly apiVersions: readonly string[];
  /** True for `PUT` of the group itself: it need not exist. */
  readonly groupMayBeMissing?: boolean;
  handle(call: Call): LabResponse | Promise<LabResponse>;
}

export function groupOf(call: Call): ResourceGroup {
  if (!call.group) throw new Error(`route without group: ${call.request.path}`);
  return call.group;
}

export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`route without {${name}}: ${call.request.path}`);
  return value;
}

/** Azure's check of resources that a request only refers to. */
export function requireLinked(call: Call, action: string, scope: string): void {
  if (call.deps.access.isAllowed(call.caller, { action, scope, kind: 'action' })) return;
  throw new ArmError(
    403,
    'LinkedAuthorizationFailed',
    `The client '${call.caller.name}' with object id '${call.caller.objectId}' has permission to perform action on scope '${call.request.path}'; however, it does not have permission to perform action(s) '${action}' on the linked scope(s) '${scope}' (respectively) or the linked scope(s) are invalid.`,
  );
}
