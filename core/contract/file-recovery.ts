import { z } from 'zod';
import { errorRecordSchema } from './errors.ts';
import {
  fileDetailsSchema,
  fileEntrySchema,
  fileListingSchema,
  fileListQuerySchema,
  filePlaceSchema,
  fileSearchQuerySchema,
  fileSearchResultSchema,
  fileSelectionSchema,
  fileTimeSchema,
  fileVolumeSchema,
  takenFileSchema,
  takenItemSchema,
} from './files.ts';
import {
  bytesSchema,
  emptySchema,
  idSchema,
  regionSchema,
  resourceIdSchema,
  startedSchema,
  timeSchema,
} from './scalars.ts';

/** File recovery: a session that opens a restore point for browsing until it is closed or times out. */

/** `direct`: core reads the repository itself. `worker`: a worker near the data serves the files. */
export const fileRoadSchema = z.enum(['direct', 'worker']);
export type FileRoad = z.infer<typeof fileRoadSchema>;

/** What is read: the backup in the repository, or the snapshots that the machine's newest point keeps (worker only). */
export const fileSourceSchema = z.enum(['repository', 'snapshot']);
export type FileSource = z.infer<typeof fileSourceSchema>;

export const fileShareSchema = z.object({
  id: idSchema,
  /** For a colleague's browser on the same network; the secret is part of it. Shown once, when it is made. */
  address: z.string().nullable(),
  /** SHA-256 of the certificate which that browser will show; lower-case hex. */
  fingerprint: z.string(),
  expiresAt: timeSchema,
  /** What the link opens; null for everything. */
  scope: filePlaceSchema.nullable(),
});
export type FileShare = z.infer<typeof fileShareSchema>;

export const fileRecoverySchema = z.object({
  sessionId: idSchema,
  pointId: idSchema,
  resourceId: resourceIdSchema,
  resourceName: z.string(),
  takenAt: timeSchema,
  road: fileRoadSchema,
  source: fileSourceSchema,
  state: z.enum(['opening', 'open', 'closing', 'closed', 'failed']),
  /** What is being done while it opens, one sentence. */
  activity: z.string(),
  /** When it closes by itself unless it is used or extended. */
  closesAt: timeSchema.nullable(),
  error: errorRecordSchema.nullable(),
  /** Null until it is open. */
  volumes: z.array(fileVolumeSchema).nullable(),
  worker: z.object({ address: z.string(), fingerprint: z.string(), region: regionSchema }).nullable(),
  shares: z.array(fileShareSchema),
});
export type FileRecovery = z.infer<typeof fileRecoverySchema>;

export const filePreviewSchema = z.discriminatedUnion('kind', [
  /** `truncated`: only the beginning was read. */
  z.object({ kind: z.literal('text'), text: z.string(), truncated: z.boolean(), encoding: z.string() }),
  z.object({ kind: z.literal('picture'), mediaType: z.string(), base64: z.string() }),
  /** The first bytes of anything else. */
  z.object({ kind: z.literal('bytes'), base64: z.string() }),
  z.object({ kind: z.literal('none'), reason: z.string() }),
]);
export type FilePreview = z.infer<typeof filePreviewSchema>;

export const fileVersionSchema = z.object({
  pointId: idSchema,
  takenAt: timeSchema,
  presence: z.enum(['present', 'absent', 'unreadable']),
  sizeBytes: bytesSchema.nullable(),
  modified: fileTimeSchema.nullable(),
  /** Null when it was not needed to tell (size or time already differ) or is too large to be read for this. */
  sha256: z.string().nullable(),
  /** Against the version before it in time. */
  change: z.enum(['first', 'same', 'changed', 'appeared', 'gone', 'unknown']),
  problem: z.string().nullable(),
});
export type FileVersion = z.infer<typeof fileVersionSchema>;

export const fileVersionsSchema = z.object({
  state: z.enum(['working', 'done']),
  /** Points looked at, of all points of the machine that can be read. */
  looked: z.int().min(0),
  points: z.int().min(0),
  /** Newest first. */
  versions: z.array(fileVersionSchema),
});
export type FileVersions = z.infer<typeof fileVersionsSchema>;

export const fileDifferenceSchema = z.object({
  /** Below the compared places; empty for the places themselves. */
  path: z.string(),
  /** `added`: only on the right. `removed`: only on the left. */
  change: z.enum(['added', 'removed', 'changed', 'metadata']),
  left: fileEntrySchema.nullable(),
  right: fileEntrySchema.nullable(),
});

export const fileComparisonSchema = z.object({
  state: z.enum(['working', 'done', 'failed']),
  error: errorRecordSchema.nullable(),
  entriesCompared: z.int().min(0),
  bytesCompared: bytesSchema,
  differences: z.array(fileDifferenceSchema),
  /** There are more than are kept (2,000). */
  more: z.boolean(),
  /** For two text files of at most 1 MiB each: the lines, in order. */
  lines: z.array(z.object({ side: z.enum(['both', 'left', 'right']), text: z.string() })).nullable(),
});
export type FileComparison = z.infer<typeof fileComparisonSchema>;

