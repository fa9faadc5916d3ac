import type { JsonObject } from '../../../front/index.ts';
import { apiVersions } from '../../api-versions.ts';
import { ArmError, invalidParameter, missingParameter, operationNotAllowed } from '../../arm-error.ts';
import type { Call, Route } from '../../call.ts';
import { compact, objectAt, sameText, stringAt } from '../../json-path.ts';
import { page } from '../../paging.ts';
import { type Resource, withProperties } from '../../resource.ts';
import { computeVm, type ResourceKind, type Write, type WriteTarget } from '../../resource-kind.ts';
import { show } from '../../resource-routes.ts';
import { tagsOf } from '../../tags.ts';
import { uniqueIdOf } from '../disk-content.ts';
import { vmActionRoutes } from './vm-actions.ts';
import { requireCapacity, sizeOf, vmType } from './vm-capacity.ts';
import { identityOf } from './vm-identity.ts';
import { instanceView } from './vm-instance-view.ts';
import { diskIdsOf, nicIdsOf, startMachine } from './vm-machine.ts';
import { bindNics, planNics, unbindNic } from './vm-nics.ts';
import { osProfileOf, refuseOsProfile, userDataOf } from './vm-os-profile.ts';
import { powerStateOf } from './vm-power.ts';
import { removeVm } from './vm-removal.ts';
import { planStorage, type StoragePlan } from './vm-storage.ts';

const versions = apiVersions.virtualMachines;
const base = { type: vmType, nameParameter: 'vmName', apiVersions: versions };

export const virtualMachines: ResourceKind = {
  ...base,
  namePattern: /^[A-Za-z0-9_](?:[\w.-]{0,62}[\w])?$/,
  dialect: computeVm({
    provider: 'Microsoft.Compute',
    status: 'operations',
    result: 'operations',
    apiVersions: versions,
  }),
  write: (call, target) => (target.existing ? updateVm(call, target.existing) : createVm(call, target)),
  patch: updateVm,
  remove: removeVm,
  shownProperties: showProperties,
  extraRoutes: [...vmActionRoutes(() => virtualMachines, base), listByLocation()],
};

function listByLocation(): Route {
  return {
    method: 'GET',
    path: `/subscriptions/{subscriptionId}/providers/Microsoft.Compute/locations/{location}/virtualMachines`,
    action: `${vmType}/read`,
    apiVersions: versions,
    handle: (call) => {
      const all = call.deps.store.list({ subscriptionId: call.subscriptionId, type: vmType });
      const here = all.filter((vm) => sameText(vm.location, call.params.location));
      return page(
        call,
        here.map((vm) => show(virtualMachines, call, vm)),
      );
    },
  };
}

function showProperties(call: Call, vm: Resource): JsonObject {
  const { query } = call.request;
  const expand = (query.get('$expand') ?? '').toLowerCase();
  if (expand !== '' && expand !== 'instanceview' && expand !== 'userdata') {
    throw invalidParameter('$expand', `The value '${expand}' of parameter '$expand' is invalid.`);
  }
  const wantsView = expand === 'instanceview' || query.get('statusOnly') === 'true';
  return compact({
    ...vm.properties,
    instanceView: wantsView ? instanceView(call, vm) : undefined,
    userData: expand === 'userdata' ? vm.hidden.userData : undefined,
  });
}

/** Properties that are kept as they were sent. */
const carried = [
  'diagnosticsProfile',
  'licenseType',
  'priority',
  'evictionPolicy',
  'billingProfile',
  'securityProfile',
  'additionalCapabilities',
  'availabilitySet',
  'proximityPlacementGroup',
  'scheduledEventsProfile',
  'applicationProfile',
];

const carriedOf = (sent: JsonObject): JsonObject =>
  compact(Object.fromEntries(carried.map((name) => [name, sent[name]])));

function createVm(call: Call, target: WriteTarget): Write {
  const { deps, body } = call;
  const sent = objectAt(body, 'properties');
  if (!sent) throw missingParameter('properties');
  const zones = body.zones as readonly string[] | undefined;
  const vm = { id: target.id, name: target.name, location: target.location, zones };
  const vmSize = stringAt(sent, 'hardwareProfile', 'vmSize');
  const size = requireCapacity(call, {
    vmSize,
    location: target.location,
    zones: zones ?? [],
    held: undefined,
  });
  const sentStorage = objectAt(sent, 'storageProfile');
  if (!sentStorage) throw missingParameter('storageProfile');
  const storage = planStorage(call, { vm, existing: undefined, sent: sentStorage, size });
  if (!storage.image) refuseOsProfile(sent);
  const os = storage.image ? osProfileOf(sent, storage.osType) : undefined;
  const network = planNics(call, { vm, sent: objectAt(sent, 'networkProfile'), size });
  const resource: Resource = {
    ...vm,
    type: vmType,
    tags: tagsOf(body),
    plan: objectAt(body, 'plan'),
    identity: identityOf(call, { id: target.id, name: target.name, sent: objectAt(body, 'identity') }),
    etag: '',
    properties: compact({
      hardwareProfile: { vmSize: size.name },
      ...carriedOf(sent),
      storageProfile: storage.profile,
      osProfile: os?.shown,
      networkProfile: network.profile,
      vmId: deps.newId(),
      timeCreated: new Date(deps.now()).toISOString(),
    }),
    hidden: compact({ customData: os?.customData, userData: userDataOf(sent), powerState: 'starting' }),
  };
  bindNics(call, resource, network.nics);
  own(call, resource, storage);
  return { resource, onFailure: 'keep', work: (signal) => bringUp(call, { vm: resource, storage }, signal) };
}

