import type { JsonObject } from '../../../front/index.ts';
import { apiVersions } from '../../api-versions.ts';
import { ArmError } from '../../arm-error.ts';
import type { Call } from '../../call.ts';
import { compact, objectAt, objectsAt, sameText, stringAt } from '../../json-path.ts';
import { parseResourceId, type Resource } from '../../resource.ts';
import type { Removal, ResourceKind, Write, WriteTarget } from '../../resource-kind.ts';
import { tagsOf } from '../../tags.ts';
import { networkDialect, networkName } from './dialect.ts';
import { formatIpv4, parseIpv4, parseRange, usableAddresses } from './ipv4.ts';
import { ipConfigurations, networkTypes, requireReference } from './references.ts';

const type = networkTypes.networkInterfaces;

export const networkInterfaces: ResourceKind = {
  type,
  nameParameter: 'networkInterfaceName',
  apiVersions: apiVersions.network,
  namePattern: networkName,
  dialect: networkDialect,
  write: writeNic,
  remove: removeNic,
  shownProperties: (_call, nic) => ({
    ...nic.properties,
    ipConfigurations: objectsAt(nic.properties, 'ipConfigurations').map((each) =>
      showIpConfiguration(nic, each),
    ),
  }),
};

function showIpConfiguration(nic: Resource, configuration: JsonObject): JsonObject {
  const name = stringAt(configuration, 'name');
  return {
    name,
    id: `${nic.id}/ipConfigurations/${name}`,
    etag: nic.etag,
    type: `${type}/ipConfigurations`,
    properties: { provisioningState: 'Succeeded', ...objectAt(configuration, 'properties') },
  };
}

function writeNic(call: Call, target: WriteTarget): Write {
  const sent = objectAt(call.body, 'properties') ?? {};
  const wanted = objectsAt(sent, 'ipConfigurations');
  if (wanted.length === 0) {
    throw new ArmError(
      400,
      'NetworkInterfaceMustHaveIpConfiguration',
      `Network interface ${target.id} must have one or more IP configurations.`,
    );
  }
  const securityGroup = stringAt(sent, 'networkSecurityGroup', 'id');
  if (securityGroup !== undefined) {
    requireReference(call, {
      id: securityGroup,
      type: networkTypes.networkSecurityGroups,
      action: `${networkTypes.networkSecurityGroups}/join/action`,
      location: target.location,
      from: target.id,
    });
  }
  const taken = new Set<string>();
  const configurations = wanted.map((each, index) =>
    ipConfiguration(call, { target, sent: each, index, taken }),
  );
  const kept = target.existing?.properties;
  const resource: Resource = {
    id: target.id,
    name: target.name,
    type,
    location: target.location,
    tags: tagsOf(call.body),
    etag: '',
    properties: compact({
      enableAcceleratedNetworking: false,
      enableIPForwarding: false,
      disableTcpStateTracking: false,
      dnsSettings: { dnsServers: [], appliedDnsServers: [] },
      hostedWorkloads: [],
      tapConfigurations: [],
      nicType: 'Standard',
      auxiliaryMode: 'None',
      auxiliarySku: 'None',
      vnetEncryptionSupported: false,
      ...sent,
      resourceGuid: kept?.resourceGuid ?? call.deps.newId(),
      virtualMachine: kept?.virtualMachine,
      macAddress: kept?.macAddress,
      primary: kept?.primary,
      ipConfigurations: configurations,
    }),
    hidden: {},
  };
  return { resource, work: async () => keepUser(call, resource) };
}

/** A VM may have taken or left the interface in the meantime. */
function keepUser(call: Call, nic: Resource): Resource {
  const present = call.deps.store.get(nic.id)?.properties ?? {};
  const { virtualMachine, macAddress, primary } = present;
  return { ...nic, properties: compact({ ...nic.properties, virtualMachine, macAddress, primary }) };
}

interface IpRequest {
  readonly target: WriteTarget;
  readonly sent: JsonObject;
  readonly index: number;
  /** Addresses given out in this very request. */
  readonly taken: Set<string>;
}

