import type { JsonObject, LabResponse } from '../../front/index.ts';
import type { StorageAccountData } from '../../ports.ts';
import { apiVersions } from '../api-versions.ts';
import { ArmError } from '../arm-error.ts';
import type { Call, Route } from '../call.ts';
import { compact, objectAt, stringAt } from '../json-path.ts';
import { type Resource, withProperties } from '../resource.ts';
import type { Removal, ResourceKind, Write, WriteTarget } from '../resource-kind.ts';
import { requireResource } from '../resource-routes.ts';
import { tagsOf } from '../tags.ts';

export const storageType = 'Microsoft.Storage/storageAccounts';
const namePattern = /^[a-z0-9]{3,24}$/;
const skus = [
  'Standard_LRS',
  'Standard_GRS',
  'Standard_RAGRS',
  'Standard_ZRS',
  'Premium_LRS',
  'Premium_ZRS',
  'Standard_GZRS',
  'Standard_RAGZRS',
];
const kinds = ['Storage', 'StorageV2', 'BlobStorage', 'FileStorage', 'BlockBlobStorage'];
const versions = apiVersions.storage;
const one = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${storageType}/{accountName}`;

export const storageAccounts: ResourceKind = {
  type: storageType,
  nameParameter: 'accountName',
  apiVersions: versions,
  // Its own refusal of a bad name is in `write`: storage has another code for it.
  namePattern: /./,
  dialect: {
    addresses: { provider: 'Microsoft.Storage', result: 'asyncoperations', apiVersions: versions },
    createStatus: 202,
    updateStatus: 200,
    bodyOnAccept: false,
    locationOnWrite: true,
    creating: 'Creating',
    deleteStatus: 200,
    busy: 'conflict',
    showsEtag: false,
  },
  write: (call, target) =>
    target.existing ? updateAccount(call, target.existing) : createAccount(call, target),
  patch: updateAccount,
  remove: removeAccount,
  // Where the account answers is known to the data plane; a restart of the lab may move it.
  shownProperties: ({ deps }, account) => {
    const data = deps.storage.get(account.name);
    return data ? { ...account.properties, primaryEndpoints: endpointsOf(data) } : account.properties;
  },
  extraRoutes: [
    {
      method: 'POST',
      path: '/subscriptions/{subscriptionId}/providers/Microsoft.Storage/checkNameAvailability',
      action: 'Microsoft.Storage/checknameavailability/read',
      apiVersions: versions,
      handle: checkNameAvailability,
    },
    {
      method: 'POST',
      path: `${one}/listKeys`,
      action: `${storageType}/listkeys/action`,
      apiVersions: versions,
      handle: (call) => showKeys(requireResource(storageAccounts, call), dataOf(call)),
    },
    {
      method: 'POST',
      path: `${one}/regenerateKey`,
      action: `${storageType}/regeneratekey/action`,
      apiVersions: versions,
      handle: regenerateKey,
    },
  ] satisfies readonly Route[],
};

function checkNameAvailability(call: Call): LabResponse {
  const name = stringAt(call.body, 'name') ?? '';
  if (!namePattern.test(name)) {
    const message = `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`;
    return { status: 200, body: { nameAvailable: false, reason: 'AccountNameInvalid', message } };
  }
  if (call.deps.storage.get(name)) {
    const message = `The storage account named ${name} is already taken.`;
    return { status: 200, body: { nameAvailable: false, reason: 'AlreadyExists', message } };
  }
  return { status: 200, body: { nameAvailable: true } };
}

function knownValue(value: string | undefined, allowed: readonly string[], target: string): string {
  if (value !== undefined && allowed.includes(value)) return value;
  throw new ArmError(
    400,
    'InvalidRequestPropertyValue',
    `The value '${value ?? ''}' is not allowed for property ${target}. For more information, see - https://aka.ms/storageaccountskus`,
  );
}

