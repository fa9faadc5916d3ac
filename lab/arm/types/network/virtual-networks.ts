import type { JsonObject, LabResponse } from '../../../front/index.ts';
import { apiVersions } from '../../api-versions.ts';
import { ArmError } from '../../arm-error.ts';
import { type Call, param, type Route } from '../../call.ts';
import { compact, objectAt, objectsAt, sameText, stringAt, stringsAt } from '../../json-path.ts';
import { operationHeaders } from '../../long-running.ts';
import { page } from '../../paging.ts';
import { type Resource, withProperties } from '../../resource.ts';
import type { Removal, ResourceKind, Write, WriteTarget } from '../../resource-kind.ts';
import { requireResource } from '../../resource-routes.ts';
import { tagsOf } from '../../tags.ts';
import { networkDialect, networkName } from './dialect.ts';
import { contains, type Ipv4Range, overlap, parseRange } from './ipv4.ts';
import { ipConfigurations, networkTypes, requireReference } from './references.ts';

const type = networkTypes.virtualNetworks;
const versions = apiVersions.network;
const one = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${type}/{virtualNetworkName}`;

export const virtualNetworks: ResourceKind = {
  type,
  nameParameter: 'virtualNetworkName',
  apiVersions: versions,
  namePattern: networkName,
  dialect: networkDialect,
  write: writeNetwork,
  remove: removeNetwork,
  shownProperties: (call, network) => ({
    ...network.properties,
    subnets: objectsAt(network.properties, 'subnets').map((each) => showSubnet(call, network, each)),
  }),
  extraRoutes: [
    subnetRoute('GET', `${one}/subnets`, 'read', (call) => {
      const network = requireResource(virtualNetworks, call);
      return page(
        call,
        objectsAt(network.properties, 'subnets').map((each) => showSubnet(call, network, each)),
      );
    }),
    subnetRoute('GET', `${one}/subnets/{subnetName}`, 'read', (call) => {
      const network = requireResource(virtualNetworks, call);
      const subnet = findSubnet(network, param(call, 'subnetName'));
      if (!subnet) throw subnetNotFound(call, network);
      return { status: 200, body: showSubnet(call, network, subnet) };
    }),
    subnetRoute('PUT', `${one}/subnets/{subnetName}`, 'write', putSubnet),
    subnetRoute('DELETE', `${one}/subnets/{subnetName}`, 'delete', deleteSubnet),
  ],
};

function subnetRoute(method: Route['method'], path: string, verb: string, handle: Route['handle']): Route {
  return { method, path, action: `${type}/subnets/${verb}`, apiVersions: versions, handle };
}

const findSubnet = (network: Resource, name: string): JsonObject | undefined =>
  objectsAt(network.properties, 'subnets').find((each) => sameText(stringAt(each, 'name'), name));

const subnetNotFound = (call: Call, network: Resource): ArmError =>
  new ArmError(404, 'NotFound', `Resource ${network.id}/subnets/${param(call, 'subnetName')} was not found.`);

function showSubnet(call: Call, network: Resource, subnet: JsonObject): JsonObject {
  const id = `${network.id}/subnets/${stringAt(subnet, 'name')}`;
  const users = usersOfSubnet(call, id).map((each) => ({ id: each }));
  return {
    name: stringAt(subnet, 'name'),
    id,
    etag: network.etag,
    type: `${type}/subnets`,
    properties: compact({
      provisioningState: 'Succeeded',
      privateEndpointNetworkPolicies: 'Disabled',
      privateLinkServiceNetworkPolicies: 'Enabled',
      delegations: [],
      ...objectAt(subnet, 'properties'),
      ipConfigurations: users.length > 0 ? users : undefined,
    }),
  };
}

const usersOfSubnet = (call: Call, id: string): readonly string[] =>
  ipConfigurations(call)
    .filter((each) => sameText(stringAt(each.properties, 'subnet', 'id'), id))
    .map((each) => each.id);

const inUse = (id: string, user: string): ArmError =>
  new ArmError(
    400,
    'InUseSubnetCannotBeDeleted',
    `Subnet ${id.split('/').at(-1)} is in use by ${user} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  );

function checkUnused(call: Call, network: Resource, subnet: JsonObject): void {
  const id = `${network.id}/subnets/${stringAt(subnet, 'name')}`;
  const [user] = usersOfSubnet(call, id);
  if (user !== undefined) throw inUse(id, user);
}

function rangeOf(prefix: string, owner: string): Ipv4Range {
  const range = parseRange(prefix);
  if (range) return range;
  throw new ArmError(
    400,
    'InvalidCIDRNotation',
    `The address prefix ${prefix} in resource ${owner} has an invalid CIDR notation.`,
  );
}

/** Checks address ranges of a network and of all its subnets. */
function checkRanges(network: string, prefixes: readonly string[], subnets: readonly JsonObject[]): void {
  const spaces = prefixes.filter((each) => !each.includes(':')).map((each) => rangeOf(each, network));
  const seen: { name: string; range: Ipv4Range }[] = [];
  for (const subnet of subnets) {
    const name = stringAt(subnet, 'name') ?? '';
    const prefix =
      stringAt(subnet, 'properties', 'addressPrefix') ??
      stringsAt(subnet, 'properties', 'addressPrefixes')[0];
    if (prefix === undefined) {
      throw new ArmError(
        400,
        'SubnetAddressPrefixNotSpecified',
        `No address prefix is specified for subnet ${name}.`,
      );
    }
    const range = rangeOf(prefix, `${network}/subnets/${name}`);
    if (!spaces.some((space) => contains(space, range))) {
      throw new ArmError(
        400,
        'NetcfgInvalidSubnet',
        `Subnet '${name}' is not valid in virtual network '${network.split('/').at(-1)}'.`,
      );
    }
    const other = seen.find((each) => overlap(each.range, range));
    if (other) {
      throw new ArmError(
        400,
        'NetcfgSubnetRangesOverlap',
        `Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet '${other.name}'.`,
      );
    }
    seen.push({ name, range });
  }
}