/** A way into a restore point: an open session, or another point of any time (opened and closed for this). */
const comparedSideSchema = filePlaceSchema.extend({
  sessionId: idSchema.optional(),
  pointId: idSchema.optional(),
});

export const fileRestoreTargetSchema = z.discriminatedUnion('kind', [
  /** Every item goes back to where it was in the guest. */
  z.object({ kind: z.literal('original') }),
  /** All items go below this folder of the guest, e.g. `/root/recovered` or `C:\Recovered`. */
  z.object({ kind: z.literal('folder'), path: z.string().min(1).max(1000) }),
]);
export type FileRestoreTarget = z.infer<typeof fileRestoreTargetSchema>;

export const fileRestorePlanSchema = z.object({
  id: idSchema,
  expiresAt: timeSchema,
  sessionId: idSchema,
  resourceId: resourceIdSchema,
  resourceName: z.string(),
  target: fileRestoreTargetSchema,
  existing: z.enum(['keep', 'overwrite']),
  files: z.int().min(0),
  folders: z.int().min(0),
  bytes: bytesSchema,
  /** Where each selected item will be in the guest. */
  places: z.array(z.object({ from: filePlaceSchema, to: z.string() })),
  /** What the operator should know before: one sentence each. */
  notes: z.array(z.string()),
  /** Why it cannot run; empty when it can. */
  refusals: z.array(z.string()),
});
export type FileRestorePlan = z.infer<typeof fileRestorePlanSchema>;

/** How much a selection takes along; grows while it is being counted. */
export const fileSizesSchema = z.object({
  state: z.enum(['counting', 'done', 'failed']),
  /** Everything that is no folder. */
  files: z.int().min(0),
  folders: z.int().min(0),
  bytes: bytesSchema,
});
export type FileSizes = z.infer<typeof fileSizesSchema>;

const inSession = z.object({ sessionId: idSchema });

export const fileRecoveryProcedures = {
  /** Answers the session that has this point open on this road already, if there is one. */
  'files.open': {
    input: z.object({
      pointId: idSchema,
      road: fileRoadSchema.default('direct'),
      source: fileSourceSchema.default('repository'),
      /** Closes itself after so long without use. */
      idleMinutes: z.int().min(1).max(480).default(30),
    }),
    output: startedSchema,
  },
  'files.get': { input: inSession, output: fileRecoverySchema },
  /** The sessions that are open now. */
  'files.opened': { input: emptySchema, output: z.array(fileRecoverySchema) },
  'files.extend': {
    input: inSession.extend({ minutes: z.int().min(1).max(480) }),
    output: z.object({ closesAt: timeSchema }),
  },
  'files.close': { input: inSession, output: emptySchema },
  'files.list': { input: inSession.extend(fileListQuerySchema.shape), output: fileListingSchema },
  'files.details': { input: inSession.extend(filePlaceSchema.shape), output: fileDetailsSchema },
  /** Starts building indexes that are missing and answers what is known now. */
  'files.search': { input: inSession.extend(fileSearchQuerySchema.shape), output: fileSearchResultSchema },
  /** Starts counting and answers what is known now; another selection of the same session ends it. */
  'files.sizes': {
    input: inSession.extend({ items: z.array(filePlaceSchema).min(1).max(1000) }),
    output: fileSizesSchema,
  },
  'files.preview': { input: inSession.extend(filePlaceSchema.shape), output: filePreviewSchema },
  /** Starts looking through the machine's other points and answers what is known now. */
  'files.versions': { input: inSession.extend(filePlaceSchema.shape), output: fileVersionsSchema },
  'files.compare': {
    input: z.object({ left: comparedSideSchema, right: comparedSideSchema }),
    output: z.object({ comparisonId: idSchema }),
  },
  'files.comparison': { input: z.object({ comparisonId: idSchema }), output: fileComparisonSchema },
  /** A link for a colleague's browser; worker road only. */
  'files.share': {
    input: inSession.extend({
      minutes: z.int().min(1).max(480).default(60),
      scope: filePlaceSchema.nullable().default(null),
    }),
    output: fileShareSchema,
  },
  'files.unshare': { input: inSession.extend({ shareId: idSchema }), output: emptySchema },
  /** Computes what putting files back into the machine would do. What this shows is what `files.restore` runs. */
  'files.restorePlan': {
    input: inSession.extend({
      items: fileSelectionSchema,
      target: fileRestoreTargetSchema,
      existing: z.enum(['keep', 'overwrite']).default('keep'),
    }),
    output: fileRestorePlanSchema,
  },
  'files.restore': { input: z.object({ planId: idSchema }), output: startedSchema },
  /** What was taken out, newest first. */
  'files.taken': {
    input: z.object({
      sessionId: idSchema.optional(),
      resourceId: resourceIdSchema.optional(),
      before: timeSchema.optional(),
      limit: z.int().min(1).max(500).default(100),
    }),
    output: z.array(takenItemSchema),
  },
  /** The files of an item that was saved as a folder, ordered by their paths; for further pages `after` is the last path. */
  'files.takenFiles': {
    input: z.object({
      takenId: idSchema,
      after: z.string().default(''),
      limit: z.int().min(1).max(5000).default(1000),
    }),
    output: z.array(takenFileSchema),
  },
} as const;
