import type { RoleAssignment } from '../sts/index.ts';
import { sameText } from './json-path.ts';
import { parseResourceId, type Resource, type ResourceGroup } from './resource.ts';

export interface ResourceFilter {
  readonly subscriptionId?: string;
  readonly group?: string;
  readonly type?: string;
}

/** Everything Resource Manager remembers; ids are compared without letter case, as in Azure. */
export interface ResourceStore {
  get(id: string): Resource | undefined;
  put(resource: Resource): Resource;
  delete(id: string): void;
  /** In the order of creation. */
  list(filter: ResourceFilter): readonly Resource[];
  group(subscriptionId: string, name: string): ResourceGroup | undefined;
  putGroup(group: ResourceGroup): ResourceGroup;
  deleteGroup(subscriptionId: string, name: string): void;
  groups(subscriptionId: string): readonly ResourceGroup[];
  roleAssignments(): readonly RoleAssignment[];
  putRoleAssignment(assignment: RoleAssignment): void;
  deleteRoleAssignment(id: string): void;
  /** Creation times of incremental snapshots per source disk, for the limit of 7 in 5 minutes. */
  noteSnapshot(sourceUniqueId: string, at: number): void;
  snapshotsSince(sourceUniqueId: string, since: number): number;
  contents(): StoreContents;
}

/** The store as plain data. */
export interface StoreContents {
  readonly resources: readonly Resource[];
  readonly groups: readonly ResourceGroup[];
  readonly roleAssignments: readonly RoleAssignment[];
  readonly snapshotTimes: Readonly<Record<string, readonly number[]>>;
}

export const emptyStore: StoreContents = {
  resources: [],
  groups: [],
  roleAssignments: [],
  snapshotTimes: {},
};

const rememberSnapshotsMs = 5 * 60_000;

export function createResourceStore(contents: StoreContents, onChange: () => void): ResourceStore {
  const resources = new Map(contents.resources.map((each) => [each.id.toLowerCase(), each]));
  const groupKey = (subscriptionId: string, name: string): string =>
    `${subscriptionId}/${name}`.toLowerCase();
  const groups = new Map(contents.groups.map((each) => [groupKey(each.subscriptionId, each.name), each]));
  const assignments = new Map(contents.roleAssignments.map((each) => [each.id.toLowerCase(), each]));
  const snapshotTimes = new Map(Object.entries(contents.snapshotTimes));

  const matches = (resource: Resource, filter: ResourceFilter): boolean => {
    const id = parseResourceId(resource.id);
    return (
      (filter.type === undefined || sameText(filter.type, resource.type)) &&
      (filter.subscriptionId === undefined || sameText(filter.subscriptionId, id?.subscriptionId)) &&
      (filter.group === undefined || sameText(filter.group, id?.group))
    );
  };
  const changed = <T>(value: T): T => {
    onChange();
    return value;
  };
  return {
    get: (id) => resources.get(id.toLowerCase()),
    put: (resource) => {
      resources.set(resource.id.toLowerCase(), resource);
      return changed(resource);
    },
    delete: (id) => changed(void resources.delete(id.toLowerCase())),
    list: (filter) => [...resources.values()].filter((each) => matches(each, filter)),
    group: (subscriptionId, name) => groups.get(groupKey(subscriptionId, name)),
    putGroup: (group) => {
      groups.set(groupKey(group.subscriptionId, group.name), group);
      return changed(group);
    },
    deleteGroup: (subscriptionId, name) => changed(void groups.delete(groupKey(subscriptionId, name))),
    groups: (subscriptionId) =>
      [...groups.values()].filter((each) => sameText(each.subscriptionId, subscriptionId)),
    roleAssignments: () => [...assignments.values()],
    putRoleAssignment: (assignment) => changed(void assignments.set(assignment.id.toLowerCase(), assignment)),
    deleteRoleAssignment: (id) => changed(void assignments.delete(id.toLowerCase())),
    noteSnapshot: (source, at) => {
      const recent = (snapshotTimes.get(source) ?? []).filter((each) => each > at - rememberSnapshotsMs);
      snapshotTimes.set(source, [...recent, at]);
      onChange();
    },
    snapshotsSince: (source, since) =>
      (snapshotTimes.get(source) ?? []).filter((each) => each > since).length,
    contents: () => ({
      resources: [...resources.values()],
      groups: [...groups.values()],
      roleAssignments: [...assignments.values()],
      snapshotTimes: Object.fromEntries(snapshotTimes),
    }),
  };
}