function checkSecurityGroup(
  call: Call,
  subnet: JsonObject,
  network: Pick<Resource, 'id' | 'location'>,
): void {
  const id = stringAt(subnet, 'properties', 'networkSecurityGroup', 'id');
  if (id === undefined) return;
  const { networkSecurityGroups } = networkTypes;
  requireReference(call, {
    id,
    type: networkSecurityGroups,
    action: `${networkSecurityGroups}/join/action`,
    location: network.location,
    from: `${network.id}/subnets/${stringAt(subnet, 'name')}`,
  });
}

/** What is kept of a subnet as sent. */
function keptSubnet(subnet: JsonObject): JsonObject {
  const {
    ipConfigurations: _users,
    provisioningState: _state,
    ...properties
  } = objectAt(subnet, 'properties') ?? {};
  return { name: stringAt(subnet, 'name'), properties };
}

function writeNetwork(call: Call, target: WriteTarget): Write {
  const sent = objectAt(call.body, 'properties') ?? {};
  const prefixes = stringsAt(sent, 'addressSpace', 'addressPrefixes');
  if (prefixes.length === 0) {
    throw new ArmError(
      400,
      'AddressPrefixStringCannotBeNullOrEmpty',
      `Address prefix string for resource ${target.id} cannot be null or empty.`,
    );
  }
  const subnets = objectsAt(sent, 'subnets').map(keptSubnet);
  checkRanges(target.id, prefixes, subnets);
  for (const subnet of subnets) checkSecurityGroup(call, subnet, target);
  for (const kept of objectsAt(target.existing?.properties, 'subnets')) {
    const stays = subnets.some((each) => sameText(stringAt(each, 'name'), stringAt(kept, 'name')));
    if (!stays && target.existing) checkUnused(call, target.existing, kept);
  }
  const resource: Resource = {
    id: target.id,
    name: target.name,
    type,
    location: target.location,
    tags: tagsOf(call.body),
    etag: '',
    properties: compact({
      virtualNetworkPeerings: [],
      enableDdosProtection: false,
      ...sent,
      subnets,
      resourceGuid: target.existing?.properties.resourceGuid ?? call.deps.newId(),
    }),
    hidden: {},
  };
  return { resource, work: async () => resource };
}

function removeNetwork(call: Call, network: Resource): Removal {
  for (const subnet of objectsAt(network.properties, 'subnets')) checkUnused(call, network, subnet);
  return { work: async () => {} };
}

/** Changes the subnets of a network as a long-running operation of its own. */
function changeSubnets(
  call: Call,
  network: Resource,
  change: { subnets: readonly JsonObject[]; shown: string | undefined; verb: string },
): Readonly<Record<string, string>> {
  const { store, operations } = call.deps;
  const operation = operations.start({
    kind: `virtualNetworks/subnets/${change.verb}`,
    resourceId: network.id,
    failure: call.failure,
    work: async () => () => {
      const changed = store.put(
        withProperties(store.get(network.id) ?? network, { subnets: change.subnets }),
      );
      const subnet = change.shown === undefined ? undefined : findSubnet(changed, change.shown);
      return subnet && showSubnet(call, changed, subnet);
    },
  });
  const { location } = network;
  const only = change.shown === undefined ? {} : { only: 'status' as const };
  return operationHeaders(call, operation, { addresses: networkDialect.addresses, location, ...only });
}

function putSubnet(call: Call): LabResponse {
  const network = requireResource(virtualNetworks, call);
  const name = param(call, 'subnetName');
  const existing = findSubnet(network, name);
  const subnet = keptSubnet({
    name: stringAt(existing, 'name') ?? name,
    properties: objectAt(call.body, 'properties') ?? {},
  });
  const others = objectsAt(network.properties, 'subnets').filter((each) => each !== existing);
  checkRanges(network.id, stringsAt(network.properties, 'addressSpace', 'addressPrefixes'), [
    ...others,
    subnet,
  ]);
  checkSecurityGroup(call, subnet, network);
  const headers = changeSubnets(call, network, { subnets: [...others, subnet], shown: name, verb: 'write' });
  const body = showSubnet(call, network, subnet);
  const properties = { ...objectAt(body, 'properties'), provisioningState: 'Updating' };
  return { status: existing ? 200 : 201, headers, body: { ...body, properties } };
}

function deleteSubnet(call: Call): LabResponse {
  const network = requireResource(virtualNetworks, call);
  const existing = findSubnet(network, param(call, 'subnetName'));
  if (!existing) return { status: 204 };
  checkUnused(call, network, existing);
  const subnets = objectsAt(network.properties, 'subnets').filter((each) => each !== existing);
  return {
    status: 202,
    headers: changeSubnets(call, network, { subnets, shown: undefined, verb: 'delete' }),
  };
}
