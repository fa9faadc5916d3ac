import type { JsonObject } from '../../../front/index.ts';
import { numberAt, objectsAt, sameText, stringAt, stringsAt } from '../../json-path.ts';
import { parseResourceId, type Resource } from '../../resource.ts';
import type { ResourceStore } from '../../resource-store.ts';
import { parseIpv4, parseRange } from './ipv4.ts';
import { networkTypes } from './references.ts';

/** A TCP port of a machine that its security groups open to addresses outside. */
export interface OpenPort {
  readonly publicAddress: string;
  readonly port: number;
  /** `properties.vmId` of the machine. */
  readonly vmId: string;
  /** Whether the security groups let this IPv4 address in. */
  admits(source: string): boolean;
}

/** A rule that opens more ports than this at once opens none here: each one is a listening socket of the lab. */
const mostPortsOfARule = 64;

/**
 * Ports of machines with a public address that anybody outside may reach. As on Azure, an address of the Standard SKU
 * without a security group is closed, and with one on the subnet and one on the interface both must allow.
 */
export function openPorts(store: ResourceStore): readonly OpenPort[] {
  return store.list({ type: networkTypes.networkInterfaces }).flatMap((nic) => portsOfInterface(store, nic));
}

function portsOfInterface(store: ResourceStore, nic: Resource): readonly OpenPort[] {
  const vm = resourceAt(store, stringAt(nic.properties, 'virtualMachine', 'id'));
  if (!vm) return [];
  return objectsAt(nic.properties, 'ipConfigurations').flatMap((configuration) => {
    const address = resourceAt(store, stringAt(configuration, 'properties', 'publicIPAddress', 'id'));
    const publicAddress = stringAt(address?.properties, 'ipAddress');
    const groups = groupsOf(store, nic, configuration);
    if (publicAddress === undefined || groups.length === 0) return [];
    const ports = new Set(groups.flatMap((group) => rulesOf(group).flatMap(portsOf)));
    return [...ports].map((port) => ({
      publicAddress,
      port,
      vmId: String(vm.properties.vmId),
      admits: (source: string) => groups.every((group) => lets(group, port, source)),
    }));
  });
}

function groupsOf(store: ResourceStore, nic: Resource, configuration: JsonObject): readonly Resource[] {
  const subnetId = stringAt(configuration, 'properties', 'subnet', 'id') ?? '';
  const network = resourceAt(store, subnetId.split('/').slice(0, 9).join('/'));
  const subnet = objectsAt(network?.properties, 'subnets').find((each) =>
    sameText(stringAt(each, 'name'), parseResourceId(subnetId)?.child?.name),
  );
  return [
    resourceAt(store, stringAt(subnet, 'properties', 'networkSecurityGroup', 'id')),
    resourceAt(store, stringAt(nic.properties, 'networkSecurityGroup', 'id')),
  ].filter((group) => group !== undefined);
}

function resourceAt(store: ResourceStore, id: string | undefined): Resource | undefined {
  return id === undefined ? undefined : store.get(id);
}

/** Inbound rules for TCP, the first to ask first. */
function rulesOf(group: Resource): readonly JsonObject[] {
  const isInbound = (rule: JsonObject): boolean =>
    sameText(stringAt(rule, 'properties', 'direction'), 'Inbound') &&
    ['*', 'tcp'].includes((stringAt(rule, 'properties', 'protocol') ?? '').toLowerCase());
  const priority = (rule: JsonObject): number => numberAt(rule, 'properties', 'priority') ?? 0;
  return objectsAt(group.properties, 'securityRules')
    .filter(isInbound)
    .sort((a, b) => priority(a) - priority(b));
}

/** The first rule that fits decides; after all of them comes Azure's own that lets nobody from outside in. */
function lets(group: Resource, port: number, source: string): boolean {
  const fitting = rulesOf(group).find(
    (rule) =>
      rangesOf(rule).some(([first, last]) => first <= port && port <= last) &&
      valuesAt(rule, 'sourceAddressPrefix').some((prefix) => covers(prefix, source)),
  );
  return fitting !== undefined && sameText(stringAt(fitting, 'properties', 'access'), 'Allow');
}

/** A property that Azure has in the singular and in the plural. */
function valuesAt(rule: JsonObject, name: string): readonly string[] {
  const plural = name.endsWith('x') ? `${name}es` : `${name}s`;
  const one = stringAt(rule, 'properties', name);
  return [...(one === undefined ? [] : [one]), ...stringsAt(rule, 'properties', plural)];
}

function rangesOf(rule: JsonObject): readonly (readonly [first: number, last: number])[] {
  return valuesAt(rule, 'destinationPortRange').map((text) => {
    if (text === '*') return [0, 65_535];
    const [first = '', last = first] = text.split('-');
    return [Number(first), Number(last)];
  });
}

function portsOf(rule: JsonObject): readonly number[] {
  if (!sameText(stringAt(rule, 'properties', 'access'), 'Allow')) return [];
  return rangesOf(rule)
    .filter(([first, last]) => last - first < mostPortsOfARule)
    .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
}

/** Whoever connects from this computer is somebody on the Internet. */
function covers(prefix: string, source: string): boolean {
  if (['*', 'internet', '0.0.0.0/0'].includes(prefix.toLowerCase())) return true;
  const range = parseRange(prefix.includes('/') ? prefix : `${prefix}/32`);
  const address = parseIpv4(source);
  return (
    range !== undefined &&
    address !== undefined &&
    range.first <= address &&
    address < range.first + range.size
  );
}
