import { z } from 'zod';
import { errorRecordSchema } from './errors.ts';
import { bytesSchema, emptySchema, idSchema, resourceIdSchema, timeSchema } from './scalars.ts';

/** Sessions: one run of one operation, with its steps, progress and log. */

export const sessionKindSchema = z.enum([
  'backup',
  'restore',
  'sync',
  'repository',
  'file-recovery',
  'file-restore',
]);
export type SessionKind = z.infer<typeof sessionKindSchema>;

/** `resuming`: found unfinished after a start of core and being taken up again. */
export const sessionStateSchema = z.enum([
  'queued',
  'running',
  'resuming',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
]);
export type SessionState = z.infer<typeof sessionStateSchema>;

export const stepSchema = z.object({
  /** Stable key, e.g. `snapshot-disks`. */
  key: z.string(),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
});
export type Step = z.infer<typeof stepSchema>;

export const progressSchema = z.object({
  /** Bytes of work known so far (allocated or changed ranges); 0 while unknown. */
  totalBytes: bytesSchema,
  doneBytes: bytesSchema,
  /** New bytes written to the repository (backup) or to the target (restore). */
  storedBytes: bytesSchema,
  /** Mean of the last seconds; 0 while idle. */
  bytesPerSecond: z.number().min(0),
  secondsLeft: z.number().min(0).nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

export const sessionResultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('backup'), pointId: idSchema }),
  z.object({
    kind: z.literal('restore'),
    vmId: resourceIdSchema.nullable(),
    disks: z.array(
      z.object({
        index: z.int(),
        name: z.string(),
        resourceId: resourceIdSchema,
        sizeBytes: bytesSchema,
        writtenBytes: bytesSchema,
        /** True after the new disk was read back and every block compared with the restore point. */
        verified: z.boolean(),
      }),
    ),
    /** Disks that a restore to the original place replaced and left in the resource group. */
    replacedDisks: z.array(resourceIdSchema),
  }),
  z.object({ kind: z.literal('sync'), vms: z.int(), subscriptions: z.int() }),
  z.object({ kind: z.literal('repository'), repositoryId: idSchema }),
  /** `items`: how many things were taken out while it was open. */
  z.object({ kind: z.literal('file-recovery'), items: z.int().min(0), bytes: bytesSchema }),
  z.object({
    kind: z.literal('file-restore'),
    restoredFiles: z.int().min(0),
    restoredBytes: bytesSchema,
    /** Files that were there already and were kept. */
    keptFiles: z.int().min(0),
    /** The first 100 with the reason. */
    failures: z.array(z.object({ path: z.string(), reason: z.string() })),
  }),
]);
export type SessionResult = z.infer<typeof sessionResultSchema>;

export const sessionSchema = z.object({
  id: idSchema,
  kind: sessionKindSchema,
  state: sessionStateSchema,
  /** One line for lists, e.g. `Back up web-01`. */
  title: z.string(),
  resourceId: resourceIdSchema.nullable(),
  resourceName: z.string().nullable(),
  repositoryId: idSchema.nullable(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  steps: z.array(stepSchema),
  progress: progressSchema.nullable(),
  error: errorRecordSchema.nullable(),
  result: sessionResultSchema.nullable(),
});
export type Session = z.infer<typeof sessionSchema>;

export const logEntrySchema = z.object({
  /** Grows by one within a session. */
  seq: z.int(),
  time: timeSchema,
  level: z.enum(['info', 'warning', 'error']),
  text: z.string(),
  details: z.record(z.string(), z.string()),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

export const sessionProcedures = {
  'session.list': {
    input: z.object({
      kind: sessionKindSchema.optional(),
      resourceId: resourceIdSchema.optional(),
      repositoryId: idSchema.optional(),
      active: z.boolean().optional(),
      limit: z.int().min(1).max(500).default(100),
    }),
    output: z.array(sessionSchema),
  },
  'session.get': { input: z.object({ sessionId: idSchema }), output: sessionSchema },
  'session.log': {
    input: z.object({ sessionId: idSchema, after: z.int().min(0).default(0) }),
    output: z.array(logEntrySchema),
  },
  /** Asks the session to stop; it ends as `cancelled` after it has cleaned up. */
  'session.cancel': { input: z.object({ sessionId: idSchema }), output: emptySchema },
} as const;
