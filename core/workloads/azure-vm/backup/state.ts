import { z } from 'zod';
import { idSchema, resourceIdSchema } from '../../../contract/index.ts';
import type { ProgramStep, Run } from '../../session-program.ts';
import { documentDiskSchema, savedConfigurationSchema } from '../document.ts';

/** What a backup session is asked to do, and what its steps remember. */

export const backupInputSchema = z.object({
  workload: z.literal('azure-vm'),
  accountId: idSchema,
  repositoryId: idSchema,
  resourceId: resourceIdSchema,
  resourceName: z.string(),
});
export type BackupInput = z.infer<typeof backupInputSchema>;

const rememberedDiskSchema = documentDiskSchema.extend({
  /** The snapshot to compare with; null: every allocated range is read. */
  baseId: z.string().nullable(),
});
export type RememberedDisk = z.infer<typeof rememberedDiskSchema>;

export const backupMemorySchema = z.object({
  configuration: savedConfigurationSchema.nullable().default(null),
  disks: z.array(rememberedDiskSchema).default([]),
  takenAt: z.string().nullable().default(null),
  previousPoint: z.string().nullable().default(null),
  /** True once a worker may have begun: a retry first looks whether it had finished. */
  begun: z.boolean().default(false),
  written: z
    .object({ pointId: z.string(), readBytes: z.int(), storedBytes: z.int() })
    .nullable()
    .default(null),
});
export type BackupMemory = z.infer<typeof backupMemorySchema>;

export type BackupRun = Run<BackupInput, BackupMemory>;
export type BackupStep = ProgramStep<BackupInput, BackupMemory>;
