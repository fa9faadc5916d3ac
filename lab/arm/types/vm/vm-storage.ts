import type { JsonObject } from '../../../front/index.ts';
import { ArmError, invalidParameter, missingParameter, operationNotAllowed } from '../../arm-error.ts';
import { type Call, requireLinked } from '../../call.ts';
import { compact, numberAt, objectAt, objectsAt, sameText, stringAt } from '../../json-path.ts';
import { type Resource, siblingId } from '../../resource.ts';
import { oneOf } from '../../resource-routes.ts';
import { stateOf } from '../disk-access.ts';
import { diskSkus, diskType, gibibyte } from '../disk-content.ts';
import { type PlatformImage, requireImage } from './vm-images.ts';
import type { VmSize } from './vm-sizes.ts';

/** A disk that comes into being with the VM. */
export interface DiskToCreate {
  readonly resource: Resource;
  readonly sizeBytes: number;
}

export interface StoragePlan {
  /** `properties.storageProfile` as kept and shown. */
  readonly profile: JsonObject;
  readonly osType: 'Linux' | 'Windows';
  readonly image: PlatformImage | undefined;
  readonly create: readonly DiskToCreate[];
  /** Ids of all disks the VM has afterwards. */
  readonly attached: readonly string[];
}

export interface StorageRequest {
  /** The VM: its id, name, location; as it was, when it exists. */
  readonly vm: Pick<Resource, 'id' | 'name' | 'location' | 'zones'>;
  readonly existing: Resource | undefined;
  readonly sent: JsonObject;
  readonly size: VmSize;
}

const cachings = ['None', 'ReadOnly', 'ReadWrite'];
const deleteOptions = ['Delete', 'Detach'];

/** Works out what a storage profile means; throws as compute does. */
export function planStorage(call: Call, request: StorageRequest): StoragePlan {
  const sentOs = objectAt(request.sent, 'osDisk');
  if (!sentOs) throw missingParameter('storageProfile.osDisk');
  const create: DiskToCreate[] = [];
  const os = planOsDisk(call, request, { sent: sentOs, create });
  const dataDisks = planDataDisks(call, request, create);
  const image = os.image;
  const profile = compact({
    imageReference: imageReferenceOf(request, image),
    osDisk: os.disk,
    dataDisks,
    diskControllerType: stringAt(request.sent, 'diskControllerType') ?? 'SCSI',
  });
  const attached = [os.disk, ...dataDisks]
    .map((each) => stringAt(each, 'managedDisk', 'id'))
    .filter((id) => id !== undefined);
  return { profile, osType: os.osType, image, create, attached };
}

function imageReferenceOf(
  { existing, sent }: StorageRequest,
  image: PlatformImage | undefined,
): JsonObject | undefined {
  if (existing) return objectAt(existing.properties, 'storageProfile', 'imageReference');
  return image && { ...objectAt(sent, 'imageReference'), exactVersion: image.version };
}

interface OsDisk {
  readonly disk: JsonObject;
  readonly osType: 'Linux' | 'Windows';
  readonly image: PlatformImage | undefined;
}

function planOsDisk(
  call: Call,
  request: StorageRequest,
  { sent, create }: { sent: JsonObject; create: DiskToCreate[] },
): OsDisk {
  const option = oneOf(
    stringAt(sent, 'createOption'),
    ['FromImage', 'Attach', 'Empty'],
    'osDisk.createOption',
  );
  const present = objectAt(request.existing?.properties, 'storageProfile', 'osDisk');
  if (request.existing && present) return keptOsDisk(call, request, { sent, present });
  if (option === 'Empty')
    throw invalidParameter(
      'osDisk.createOption',
      "The value 'Empty' of parameter 'osDisk.createOption' is invalid.",
    );
  if (option === 'Attach') {
    const osType = oneOf(stringAt(sent, 'osType'), ['Linux', 'Windows'], 'osDisk.osType') as OsDisk['osType'];
    const disk = requireAttachable(call, request, sent, 'osDisk');
    checkGeneration(disk, request.size);
    return { disk: { ...attachedDisk(sent, disk), osType }, osType, image: undefined };
  }
  const image = requireImage(objectAt(request.sent, 'imageReference'));
  if (image.architecture !== request.size.architecture) {
    throw new ArmError(
      400,
      'BadRequest',
      `Cannot create a VM of size '${request.size.name}' because this VM size only supports a CPU Architecture of '${request.size.architecture}', but an image or disk with CPU Architecture '${image.architecture}' was given. Please check that the CPU Architecture of the image or disk is compatible with that of the VM size.`,
    );
  }
  const sizeGb = numberAt(sent, 'diskSizeGB') ?? image.sizeGb;
  if (sizeGb < image.sizeGb) {
    throw invalidParameter(
      'osDisk.diskSizeGB',
      `The specified disk size ${sizeGb} GB is smaller than the size of the corresponding disk in the VM image: ${image.sizeGb} GB. This is not allowed. Please choose equal or greater size or do not specify an explicit size.`,
    );
  }
  const made = newDisk(call, request, {
    sent,
    sizeGb,
    image,
    fallbackName: `${request.vm.name}_OsDisk_1_${call.deps.newId().replaceAll('-', '')}`,
  });
  create.push(made);
  return {
    disk: { ...attachedDisk(sent, made.resource), osType: image.osType },
    osType: image.osType,
    image,
  };
}