function createAccount(call: Call, target: WriteTarget): Write {
  const { name } = target;
  if (!namePattern.test(name)) {
    throw new ArmError(
      400,
      'AccountNameInvalid',
      `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
    );
  }
  if (call.deps.storage.get(name)) {
    throw new ArmError(
      409,
      'StorageAccountAlreadyTaken',
      `The storage account named ${name} is already taken.`,
    );
  }
  const sku = knownValue(stringAt(call.body, 'sku', 'name'), skus, 'sku.name');
  const resource: Resource = {
    id: target.id,
    name,
    type: storageType,
    location: target.location,
    tags: tagsOf(call.body) ?? {},
    sku: { name: sku, tier: sku.split('_')[0] ?? '' },
    kind: knownValue(stringAt(call.body, 'kind'), kinds, 'kind'),
    identity: objectAt(call.body, 'identity'),
    etag: '',
    properties: accountProperties(call, target.location),
    hidden: {},
  };
  return {
    resource,
    onFailure: 'remove',
    work: async (signal) => {
      const data = await call.deps.storage.createAccount(name, signal);
      call.deps.storage.bindAccount(name, resource.id);
      return withProperties(resource, { primaryEndpoints: endpointsOf(data) });
    },
  };
}

const endpointsOf = (data: StorageAccountData): JsonObject => ({
  blob: data.blobEndpoint,
  queue: data.queueEndpoint,
});

function accountProperties(call: Call, location: string): JsonObject {
  const created = new Date(call.deps.now()).toISOString();
  const service = { keyType: 'Account', enabled: true, lastEnabledTime: created };
  return {
    accessTier: 'Hot',
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: true,
    minimumTlsVersion: 'TLS1_0',
    supportsHttpsTrafficOnly: true,
    networkAcls: { bypass: 'AzureServices', virtualNetworkRules: [], ipRules: [], defaultAction: 'Allow' },
    encryption: { services: { blob: service, file: service }, keySource: 'Microsoft.Storage' },
    privateEndpointConnections: [],
    ...objectAt(call.body, 'properties'),
    creationTime: created,
    keyCreationTime: { key1: created, key2: created },
    primaryLocation: location,
    statusOfPrimary: 'available',
  };
}

function updateAccount(call: Call, existing: Resource): Write {
  const skuName = stringAt(call.body, 'sku', 'name');
  const sku =
    skuName === undefined
      ? existing.sku
      : { name: knownValue(skuName, skus, 'sku.name'), tier: skuName.split('_')[0] ?? '' };
  const changed = withProperties(existing, compact(objectAt(call.body, 'properties') ?? {}));
  return { resource: { ...changed, sku, tags: tagsOf(call.body) ?? existing.tags } };
}

function removeAccount(call: Call, account: Resource): Removal {
  return { work: (signal) => call.deps.storage.deleteAccount(account.name, signal) };
}

function dataOf(call: Call): StorageAccountData {
  const account = requireResource(storageAccounts, call);
  const data = call.deps.storage.get(account.name);
  if (!data)
    throw new ArmError(
      409,
      'StorageAccountIsNotProvisioned',
      "The storage account provisioning state must be 'Succeeded' before executing the operation.",
    );
  return data;
}

function showKeys(account: Resource, data: StorageAccountData): LabResponse {
  const creationTime = account.properties.creationTime ?? '';
  const keys = data.keys.map((value, index) => ({
    creationTime,
    keyName: `key${index + 1}`,
    value,
    permissions: 'Full',
  }));
  return { status: 200, body: { keys } };
}

async function regenerateKey(call: Call): Promise<LabResponse> {
  const account = requireResource(storageAccounts, call);
  const keyName = stringAt(call.body, 'keyName');
  if (keyName !== 'key1' && keyName !== 'key2') {
    throw new ArmError(
      400,
      'InvalidRequestPropertyValue',
      `The value '${keyName ?? ''}' is not allowed for property keyName.`,
    );
  }
  const data = await call.deps.storage.regenerateKey(account.name, keyName, call.request.signal);
  return showKeys(account, data);
}