/** Existing disks are the VM's from the moment the request is accepted. */
function own(call: Call, vm: Resource, storage: StoragePlan): void {
  const { store } = call.deps;
  for (const id of storage.attached) {
    const disk = store.get(id);
    if (disk) store.put({ ...disk, managedBy: vm.id });
  }
}

async function createDisks(call: Call, storage: StoragePlan, signal: AbortSignal): Promise<void> {
  const { store, disks } = call.deps;
  for (const { resource, sizeBytes } of storage.create) {
    const content = await disks.createDisk({ sizeBytes, source: { kind: 'empty' } }, signal);
    store.put(withProperties(resource, { uniqueId: content.uniqueId }));
  }
}

async function bringUp(
  call: Call,
  { vm, storage }: { vm: Resource; storage: StoragePlan },
  signal: AbortSignal,
): Promise<Resource> {
  await createDisks(call, storage, signal);
  await startMachine(call.deps, { vm, firstBoot: true }, signal);
  return call.deps.store.get(vm.id) ?? vm;
}

function checkUnchanged(existing: Resource, sent: JsonObject): void {
  for (const name of ['computerName', 'adminUsername']) {
    const wanted = stringAt(sent, 'osProfile', name);
    if (wanted === undefined || wanted === stringAt(existing.properties, 'osProfile', name)) continue;
    throw new ArmError(
      409,
      'PropertyChangeNotAllowed',
      `Changing property 'osProfile.${name}' is not allowed.`,
      { target: `osProfile.${name}` },
    );
  }
  const customData = stringAt(sent, 'osProfile', 'customData');
  if (customData !== undefined && customData !== existing.hidden.customData) {
    throw new ArmError(
      409,
      'PropertyChangeNotAllowed',
      "Changing property 'osProfile.customData' is not allowed.",
      { target: 'osProfile.customData' },
    );
  }
}

/** `PUT` on an existing VM and `PATCH`: tags, size, disks, network interfaces, identity. */
function updateVm(call: Call, existing: Resource): Write {
  const sent = objectAt(call.body, 'properties') ?? {};
  checkUnchanged(existing, sent);
  const held = powerStateOf(call.deps, existing) === 'deallocated' ? undefined : sizeOf(existing);
  const vmSize =
    stringAt(sent, 'hardwareProfile', 'vmSize') ?? stringAt(existing.properties, 'hardwareProfile', 'vmSize');
  const size = requireCapacity(call, {
    vmSize,
    location: existing.location,
    zones: existing.zones ?? [],
    held,
  });
  const kept = objectAt(existing.properties, 'storageProfile') ?? {};
  const storage = planStorage(call, {
    vm: existing,
    existing,
    sent: { ...kept, ...objectAt(sent, 'storageProfile') },
    size,
  });
  const sentNetwork = objectAt(sent, 'networkProfile') ?? objectAt(existing.properties, 'networkProfile');
  const network = planNics(call, { vm: existing, sent: sentNetwork, size });
  const dropped = nicIdsOf(existing).filter((id) => !network.nics.some((nic) => sameText(nic.id, id)));
  if ((dropped.length > 0 || network.nics.length !== nicIdsOf(existing).length) && held) {
    throw operationNotAllowed(
      `Network interfaces of VM '${existing.name}' can only be changed while the VM is deallocated.`,
    );
  }
  const userData = userDataOf(sent);
  const resource: Resource = {
    ...existing,
    tags: tagsOf(call.body) ?? existing.tags,
    identity:
      call.body.identity === undefined
        ? existing.identity
        : identityOf(call, { ...existing, sent: objectAt(call.body, 'identity') }),
    properties: compact({
      ...existing.properties,
      ...carriedOf(sent),
      hardwareProfile: { vmSize: size.name },
      storageProfile: storage.profile,
      networkProfile: network.profile,
    }),
    hidden: userData === undefined ? existing.hidden : { ...existing.hidden, userData },
  };
  for (const id of dropped) unbindNic(call, id);
  bindNics(call, resource, network.nics);
  own(call, resource, storage);
  return {
    resource,
    work: (signal) => change(call, { existing, resource, storage }, signal),
    undo: async () => giveBack(call, existing, { disks: storage.attached, nics: network.nics }),
  };
}

/** A change that failed leaves the VM with what it had. */
function giveBack(
  call: Call,
  vm: Resource,
  taken: { disks: readonly string[]; nics: readonly Resource[] },
): void {
  const { store } = call.deps;
  const had = [...diskIdsOf(vm), ...nicIdsOf(vm)].map((id) => id.toLowerCase());
  for (const id of taken.disks.filter((each) => !had.includes(each.toLowerCase()))) {
    const disk = store.get(id);
    if (disk) store.put({ ...disk, managedBy: undefined });
  }
  for (const { id } of taken.nics) if (!had.includes(id.toLowerCase())) unbindNic(call, id);
  const nics = nicIdsOf(vm).map((id) => store.get(id));
  bindNics(
    call,
    vm,
    nics.filter((nic) => nic !== undefined),
  );
}

async function change(
  call: Call,
  { existing, resource, storage }: { existing: Resource; resource: Resource; storage: StoragePlan },
  signal: AbortSignal,
): Promise<Resource> {
  const { store } = call.deps;
  await createDisks(call, storage, signal);
  for (const id of diskIdsOf(existing)) {
    if (storage.attached.some((each) => sameText(each, id))) continue;
    const disk = store.get(id);
    if (disk && uniqueIdOf(disk) !== '') store.put({ ...disk, managedBy: undefined });
  }
  const present = store.get(resource.id) ?? resource;
  return { ...resource, hidden: { ...resource.hidden, powerState: present.hidden.powerState } };
}
