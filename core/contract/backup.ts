import { z } from 'zod';
import { idSchema, resourceIdSchema, startedSchema } from './scalars.ts';

export const backupProcedures = {
  /** Backs up one virtual machine now, all its disks, into one repository. */
  'backup.start': {
    input: z.object({ resourceId: resourceIdSchema, repositoryId: idSchema }),
    output: startedSchema,
  },
} as const;
