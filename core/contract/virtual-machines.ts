import { z } from 'zod';
import { restorePointSchema } from './restore-points.ts';
import {
  bytesSchema,
  emptySchema,
  idSchema,
  regionSchema,
  resourceIdSchema,
  subscriptionIdSchema,
  tagsSchema,
  timeSchema,
} from './scalars.ts';

/** Virtual machines as the last sync saw them, with how well each is protected. */

export const vmDiskSchema = z.object({
  name: z.string(),
  /** Null for an unmanaged disk (a page blob in a storage account). */
  resourceId: resourceIdSchema.nullable(),
  os: z.boolean(),
  lun: z.int().nullable(),
  sizeBytes: bytesSchema,
  sku: z.string(),
});
export type VmDisk = z.infer<typeof vmDiskSchema>;

export const vmProtectionSchema = z.object({
  state: z.enum(['protected', 'unprotected', 'not-supported']),
  /** Why it cannot be backed up; null unless `not-supported`. */
  reason: z.string().nullable(),
  points: z.int(),
  lastPointAt: timeSchema.nullable(),
  /** A backup or restore of this VM that is going on now. */
  runningSessionId: idSchema.nullable(),
  lastFailedSessionId: idSchema.nullable(),
});

export const virtualMachineSchema = z.object({
  resourceId: resourceIdSchema,
  name: z.string(),
  accountId: idSchema,
  subscriptionId: subscriptionIdSchema,
  subscriptionName: z.string(),
  resourceGroup: z.string(),
  region: regionSchema,
  zone: z.string().nullable(),
  size: z.string(),
  os: z.enum(['linux', 'windows', 'unknown']),
  power: z.enum(['running', 'stopped', 'deallocated', 'other']),
  disks: z.array(vmDiskSchema),
  diskBytes: bytesSchema,
  tags: tagsSchema,
  protection: vmProtectionSchema,
});
export type VirtualMachine = z.infer<typeof virtualMachineSchema>;

export const vmProcedures = {
  'vm.list': {
    input: emptySchema,
    output: z.object({ vms: z.array(virtualMachineSchema), syncedAt: timeSchema.nullable() }),
  },
  'vm.get': {
    input: z.object({ resourceId: resourceIdSchema }),
    output: z.object({
      vm: virtualMachineSchema,
      points: z.array(restorePointSchema),
      network: z.array(
        z.object({
          nic: z.string(),
          subnet: z.string(),
          privateIp: z.string().nullable(),
          publicIp: z.string().nullable(),
          securityGroup: z.string().nullable(),
        }),
      ),
    }),
  },
} as const;
