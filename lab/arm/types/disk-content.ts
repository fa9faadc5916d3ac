import type { JsonObject } from '../../front/index.ts';
import { ArmError, invalidParameter, missingParameter, operationNotAllowed } from '../arm-error.ts';
import { type Call, requireLinked } from '../call.ts';
import { numberAt, sameText, stringAt } from '../json-path.ts';
import { parseResourceId, provisioningStateOf, type Resource } from '../resource.ts';

export const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;
const footerBytes = 512;
export const diskType = 'Microsoft.Compute/disks';
export const snapshotType = 'Microsoft.Compute/snapshots';
export const diskSkus = [
  'Standard_LRS',
  'Premium_LRS',
  'StandardSSD_LRS',
  'UltraSSD_LRS',
  'Premium_ZRS',
  'StandardSSD_ZRS',
  'PremiumV2_LRS',
];
export const snapshotSkus = ['Standard_LRS', 'Premium_LRS', 'Standard_ZRS'];
const maxSizeGb = 32_767;
/** Azure docs, "upload a VHD to a managed disk": the smallest and largest upload, footer included. */
const minUploadBytes = 20_972_032;
const maxUploadBytes = 35_183_298_347_520;

export const uniqueIdOf = (resource: Resource): string => String(resource.properties.uniqueId ?? '');
export const sizeBytesOf = (resource: Resource): number => Number(resource.properties.diskSizeBytes ?? 0);

/** A size in GiB as sent, checked; undefined when absent. */
export function sizeGbOf(body: JsonObject): number | undefined {
  const size = numberAt(body, 'properties', 'diskSizeGB');
  if (size === undefined) return undefined;
  if (!Number.isInteger(size) || size < 1 || size > maxSizeGb) {
    throw invalidParameter(
      'disk.diskSizeGB',
      `The value of parameter disk.diskSizeGB is invalid. It must be between 1 and ${maxSizeGb}.`,
    );
  }
  return size;
}

/** Bytes without footer of a direct upload. */
export function uploadSizeOf(body: JsonObject): number {
  const size = numberAt(body, 'properties', 'creationData', 'uploadSizeBytes');
  if (size === undefined) throw missingParameter('creationData.uploadSizeBytes');
  const whole = (size - footerBytes) / mebibyte;
  if (size < minUploadBytes || size > maxUploadBytes || !Number.isInteger(whole)) {
    throw invalidParameter(
      'creationData.uploadSizeBytes',
      `The value '${size}' of uploadSizeBytes is invalid. It must be between ${minUploadBytes} and ${maxUploadBytes} and a whole number of MiB plus ${footerBytes} bytes.`,
    );
  }
  return size - footerBytes;
}

/** The disk or snapshot that a copy starts from, with all the checks Azure makes of it. */
export function sourceOf(call: Call, location: string, allowed: readonly string[]): Resource {
  const id = stringAt(call.body, 'properties', 'creationData', 'sourceResourceId');
  if (id === undefined) throw missingParameter('creationData.sourceResourceId');
  const parsed = parseResourceId(id);
  const source = call.deps.store.get(id);
  if (!parsed || !allowed.some((type) => sameText(type, parsed.type))) {
    throw invalidParameter(
      'creationData.sourceResourceId',
      `The resource id '${id}' is not valid for creationData.sourceResourceId.`,
    );
  }
  requireLinked(call, `${parsed.type}/beginGetAccess/action`, id);
  if (!source) {
    throw new ArmError(
      404,
      'ResourceNotFound',
      `The Resource '${parsed.type}/${parsed.name}' under resource group '${parsed.group}' was not found.`,
    );
  }
  if (!sameText(parsed.subscriptionId, call.subscriptionId)) {
    throw invalidParameter(
      'creationData.sourceResourceId',
      'The source resource must be in the same subscription.',
    );
  }
  if (source.location !== location) {
    throw new ArmError(
      400,
      'BadRequest',
      `Source resource '${source.name}' is in location '${source.location}'; it must be in the same location '${location}' as the target.`,
    );
  }
  if (provisioningStateOf(source) !== 'Succeeded') {
    throw operationNotAllowed(
      `The source resource '${source.name}' is in provisioning state '${provisioningStateOf(source)}'.`,
    );
  }
  if (source.hidden.upload !== undefined) {
    throw operationNotAllowed(
      `The disk '${source.name}' is in upload state; finish the upload before using it as a source.`,
    );
  }
  return source;
}

/** Properties a copy inherits when the request does not say otherwise. */
export function inherited(source: Resource | undefined): JsonObject {
  if (!source) return {};
  const names = [
    'osType',
    'hyperVGeneration',
    'purchasePlan',
    'supportedCapabilities',
    'securityProfile',
    'supportsHibernation',
  ];
  return Object.fromEntries(
    names.map((name) => [name, source.properties[name]]).filter(([, value]) => value !== undefined),
  );
}

/** Creation data never changes after creation. */
export function checkSameCreationData(call: Call, existing: Resource): void {
  for (const name of ['createOption', 'sourceResourceId', 'uploadSizeBytes']) {
    const sent = (call.body.properties as JsonObject | undefined)?.creationData;
    const wanted = sent === undefined ? undefined : (sent as JsonObject)[name];
    const kept = (existing.properties.creationData as JsonObject)[name];
    if (wanted === undefined || sameText(String(wanted), String(kept))) continue;
    throw new ArmError(
      409,
      'PropertyChangeNotAllowed',
      `Changing property 'creationData.${name}' is not allowed.`,
      {
        target: `creationData.${name}`,
      },
    );
  }
}
