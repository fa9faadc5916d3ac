import { z } from 'zod';
import { bytesSchema, emptySchema, timeSchema } from './scalars.ts';
import { sessionSchema } from './sessions.ts';

export const overviewSchema = z.object({
  vms: z.object({ total: z.int(), protected: z.int(), unprotected: z.int(), notSupported: z.int() }),
  accounts: z.int(),
  repositories: z.int(),
  points: z.int(),
  /** Sum of the protected disks' sizes in all restore points, and what they take in the repositories. */
  protectedBytes: bytesSchema,
  storedBytes: bytesSchema,
  runningSessions: z.array(sessionSchema),
  recentSessions: z.array(sessionSchema),
  syncedAt: timeSchema.nullable(),
});
export type Overview = z.infer<typeof overviewSchema>;

export const overviewProcedures = {
  'overview.get': { input: emptySchema, output: overviewSchema },
  'app.info': {
    input: emptySchema,
    output: z.object({
      version: z.string(),
      installationId: z.string(),
      /** Name of the Azure cloud, as the host configured it. */
      cloud: z.string(),
      /** The downloads folder of the computer that Cairn runs on, if there is one. */
      downloadsFolder: z.string().nullable(),
    }),
  },
} as const;
