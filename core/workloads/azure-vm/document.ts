import { z } from 'zod';
import { AppError, vmDiskSchema } from '../../contract/index.ts';

/** What an Azure VM's restore point keeps besides the bytes: how to make the machine again. */

const json = z.record(z.string(), z.unknown());

/** The summary as saved; unknown fields of later versions are kept. */
export const savedSummarySchema = z.looseObject({
  resourceId: z.string(),
  vmId: z.string(),
  name: z.string(),
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  region: z.string(),
  zone: z.string().nullable(),
  size: z.string(),
  os: z.enum(['linux', 'windows', 'unknown']),
  power: z.enum(['running', 'stopped', 'deallocated', 'other']),
  disks: z.array(vmDiskSchema.extend({ uniqueId: z.string(), shared: z.boolean() })),
  nicIds: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
});

export const savedConfigurationSchema = z.looseObject({
  format: z.literal(1),
  summary: savedSummarySchema,
  vm: json,
  disks: z.array(json),
  nics: z.array(json),
  securityGroups: z.array(json),
  publicIps: z.array(json),
  networks: z.array(json),
  interfaces: z.array(
    z.looseObject({
      nicId: z.string(),
      nic: z.string(),
      primary: z.boolean(),
      subnetId: z.string(),
      subnet: z.string(),
      privateIp: z.string().nullable(),
      publicIp: z.string().nullable(),
      securityGroup: z.string().nullable(),
    }),
  ),
});
export type SavedConfiguration = z.infer<typeof savedConfigurationSchema>;

export const documentDiskSchema = z.object({
  index: z.int(),
  name: z.string(),
  lun: z.int().nullable(),
  os: z.boolean(),
  sizeBytes: z.int(),
  sku: z.string(),
  diskId: z.string(),
  uniqueId: z.string(),
  snapshotId: z.string(),
});

export const pointDocumentSchema = z.object({
  format: z.literal(1),
  /** The session that made the point: how a retry finds what an interrupted run had finished. */
  sessionId: z.string(),
  mode: z.enum(['full', 'incremental']),
  disks: z.array(documentDiskSchema).min(1).max(64),
  configuration: savedConfigurationSchema,
});
export type PointDocument = z.infer<typeof pointDocumentSchema>;

/** Checks what a restore point says about its machine; throws `damaged` when it cannot be used. */
export function readPointDocument(document: unknown): PointDocument {
  const parsed = pointDocumentSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('damaged', {
    message: 'The saved configuration in this restore point cannot be read.',
    hint: 'It may have been written by a newer Cairn: update this one, or choose another restore point.',
    details: { field: issue?.path.join('.') ?? '', reason: issue?.message ?? '' },
  });
}
