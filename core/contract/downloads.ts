import { z } from 'zod';
import { errorRecordSchema } from './errors.ts';
import { archiveFormatSchema, fileSelectionSchema } from './files.ts';
import { bytesSchema, emptySchema, idSchema, timeSchema } from './scalars.ts';

/** Downloads: files on their way from a restore point to the operator's computer. */

export const downloadFormSchema = z.discriminatedUnion('kind', [
  /** One file as it is. */
  z.object({ kind: z.literal('file') }),
  /** Files and folders as they are, below one folder. Only to a path. */
  z.object({ kind: z.literal('folder') }),
  z.object({ kind: z.literal('archive'), format: archiveFormatSchema }),
]);
export type DownloadForm = z.infer<typeof downloadFormSchema>;

export const downloadTargetSchema = z.discriminatedUnion('kind', [
  /** Core writes there itself: an absolute path on the computer that Cairn runs on. Survives a crash. */
  z.object({
    kind: z.literal('path'),
    path: z.string().min(1).max(4096),
    replace: z.boolean().default(false),
  }),
  /** The shell's door streams it to whoever holds the download's id (a browser's own download). */
  z.object({ kind: z.literal('stream') }),
]);

export const downloadSchema = z.object({
  id: idSchema,
  sessionId: idSchema,
  pointId: idSchema,
  resourceName: z.string(),
  /** One line, e.g. `passwd` or `3 items`. */
  title: z.string(),
  form: downloadFormSchema,
  target: downloadTargetSchema,
  state: z.enum(['waiting', 'running', 'paused', 'done', 'failed', 'cancelled']),
  createdAt: timeSchema,
  endedAt: timeSchema.nullable(),
  /** 0 while it is being counted. */
  totalBytes: bytesSchema,
  doneBytes: bytesSchema,
  totalFiles: z.int().min(0),
  doneFiles: z.int().min(0),
  bytesPerSecond: z.number().min(0),
  secondsLeft: z.number().min(0).nullable(),
  /** Of the file or the archive; for a folder every file's is at `files.takenFiles`. */
  sha256: z.string().nullable(),
  /** Items that could not be read or were left out (devices, damaged), the first 100 with the reason. */
  problems: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** Names that this computer does not allow and what they became, the first 100. */
  renamed: z.array(z.object({ from: z.string(), to: z.string() })),
  error: errorRecordSchema.nullable(),
});
export type Download = z.infer<typeof downloadSchema>;

const oneDownload = z.object({ downloadId: idSchema });

export const downloadProcedures = {
  'download.start': {
    input: z.object({
      sessionId: idSchema,
      items: fileSelectionSchema,
      form: downloadFormSchema,
      target: downloadTargetSchema,
    }),
    /** `fileName`: what the target should be called when a person is asked. */
    output: z.object({ downloadId: idSchema, fileName: z.string() }),
  },
  'download.list': {
    input: z.object({ sessionId: idSchema.optional(), limit: z.int().min(1).max(500).default(100) }),
    output: z.array(downloadSchema),
  },
  'download.get': { input: oneDownload, output: downloadSchema },
  /** Only downloads to a path. */
  'download.pause': { input: oneDownload, output: emptySchema },
  'download.resume': { input: oneDownload, output: emptySchema },
  /** Removes what it has written so far. */
  'download.cancel': { input: oneDownload, output: emptySchema },
  /** Forgets an ended download; what it wrote stays. */
  'download.forget': { input: oneDownload, output: emptySchema },
} as const;
