import type { JsonObject } from '../../../front/index.ts';
import { apiVersions } from '../../api-versions.ts';
import { ArmError } from '../../arm-error.ts';
import type { Call } from '../../call.ts';
import { compact, numberAt, objectAt, objectsAt, stringAt } from '../../json-path.ts';
import type { Resource } from '../../resource.ts';
import type { Removal, ResourceKind, Write, WriteTarget } from '../../resource-kind.ts';
import { tagsOf } from '../../tags.ts';
import { networkDialect, networkName } from './dialect.ts';
import { networkTypes, usersOfSecurityGroup } from './references.ts';

const type = networkTypes.networkSecurityGroups;

export const networkSecurityGroups: ResourceKind = {
  type,
  nameParameter: 'networkSecurityGroupName',
  apiVersions: apiVersions.network,
  namePattern: networkName,
  dialect: networkDialect,
  write: writeGroup,
  remove: removeGroup,
  shownProperties: showProperties,
};

type DefaultRule = readonly [
  name: string,
  priority: number,
  direction: string,
  access: string,
  source: string,
  destination: string,
];

/** The six rules every security group ends with. */
const defaultRules: readonly DefaultRule[] = [
  ['AllowVnetInBound', 65000, 'Inbound', 'Allow', 'VirtualNetwork', 'VirtualNetwork'],
  ['AllowAzureLoadBalancerInBound', 65001, 'Inbound', 'Allow', 'AzureLoadBalancer', '*'],
  ['DenyAllInBound', 65500, 'Inbound', 'Deny', '*', '*'],
  ['AllowVnetOutBound', 65000, 'Outbound', 'Allow', 'VirtualNetwork', 'VirtualNetwork'],
  ['AllowInternetOutBound', 65001, 'Outbound', 'Allow', '*', 'Internet'],
  ['DenyAllOutBound', 65500, 'Outbound', 'Deny', '*', '*'],
];

function showRule(group: Resource, rule: JsonObject, collection: string): JsonObject {
  const name = stringAt(rule, 'name');
  return {
    name,
    id: `${group.id}/${collection}/${name}`,
    etag: group.etag,
    type: `${type}/${collection}`,
    properties: { provisioningState: 'Succeeded', ...objectAt(rule, 'properties') },
  };
}

function defaultRule(
  group: Resource,
  [name, priority, direction, access, source, destination]: DefaultRule,
): JsonObject {
  const properties = {
    protocol: '*',
    sourcePortRange: '*',
    destinationPortRange: '*',
    sourceAddressPrefix: source,
    destinationAddressPrefix: destination,
    access,
    priority,
    direction,
  };
  return showRule(group, { name, properties }, 'defaultSecurityRules');
}

function showProperties(call: Call, group: Resource): JsonObject {
  const { nics, subnets } = usersOfSecurityGroup(call, group.id);
  const references = (ids: readonly string[]) => (ids.length > 0 ? ids.map((id) => ({ id })) : undefined);
  return compact({
    ...group.properties,
    securityRules: objectsAt(group.properties, 'securityRules').map((each) =>
      showRule(group, each, 'securityRules'),
    ),
    defaultSecurityRules: defaultRules.map((each) => defaultRule(group, each)),
    networkInterfaces: references(nics),
    subnets: references(subnets),
  });
}

function checkRules(rules: readonly JsonObject[]): void {
  const seen = new Set<string>();
  for (const rule of rules) {
    const name = stringAt(rule, 'name');
    const priority = numberAt(rule, 'properties', 'priority') ?? 0;
    if (priority < 100 || priority > 4096) {
      throw new ArmError(
        400,
        'SecurityRuleInvalidPriority',
        `Security rule has invalid Priority. Value provided: ${priority} Allowed range 100-4096.`,
      );
    }
    const key = `${stringAt(rule, 'properties', 'direction')} ${priority}`.toLowerCase();
    if (seen.has(key)) {
      throw new ArmError(
        400,
        'SecurityRuleConflict',
        `Security rule ${name} conflicts with another rule. Rules cannot have the same Priority and Direction.`,
      );
    }
    seen.add(key);
  }
}

function writeGroup(call: Call, target: WriteTarget): Write {
  const sent = objectAt(call.body, 'properties') ?? {};
  const rules = objectsAt(sent, 'securityRules').map((each) => {
    const { provisioningState: _state, ...properties } = objectAt(each, 'properties') ?? {};
    return { name: stringAt(each, 'name'), properties };
  });
  checkRules(rules);
  const resource: Resource = {
    id: target.id,
    name: target.name,
    type,
    location: target.location,
    tags: tagsOf(call.body),
    etag: '',
    properties: {
      securityRules: rules,
      resourceGuid: target.existing?.properties.resourceGuid ?? call.deps.newId(),
    },
    hidden: {},
  };
  return { resource, work: async () => resource };
}

function removeGroup(call: Call, group: Resource): Removal {
  const { nics, subnets } = usersOfSecurityGroup(call, group.id);
  const [user] = [...nics, ...subnets];
  if (user !== undefined) {
    throw new ArmError(
      400,
      'InUseNetworkSecurityGroupCannotBeDeleted',
      `Network security group ${group.id} cannot be deleted because it is in use by the following resources: ${user}. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.`,
    );
  }
  return { work: async () => {} };
}