/** The OS disk of an existing VM: the same, or swapped for another one while the VM is deallocated. */
function keptOsDisk(
  call: Call,
  request: StorageRequest,
  { sent, present }: { sent: JsonObject; present: JsonObject },
): OsDisk {
  const osType = stringAt(present, 'osType') === 'Windows' ? 'Windows' : 'Linux';
  const wanted = stringAt(sent, 'managedDisk', 'id');
  if (wanted === undefined || sameText(wanted, stringAt(present, 'managedDisk', 'id'))) {
    return { disk: { ...present, ...pick(sent, ['caching', 'deleteOption']) }, osType, image: undefined };
  }
  if (request.existing?.hidden.powerState !== 'deallocated') {
    throw operationNotAllowed(
      `The OS disk of VM '${request.vm.name}' can only be swapped while the VM is deallocated.`,
    );
  }
  const disk = requireAttachable(call, request, sent, 'osDisk');
  checkGeneration(disk, request.size);
  const shown = {
    ...attachedDisk(
      { ...pick(present, ['caching', 'deleteOption', 'createOption']), ...sent, name: disk.name },
      disk,
    ),
    createOption: stringAt(present, 'createOption'),
  };
  return { disk: { ...shown, osType }, osType, image: undefined };
}

const pick = (object: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]));

function checkGeneration(disk: Resource, size: VmSize): void {
  const generation = stringAt(disk.properties, 'hyperVGeneration') ?? 'V1';
  if (size.generations.includes(generation)) return;
  throw new ArmError(
    400,
    'BadRequest',
    `The selected VM size '${size.name}' cannot boot Hypervisor Generation '${generation === 'V1' ? 1 : 2}'. If this was a Create operation please check that the Hypervisor Generation of the Image matches the Hypervisor Generation of the selected VM Size.`,
  );
}

function planDataDisks(call: Call, request: StorageRequest, create: DiskToCreate[]): readonly JsonObject[] {
  const sent = objectsAt(request.sent, 'dataDisks').filter((each) => each.toBeDetached !== true);
  const { size } = request;
  if (sent.length > size.maxDataDisks) {
    throw new ArmError(
      409,
      'OperationNotAllowed',
      `The maximum number of data disks allowed to be attached to a VM of this size is ${size.maxDataDisks}.`,
      { target: 'dataDisks' },
    );
  }
  const luns = sent.map((each) => numberAt(each, 'lun'));
  const twice = luns.find(
    (lun, index) => lun === undefined || lun < 0 || lun > 63 || luns.indexOf(lun) !== index,
  );
  if (twice !== undefined || luns.includes(undefined)) {
    throw invalidParameter(
      'dataDisk.lun',
      `The value '${twice}' of parameter 'dataDisk.lun' is missing, invalid or used more than once.`,
    );
  }
  return sent.map((each) => planDataDisk(call, request, { sent: each, create }));
}

function planDataDisk(
  call: Call,
  request: StorageRequest,
  { sent, create }: { sent: JsonObject; create: DiskToCreate[] },
): JsonObject {
  const present = objectsAt(request.existing?.properties, 'storageProfile', 'dataDisks').find(
    (each) =>
      sameText(stringAt(each, 'managedDisk', 'id'), stringAt(sent, 'managedDisk', 'id')) ||
      (each.lun === sent.lun && sameText(stringAt(each, 'name'), stringAt(sent, 'name'))),
  );
  if (present)
    return { ...present, ...pick(sent, ['lun', 'caching', 'deleteOption', 'writeAcceleratorEnabled']) };
  const option = oneOf(stringAt(sent, 'createOption'), ['Attach', 'Empty'], 'dataDisk.createOption');
  if (option === 'Attach')
    return { ...attachedDisk(sent, requireAttachable(call, request, sent, 'dataDisk')), lun: sent.lun };
  const sizeGb = numberAt(sent, 'diskSizeGB');
  if (sizeGb === undefined) throw missingParameter('dataDisk.diskSizeGB');
  const fallbackName = `${request.vm.name}_disk${Number(sent.lun) + 2}_${call.deps.newId().replaceAll('-', '')}`;
  const made = newDisk(call, request, { sent, sizeGb, image: undefined, fallbackName });
  create.push(made);
  return { ...attachedDisk(sent, made.resource), lun: sent.lun };
}

