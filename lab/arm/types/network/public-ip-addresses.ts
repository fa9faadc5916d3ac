import { randomInt } from 'node:crypto';
import { apiVersions } from '../../api-versions.ts';
import { ArmError } from '../../arm-error.ts';
import type { Call } from '../../call.ts';
import { compact, objectAt, sameText, stringAt } from '../../json-path.ts';
import type { Resource } from '../../resource.ts';
import type { Removal, ResourceKind, Write, WriteTarget } from '../../resource-kind.ts';
import { oneOf } from '../../resource-routes.ts';
import { tagsOf } from '../../tags.ts';
import { networkDialect, networkName } from './dialect.ts';
import { formatIpv4 } from './ipv4.ts';
import { ipConfigurations, networkTypes } from './references.ts';

const type = networkTypes.publicIPAddresses;
/** 127.64.0.0/10: addresses of this computer, so that what a machine serves can be reached for real. */
const firstAddress = 0x7f_40_00_00;
const addressBits = 22;

export const publicIPAddresses: ResourceKind = {
  type,
  nameParameter: 'publicIpAddressName',
  apiVersions: apiVersions.network,
  namePattern: networkName,
  dialect: networkDialect,
  write: writeAddress,
  remove: removeAddress,
  shownProperties: (call, address) => {
    const user = userOf(call, address);
    return compact({ ...address.properties, ipConfiguration: user === undefined ? undefined : { id: user } });
  },
};

const userOf = (call: Call, address: Resource): string | undefined =>
  ipConfigurations(call).find((each) =>
    sameText(stringAt(each.properties, 'publicIPAddress', 'id'), address.id),
  )?.id;

function writeAddress(call: Call, target: WriteTarget): Write {
  const sent = objectAt(call.body, 'properties') ?? {};
  const sku = oneOf(stringAt(call.body, 'sku', 'name') ?? 'Standard', ['Basic', 'Standard'], 'sku.name');
  const method = oneOf(
    stringAt(sent, 'publicIPAllocationMethod') ?? (sku === 'Standard' ? 'Static' : 'Dynamic'),
    ['Static', 'Dynamic'],
    'publicIPAllocationMethod',
  );
  if (sku === 'Standard' && method === 'Dynamic') {
    throw new ArmError(
      400,
      'StandardSkuPublicIPAddressesMustUseStaticAllocation',
      `Standard sku publicIp ${target.id} must have AllocationMethod set to Static.`,
    );
  }
  const resource: Resource = {
    id: target.id,
    name: target.name,
    type,
    location: target.location,
    tags: tagsOf(call.body),
    zones: call.body.zones as readonly string[] | undefined,
    sku: { name: sku, tier: 'Regional' },
    etag: '',
    properties: compact({
      publicIPAddressVersion: 'IPv4',
      idleTimeoutInMinutes: 4,
      ipTags: [],
      ...sent,
      publicIPAllocationMethod: method,
      ipAddress: target.existing?.properties.ipAddress ?? nextAddress(call),
      resourceGuid: target.existing?.properties.resourceGuid ?? call.deps.newId(),
    }),
    hidden: {},
  };
  return { resource, work: async () => resource };
}

function nextAddress(call: Call): string {
  const used = new Set(call.deps.store.list({ type }).map((each) => each.properties.ipAddress));
  for (;;) {
    // By chance: several labs may run on one computer.
    const chosen = formatIpv4(firstAddress + randomInt(4, 2 ** addressBits));
    if (!used.has(chosen)) return chosen;
  }
}

function removeAddress(call: Call, address: Resource): Removal {
  const user = userOf(call, address);
  if (user !== undefined) {
    throw new ArmError(
      400,
      'PublicIPAddressCannotBeDeleted',
      `Public IP address ${address.id} can not be deleted since it is still allocated to resource ${user}. In order to delete the public IP, disassociate/detach the Public IP address from the resource. To learn how to do this, see aka.ms/deletepublicip.`,
    );
  }
  return { work: async () => {} };
}
