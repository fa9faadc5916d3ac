import type { JsonObject } from '../front/index.ts';

/** One resource as the lab keeps it. Replaced as a whole, never changed in place. */
export interface Resource {
  readonly id: string;
  readonly name: string;
  /** `Microsoft.Compute/disks` */
  readonly type: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly zones?: readonly string[] | undefined;
  readonly sku?: JsonObject | undefined;
  readonly kind?: string | undefined;
  readonly plan?: JsonObject | undefined;
  readonly identity?: JsonObject | undefined;
  readonly managedBy?: string | undefined;
  readonly extendedLocation?: JsonObject | undefined;
  /** Changes with every write. */
  readonly etag: string;
  readonly properties: JsonObject;
  /** What Resource Manager knows but never shows: custom data, power state. */
  readonly hidden: JsonObject;
}

export interface ResourceGroup {
  readonly subscriptionId: string;
  readonly name: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly managedBy?: string | undefined;
  readonly provisioningState: 'Succeeded' | 'Deleting';
}

export interface ResourceId {
  readonly subscriptionId: string;
  readonly group: string;
  /** `Microsoft.Compute/disks` */
  readonly type: string;
  readonly name: string;
  /** A subnet and the like: what follows the name. */
  readonly child?: { readonly type: string; readonly name: string };
}

const idPattern =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/([^/]+)\/([^/]+)(?:\/([^/]+)\/([^/]+))?$/i;

/** Takes a resource id apart; undefined when it is none of a resource in a group. */
export function parseResourceId(id: string): ResourceId | undefined {
  const [, subscriptionId, group, provider, type, name, childType, childName] = idPattern.exec(id) ?? [];
  if (!subscriptionId || !group || !name) return undefined;
  const child = childType && childName ? { child: { type: childType, name: childName } } : {};
  return { subscriptionId, group, type: `${provider}/${type}`, name, ...child };
}

export const resourceId = (id: Omit<ResourceId, 'child'>): string =>
  `/subscriptions/${id.subscriptionId}/resourceGroups/${id.group}/providers/${id.type}/${id.name}`;

/** The id of a resource in the place of another one: same subscription and group. */
export function siblingId(of: Resource, type: string, name: string): string {
  const parsed = parseResourceId(of.id);
  if (!parsed) throw new Error(`not a resource id: ${of.id}`);
  return resourceId({ ...parsed, type, name });
}

export const provisioningStateOf = (resource: Resource): string =>
  String(resource.properties.provisioningState ?? '');

export const withProperties = (resource: Resource, properties: JsonObject): Resource => ({
  ...resource,
  properties: { ...resource.properties, ...properties },
});
