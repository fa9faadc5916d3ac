import { z } from 'zod';
import {
  bytesSchema,
  filePathSchema,
  filePlaceSchema,
  fileSelectionSchema,
  idSchema,
  regionSchema,
  resourceIdSchema,
} from '../../contract/index.ts';

/** What a session that puts files back works with: the plan that was shown, nothing looked up again. */
export const fileRestoreInputSchema = z.object({
  /** The account that sees the machine. */
  accountId: idSchema,
  pointId: idSchema,
  /** The browsing session that the plan was made in; for the record. */
  fromSessionId: idSchema,
  vmId: resourceIdSchema,
  vmName: z.string(),
  region: regionSchema,
  existing: z.enum(['keep', 'overwrite']),
  groups: z.array(
    z.object({ folder: filePathSchema, items: fileSelectionSchema, source: filePlaceSchema.nullable() }),
  ),
  bytes: bytesSchema,
});
export type FileRestoreInput = z.infer<typeof fileRestoreInputSchema>;

export const fileRestoreMemorySchema = z.object({
  outcome: z
    .object({
      restoredFiles: z.int().min(0),
      restoredBytes: bytesSchema,
      keptFiles: z.int().min(0),
      failures: z.array(z.object({ path: z.string(), reason: z.string() })),
    })
    .nullable()
    .default(null),
});
export type FileRestoreMemory = z.infer<typeof fileRestoreMemorySchema>;
