import type { JsonObject, LabResponse } from '../../front/index.ts';
import { type RoleAssignment, type RoleDefinition, rolesAt } from '../../sts/index.ts';
import { apiVersions } from '../api-versions.ts';
import { ArmError } from '../arm-error.ts';
import { type Call, param, type Route } from '../call.ts';
import { objectAt, sameText, stringAt } from '../json-path.ts';
import { page } from '../paging.ts';

const provider = 'providers/Microsoft.Authorization';
const versions = apiVersions.authorization;

/** Scopes that assignments and permissions can be asked for: subscription, group, resource. */
const scopes = [
  '/subscriptions/{subscriptionId}',
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}',
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/{resourceProviderNamespace}/{resourceType}/{resourceName}',
];

const definitionId = (call: Call, role: RoleDefinition): string =>
  `/subscriptions/${call.subscriptionId}/${provider}/roleDefinitions/${role.id}`;

function scopeOf(call: Call): string {
  const end = call.request.path.toLowerCase().lastIndexOf(`/${provider.toLowerCase()}`);
  return call.request.path.slice(0, end);
}

function showPermissions({ actions, notActions, dataActions, notDataActions }: RoleDefinition): JsonObject {
  return { actions, notActions, dataActions, notDataActions };
}

function showDefinition(call: Call, role: RoleDefinition): JsonObject {
  const properties = {
    roleName: role.roleName,
    type: role.id.startsWith('00000000') ? 'CustomRole' : 'BuiltInRole',
    description: '',
    assignableScopes: ['/'],
    permissions: [showPermissions(role)],
  };
  return {
    id: definitionId(call, role),
    type: 'Microsoft.Authorization/roleDefinitions',
    name: role.id,
    properties,
  };
}

function showAssignment(call: Call, assignment: RoleAssignment): JsonObject {
  const role = call.deps.roles.definitions.find((each) => each.roleName === assignment.roleName);
  const properties = {
    roleDefinitionId: role && definitionId(call, role),
    principalId: assignment.principalId,
    principalType: call.deps.directory.principal(assignment.principalId)?.kind ?? 'Unknown',
    scope: assignment.scope,
  };
  return {
    id: assignment.id,
    type: 'Microsoft.Authorization/roleAssignments',
    name: assignment.id.split('/').at(-1),
    properties,
  };
}

function listAssignments(call: Call): LabResponse {
  const scope = scopeOf(call).toLowerCase();
  const filter = call.request.query.get('$filter');
  const principal =
    filter === null ? undefined : /(?:principalId eq|assignedTo\()\s*'([^']+)'/i.exec(filter)?.[1];
  const atScope = filter !== null && /atScope\(\)/i.test(filter);
  if (filter !== null && principal === undefined && !atScope) {
    throw new ArmError(400, 'BadRequestQueryFilter', `The filter '${filter}' is not supported.`);
  }
  const found = call.deps.roles.assignments().filter((each) => {
    const own = each.scope.toLowerCase();
    const above = own === scope || scope.startsWith(`${own}/`);
    const below = !atScope && own.startsWith(`${scope}/`);
    return (above || below) && (principal === undefined || sameText(each.principalId, principal));
  });
  return page(
    call,
    found.map((each) => showAssignment(call, each)),
  );
}

function putAssignment(call: Call): LabResponse {
  const principalId = stringAt(call.body, 'properties', 'principalId');
  const wanted = stringAt(objectAt(call.body, 'properties'), 'roleDefinitionId');
  const role = call.deps.roles.definitions.find((each) => sameText(each.id, wanted?.split('/').at(-1)));
  if (!role)
    throw new ArmError(
      400,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${wanted}' does not exist.`,
    );
  if (principalId === undefined || !call.deps.directory.principal(principalId)) {
    throw new ArmError(
      400,
      'PrincipalNotFound',
      `Principal ${principalId} does not exist in the directory ${call.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay.`,
    );
  }
  const scope = scopeOf(call);
  const { store, roles } = call.deps;
  if (
    roles
      .assignments()
      .some(
        (each) =>
          sameText(each.scope, scope) && each.principalId === principalId && each.roleName === role.roleName,
      )
  ) {
    throw new ArmError(409, 'RoleAssignmentExists', 'The role assignment already exists.');
  }
  const id = `${scope}/${provider}/roleAssignments/${param(call, 'roleAssignmentName')}`;
  const assignment = { id, principalId, roleName: role.roleName, scope };
  store.putRoleAssignment(assignment);
  return { status: 201, body: showAssignment(call, assignment) };
}

function deleteAssignment(call: Call): LabResponse {
  const id = `${scopeOf(call)}/${provider}/roleAssignments/${param(call, 'roleAssignmentName')}`;
  const found = call.deps.roles.assignments().find((each) => sameText(each.id, id));
  if (!found) return { status: 204 };
  call.deps.store.deleteRoleAssignment(found.id);
  return { status: 200, body: showAssignment(call, found) };
}

function routesAt(scope: string): readonly Route[] {
  const assignments = `${scope}/${provider}/roleAssignments`;
  const one = `${assignments}/{roleAssignmentName}`;
  const action = (verb: string): string => `Microsoft.Authorization/${verb}`;
  return [
    {
      method: 'GET',
      path: `${scope}/${provider}/permissions`,
      action: undefined,
      apiVersions: versions,
      handle: (call) => page(call, rolesAt(call.deps.roles, call.caller, scopeOf(call)).map(showPermissions)),
    },
    {
      method: 'GET',
      path: `${scope}/${provider}/roleDefinitions`,
      action: action('roleDefinitions/read'),
      apiVersions: versions,
      handle: (call) =>
        page(
          call,
          call.deps.roles.definitions.map((each) => showDefinition(call, each)),
        ),
    },
    {
      method: 'GET',
      path: assignments,
      action: action('roleAssignments/read'),
      apiVersions: versions,
      handle: listAssignments,
    },
    {
      method: 'PUT',
      path: one,
      action: action('roleAssignments/write'),
      apiVersions: versions,
      handle: putAssignment,
    },
    {
      method: 'DELETE',
      path: one,
      action: action('roleAssignments/delete'),
      apiVersions: versions,
      handle: deleteAssignment,
    },
  ];
}

/** Permissions, role definitions and role assignments at every scope. */
export const authorizationRoutes: readonly Route[] = scopes.flatMap(routesAt);
