import { z } from 'zod';
import { bytesSchema, idSchema, resourceIdSchema } from '../../../contract/index.ts';
import type { ProgramStep, Run } from '../../session-program.ts';

/** What a restore session is asked to do (worked out by its plan), and what its steps remember. */

export const targetDiskSchema = z.object({
  index: z.int().min(0).max(63),
  /** The disk's name in the restore point. */
  name: z.string(),
  /** The new disk. */
  targetId: resourceIdSchema,
  sizeBytes: bytesSchema,
  sku: z.string(),
  os: z
    .object({
      type: z.enum(['linux', 'windows']),
      generation: z.enum(['V1', 'V2']),
      securityType: z.string().optional(),
    })
    .nullable(),
  lun: z.int().nullable(),
  caching: z.string().nullable(),
});
export type TargetDisk = z.infer<typeof targetDiskSchema>;

export const targetNicSchema = z.object({
  nicId: resourceIdSchema,
  subnetId: resourceIdSchema,
  securityGroupId: resourceIdSchema.nullable(),
  /** Null for an interface without a public address. */
  publicIpId: resourceIdSchema.nullable(),
});

export const targetMachineSchema = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('create'),
    vmId: resourceIdSchema,
    size: z.string(),
    start: z.boolean(),
    nics: z.array(targetNicSchema).min(1),
  }),
  z.object({ mode: z.literal('replace'), vmId: resourceIdSchema, start: z.boolean() }),
]);
export type TargetMachine = z.infer<typeof targetMachineSchema>;

export const restoreInputSchema = z.object({
  workload: z.literal('azure-vm'),
  accountId: idSchema,
  repositoryId: idSchema,
  pointId: idSchema,
  verify: z.boolean(),
  subscriptionId: z.string(),
  region: z.string(),
  zone: z.string().nullable(),
  disks: z.array(targetDiskSchema).min(1).max(64),
  machine: targetMachineSchema.nullable(),
});
export type RestoreInput = z.infer<typeof restoreInputSchema>;

/** Which disks a machine has, and where. */
export const diskLayoutSchema = z.object({
  osDiskId: z.string(),
  dataDisks: z.array(z.object({ diskId: z.string(), lun: z.int(), caching: z.string().nullable() })),
});
export type DiskLayout = z.infer<typeof diskLayoutSchema>;

export const restoreMemorySchema = z.object({
  /** True once the targets were found free: from then on what bears their names is ours. */
  checked: z.boolean().default(false),
  /** Up to where each disk is written. */
  resume: z.array(z.object({ index: z.int(), offset: bytesSchema })).default([]),
  written: z
    .array(z.object({ index: z.int(), writtenBytes: bytesSchema }))
    .nullable()
    .default(null),
  verified: z.boolean().default(false),
  /** Whether the original machine ran before it was stopped. */
  wasRunning: z.boolean().nullable().default(null),
  /** The machine's disks before any was replaced. */
  before: diskLayoutSchema.nullable().default(null),
  /** Disks that the new ones replaced. */
  replaced: z.array(z.string()).nullable().default(null),
  finished: z.boolean().default(false),
});
export type RestoreMemory = z.infer<typeof restoreMemorySchema>;

export type RestoreRun = Run<RestoreInput, RestoreMemory>;
export type RestoreStep = ProgramStep<RestoreInput, RestoreMemory>;
