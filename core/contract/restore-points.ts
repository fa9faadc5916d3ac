import { z } from 'zod';
import { bytesSchema, idSchema, resourceIdSchema, timeSchema } from './scalars.ts';

/** Restore points: one resource's state at one time. */

export const restorePointDiskSchema = z.object({
  /** Position in the point, 0 is the OS disk. */
  index: z.int().min(0).max(63),
  name: z.string(),
  lun: z.int().nullable(),
  os: z.boolean(),
  sizeBytes: bytesSchema,
  sku: z.string(),
});
export type RestorePointDisk = z.infer<typeof restorePointDiskSchema>;

export const restorePointSchema = z.object({
  id: idSchema,
  kind: z.enum(['snapshot', 'backup', 'archive']),
  workload: z.string(),
  resourceId: resourceIdSchema,
  resourceName: z.string(),
  region: z.string(),
  repositoryId: idSchema.nullable(),
  repositoryName: z.string().nullable(),
  /** When the snapshots were taken: the moment a restore goes back to. */
  takenAt: timeSchema,
  /** `full`: every allocated range was read. `incremental`: only changed ranges were. Both restore alone. */
  mode: z.enum(['full', 'incremental']),
  state: z.enum(['ok', 'damaged', 'missing']),
  disks: z.array(restorePointDiskSchema),
  /** Sum of the disks' sizes. */
  diskBytes: bytesSchema,
  /** Bytes read from the snapshots: allocated ranges (full) or changed ranges (incremental). */
  readBytes: bytesSchema,
  /** New bytes this point added to the repository, after deduplication, compression and encryption. */
  storedBytes: bytesSchema,
  sessionId: idSchema.nullable(),
});
export type RestorePoint = z.infer<typeof restorePointSchema>;

export const restorePointProcedures = {
  'point.list': {
    input: z.object({ resourceId: resourceIdSchema.optional(), repositoryId: idSchema.optional() }),
    output: z.array(restorePointSchema),
  },
  'point.get': { input: z.object({ pointId: idSchema }), output: restorePointSchema },
} as const;