/** A managed disk that is free to be attached to this VM. */
function requireAttachable(call: Call, request: StorageRequest, sent: JsonObject, word: string): Resource {
  const id = stringAt(sent, 'managedDisk', 'id');
  if (id === undefined) throw missingParameter(`${word}.managedDisk.id`);
  requireLinked(call, `${diskType}/write`, id);
  const disk = call.deps.store.get(id);
  if (disk?.type !== diskType) throw new ArmError(404, 'NotFound', `Disk ${id} is not found.`);
  if (disk.managedBy !== undefined && !sameText(disk.managedBy, request.vm.id)) {
    throw new ArmError(
      409,
      'ConflictingUserInput',
      `Disk '${disk.name}' cannot be attached as the disk is already owned by VM '${disk.managedBy}'.`,
    );
  }
  const state = stateOf(call, disk);
  if (disk.managedBy === undefined && state !== 'Unattached') {
    throw operationNotAllowed(`Cannot attach disk '${disk.name}' while it is in state '${state}'.`);
  }
  if (disk.location !== request.vm.location) {
    throw new ArmError(
      400,
      'BadRequest',
      `Disk '${disk.name}' is in location '${disk.location}'; it must be in the location '${request.vm.location}' of the VM.`,
    );
  }
  const zone = disk.zones?.[0];
  if (zone !== undefined && !(request.vm.zones ?? []).includes(zone)) {
    throw new ArmError(
      400,
      'BadRequest',
      `Disk ${disk.name} cannot be attached to the VM because it is not in zone '${request.vm.zones?.[0] ?? ''}'.`,
    );
  }
  return disk;
}

function attachedDisk(sent: JsonObject, disk: Resource): JsonObject {
  const caching = oneOf(stringAt(sent, 'caching') ?? 'None', cachings, 'caching');
  const deleteOption = oneOf(stringAt(sent, 'deleteOption') ?? 'Detach', deleteOptions, 'deleteOption');
  return {
    ...pick(sent, ['createOption', 'writeAcceleratorEnabled']),
    name: disk.name,
    caching,
    managedDisk: { storageAccountType: stringAt(disk.sku, 'name'), id: disk.id },
    deleteOption,
    diskSizeGB: disk.properties.diskSizeGB,
  };
}

function newDisk(
  call: Call,
  request: StorageRequest,
  {
    sent,
    sizeGb,
    image,
    fallbackName,
  }: { sent: JsonObject; sizeGb: number; image: PlatformImage | undefined; fallbackName: string },
): DiskToCreate {
  const { vm, size } = request;
  const name = stringAt(sent, 'name') ?? fallbackName;
  const id = siblingId({ ...vm, type: '', etag: '', properties: {}, hidden: {} }, diskType, name);
  if (call.deps.store.get(id)) {
    throw new ArmError(
      409,
      'ConflictingUserInput',
      `A disk with name '${name}' already exists in the resource group and cannot be created again.`,
    );
  }
  const fallbackSku = size.premiumIo ? 'Premium_LRS' : 'Standard_LRS';
  const sku = oneOf(
    stringAt(sent, 'managedDisk', 'storageAccountType') ?? fallbackSku,
    diskSkus,
    'managedDisk.storageAccountType',
  );
  if (sku.startsWith('Premium') && !size.premiumIo) {
    throw invalidParameter(
      'osDisk.managedDisk.storageAccountType',
      `Requested operation cannot be performed because the VM size ${size.name} does not support the storage account type ${sku} of disk '${name}'. Consider updating the VM to a size that supports Premium storage.`,
    );
  }
  const sizeBytes = sizeGb * gibibyte;
  const fromImage = image && {
    osType: image.osType,
    hyperVGeneration: image.generation,
    supportedCapabilities: { architecture: image.architecture },
  };
  const creationData = image
    ? { createOption: 'FromImage', imageReference: { id: imageId(call, vm.location, image) } }
    : { createOption: 'Empty' };
  const resource: Resource = {
    id,
    name,
    type: diskType,
    location: vm.location,
    zones: vm.zones,
    sku: { name: sku, tier: sku.split('_')[0] ?? '' },
    managedBy: vm.id,
    etag: '',
    properties: compact({
      ...fromImage,
      creationData,
      diskSizeGB: sizeGb,
      diskSizeBytes: sizeBytes,
      encryption: { type: 'EncryptionAtRestWithPlatformKey' },
      networkAccessPolicy: 'AllowAll',
      publicNetworkAccess: 'Enabled',
      timeCreated: new Date(call.deps.now()).toISOString(),
      provisioningState: 'Succeeded',
    }),
    hidden: {},
  };
  return { resource, sizeBytes };
}

const imageId = (call: Call, location: string, { publisher, offer, sku, version }: PlatformImage): string =>
  `/Subscriptions/${call.subscriptionId}/Providers/Microsoft.Compute/Locations/${location}/Publishers/${publisher}/ArtifactTypes/VMImage/Offers/${offer}/Skus/${sku}/Versions/${version}`;