function ipConfiguration(call: Call, request: IpRequest): JsonObject {
  const { target, sent, index } = request;
  const properties = objectAt(sent, 'properties') ?? {};
  const subnetId = stringAt(properties, 'subnet', 'id');
  if (subnetId === undefined) {
    throw new ArmError(
      400,
      'SubnetNotSpecified',
      `IP configuration ${stringAt(sent, 'name')} of network interface ${target.id} has no subnet.`,
    );
  }
  const network = requireReference(call, {
    id: subnetId,
    type: networkTypes.virtualNetworks,
    action: `${networkTypes.virtualNetworks}/subnets/join/action`,
    location: target.location,
    from: target.id,
  });
  checkPublicAddress(call, { target, properties });
  const address = privateAddress(call, { ...request, network, subnetId, properties });
  request.taken.add(address);
  return {
    name: stringAt(sent, 'name') ?? `ipconfig${index + 1}`,
    properties: {
      privateIPAllocationMethod: 'Dynamic',
      privateIPAddressVersion: 'IPv4',
      primary: index === 0,
      ...properties,
      privateIPAddress: address,
    },
  };
}

function checkPublicAddress(
  call: Call,
  { target, properties }: { target: WriteTarget; properties: JsonObject },
): void {
  const id = stringAt(properties, 'publicIPAddress', 'id');
  if (id === undefined) return;
  requireReference(call, {
    id,
    type: networkTypes.publicIPAddresses,
    action: `${networkTypes.publicIPAddresses}/join/action`,
    location: target.location,
    from: target.id,
  });
  const user = ipConfigurations(call).find(
    (each) =>
      !sameText(each.nic.id, target.id) && sameText(stringAt(each.properties, 'publicIPAddress', 'id'), id),
  );
  if (user) {
    throw new ArmError(
      400,
      'PublicIPAddressInUse',
      `Resource ${target.id} is referencing public IP address ${id} that is already allocated to resource ${user.id}.`,
    );
  }
}

function privateAddress(
  call: Call,
  request: IpRequest & { network: Resource; subnetId: string; properties: JsonObject },
): string {
  const { target, network, subnetId, properties, taken, sent } = request;
  const subnetName = parseResourceId(subnetId)?.child?.name;
  const subnet = objectsAt(network.properties, 'subnets').find((each) =>
    sameText(stringAt(each, 'name'), subnetName),
  );
  const prefix = stringAt(subnet, 'properties', 'addressPrefix') ?? '';
  const range = parseRange(prefix);
  if (!range)
    throw new ArmError(400, 'InvalidResourceReference', `Subnet ${subnetId} has no IPv4 address range.`);
  const others = ipConfigurations(call).filter((each) =>
    sameText(stringAt(each.properties, 'subnet', 'id'), subnetId),
  );
  const used = new Set([
    ...taken,
    ...others
      .filter((each) => !sameText(each.nic.id, target.id))
      .map((each) => stringAt(each.properties, 'privateIPAddress')),
  ]);
  const { from, to } = usableAddresses(range);
  const fixed = stringAt(properties, 'privateIPAddress');
  if (fixed !== undefined && sameText(stringAt(properties, 'privateIPAllocationMethod'), 'Static')) {
    const address = parseIpv4(fixed);
    if (address === undefined || address < from || address > to) {
      throw new ArmError(
        400,
        'PrivateIPAddressNotInSubnet',
        `Private static IP address ${fixed} does not belong to the range of subnet prefix ${prefix}.`,
      );
    }
    if (used.has(fixed)) {
      throw new ArmError(
        400,
        'PrivateIPAddressInUse',
        `IP configuration ${target.id}/ipConfigurations/${stringAt(sent, 'name')} is using the private IP address ${fixed} which is already allocated to another resource.`,
      );
    }
    return fixed;
  }
  const kept = others.find(
    (each) => sameText(each.nic.id, target.id) && each.id.endsWith(`/${stringAt(sent, 'name')}`),
  );
  const keptAddress = stringAt(kept?.properties, 'privateIPAddress');
  if (keptAddress !== undefined && !used.has(keptAddress)) return keptAddress;
  for (let address = from; address <= to; address += 1) {
    const text = formatIpv4(address);
    if (!used.has(text)) return text;
  }
  throw new ArmError(
    400,
    'SubnetIsFull',
    `Subnet ${subnetName} with address prefix ${prefix} does not have enough capacity for 1 IP addresses.`,
  );
}

function removeNic(call: Call, nic: Resource): Removal {
  const vm = stringAt(nic.properties, 'virtualMachine', 'id');
  if (vm !== undefined && call.deps.store.get(vm)) {
    throw new ArmError(
      400,
      'NicInUse',
      `Network Interface ${nic.id} is used by existing resource ${vm}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
    );
  }
  return { work: async () => {} };
}
