import { z } from 'zod';
import { bytesSchema, idSchema } from './scalars.ts';

/** Shapes of file recovery: volumes, entries, searches. The same on every road: in-process, on a worker, on the command line. */

/** ISO 8601 UTC with the precision that the file system keeps: none to nine digits of a second. */
export const fileTimeSchema = z
  .string()
  .regex(/^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, 'must be a UTC time');

/** Unique among the volumes of one point, e.g. `disk0-part1`, `vg-root`. */
export const volumeIdSchema = z.string().min(1).max(300);
/**
 * From the volume's root, parts joined by `/`. Made of safe texts: bytes of a name that are not printable UTF-8, a
 * control character or a slash are written `\xNN`.
 */
export const filePathSchema = z.string().max(65_536);

/** One file or folder of a volume. */
export const filePlaceSchema = z.object({ volumeId: volumeIdSchema, path: filePathSchema });
export type FilePlace = z.infer<typeof filePlaceSchema>;

export const fileVolumeSchema = z.object({
  id: volumeIdSchema,
  /** What the guest calls it where that can be read (`C:`, `/var`), else its label, else its place. */
  name: z.string(),
  /** Drive letters or mount points, as the guest has them. */
  guestPlaces: z.array(z.string()),
  /** Index of the (first) disk it lies on. */
  disk: z.int().min(0),
  /** 0 when it covers the whole disk or is a logical volume. */
  partition: z.int().min(0),
  kind: z.string(),
  /** The kind as shown, e.g. `ext4`, `BitLocker`. */
  kindName: z.string(),
  label: z.string(),
  uuid: z.string(),
  /** GPT name or `group/volume`, else empty. */
  placeName: z.string(),
  sizeBytes: bytesSchema,
  state: z.enum(['clean', 'replayed', 'dirty', 'unsupported', 'damaged']),
  /** One sentence on the state where it needs one, else empty. Always shown. */
  note: z.string(),
  readable: z.boolean(),
  /** Holds no files of anybody: swap, a part of a volume group, an empty partition. Not shown unless asked for. */
  incidental: z.boolean(),
  caseSensitive: z.boolean(),
  /** Times are wall-clock times of an unknown zone (FAT), given as if in UTC. */
  localTimes: z.boolean(),
});
export type FileVolume = z.infer<typeof fileVolumeSchema>;

export const fileKindSchema = z.enum([
  'file',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'character-device',
  'block-device',
  'other',
]);
export type FileKind = z.infer<typeof fileKindSchema>;

export const fileEntrySchema = z.object({
  name: z.string(),
  path: filePathSchema,
  kind: fileKindSchema,
  sizeBytes: bytesSchema,
  modified: fileTimeSchema.nullable(),
  /** The twelve permission bits. */
  mode: z.int().min(0).max(0o7777).nullable(),
  owner: z.object({ uid: z.int(), gid: z.int() }).nullable(),
  /** The owner's security identifier (NTFS). */
  sid: z.string().nullable(),
  /** Such as `readonly`, `hidden`, `compressed`, `encrypted`, `sparse`. */
  attributes: z.array(z.string()),
  /** Of a symbolic link, as stored; never followed. */
  linkTarget: z.string().nullable(),
  /** Why its metadata or content cannot be given out; null when it can. */
  problem: z.string().nullable(),
});
export type FileEntry = z.infer<typeof fileEntrySchema>;

export const fileDetailsSchema = fileEntrySchema.extend({
  /** Inode or record number. */
  node: z.int().min(0),
  /** Bytes taken on the disk; less than the size for sparse and compressed files. */
  allocatedBytes: bytesSchema,
  links: z.int().min(0),
  accessed: fileTimeSchema.nullable(),
  /** Last change of the metadata. */
  changed: fileTimeSchema.nullable(),
  created: fileTimeSchema.nullable(),
  device: z.object({ major: z.int(), minor: z.int() }).nullable(),
  /** Named data streams beside the content (NTFS). */
  streams: z.array(z.object({ name: z.string(), sizeBytes: bytesSchema })),
});
export type FileDetails = z.infer<typeof fileDetailsSchema>;

export const fileOrderSchema = z.enum(['name', 'size', 'modified', 'kind']);

export const fileListQuerySchema = filePlaceSchema.extend({
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(1000).default(200),
  /** Folders stand before everything else, whatever the order. */
  order: fileOrderSchema.default('name'),
  descending: z.boolean().default(false),
  /** Part of a name, or a pattern with `*` and `?`; without case. Empty: all. */
  filter: z.string().max(500).default(''),
});
export type FileListQuery = z.output<typeof fileListQuerySchema>;

export const fileListingSchema = z.object({
  /** The page that was asked for. */
  entries: z.array(fileEntrySchema),
  /** Entries that pass the filter. */
  total: z.int().min(0),
  /** Entries of the folder. */
  unfiltered: z.int().min(0),
  /** Why entries of the folder may be missing (a part of it is damaged); null when all could be read. */
  problem: z.string().nullable(),
});
export type FileListing = z.infer<typeof fileListingSchema>;

export const fileSearchQuerySchema = z.object({
  /** All readable volumes when left out. */
  volumeId: volumeIdSchema.optional(),
  /** Only at or below this folder. */
  below: filePathSchema.default('/'),
  /**
   * Any part of a name. With `*` or `?` a pattern for the whole name. With a slash it is about the path: any part of
   * it, or a pattern with `**` for any number of folders. Case never matters.
   */
  text: z.string().max(1000),
  kind: fileKindSchema.optional(),
  minBytes: bytesSchema.optional(),
  maxBytes: bytesSchema.optional(),
  modifiedFrom: z.iso.datetime().optional(),
  modifiedTo: z.iso.datetime().optional(),
  limit: z.int().min(1).max(10_000).default(500),
});
export type FileSearchQuery = z.output<typeof fileSearchQuerySchema>;

export const fileIndexStateSchema = z.object({
  volumeId: volumeIdSchema,
  state: z.enum(['building', 'ready', 'failed']),
  /** Entries read so far. */
  entries: z.int().min(0),
  /** Folders that could not be read; what is below them is not found. */
  unread: z.int().min(0),
  problem: z.string().nullable(),
});
export type FileIndexState = z.infer<typeof fileIndexStateSchema>;

/** While an index is being built, what is asked for again finds more. */
export const fileSearchResultSchema = z.object({
  indexes: z.array(fileIndexStateSchema),
  hits: z.array(
    z.object({
      volumeId: volumeIdSchema,
      path: filePathSchema,
      kind: fileKindSchema,
      sizeBytes: bytesSchema,
      modified: fileTimeSchema.nullable(),
    }),
  ),
  /** There are more than the limit. */
  more: z.boolean(),
});
export type FileSearchResult = z.infer<typeof fileSearchResultSchema>;

/** Content of one file: a range of it, or of one of its named streams. */
export const fileReadSchema = filePlaceSchema.extend({
  offset: bytesSchema.default(0),
  /** Up to the end when left out. */
  length: bytesSchema.optional(),
  stream: z.string().max(300).default(''),
});
export type FileRead = z.output<typeof fileReadSchema>;

export const archiveFormatSchema = z.enum(['zip', 'tar']);
export type ArchiveFormat = z.infer<typeof archiveFormatSchema>;

/** What a download or an archive takes along: files, and folders with everything below them. */
export const fileSelectionSchema = z.array(filePlaceSchema).min(1).max(10_000);
export type FileSelection = z.infer<typeof fileSelectionSchema>;

/** An entry on a walk through a selection; parents before children. */
export const walkedFileSchema = fileEntrySchema.extend({
  volumeId: volumeIdSchema,
  /** Where it stands in what is taken along: from the selected item's own name on, parts joined by `/`. */
  relativePath: z.string(),
  links: z.int().min(0),
  node: z.int().min(0),
});
export type WalkedFile = z.infer<typeof walkedFileSchema>;

/** One thing that was taken out of a restore point, and by whom. */
export const takenItemSchema = z.object({
  id: idSchema,
  time: z.iso.datetime(),
  /** Who asked: the account's or the operating system's user, or the share link it went over. */
  by: z.string(),
  sessionId: idSchema.nullable(),
  pointId: idSchema,
  resourceId: z.string(),
  resourceName: z.string(),
  volumeId: volumeIdSchema,
  path: filePathSchema,
  /** How it left: saved by core, streamed to a browser, put back into the machine, or given to a share link. */
  way: z.enum(['saved', 'streamed', 'restored', 'shared']),
  /** Where to, as far as it is known: a path on the computer, the machine's name. */
  target: z.string(),
  files: z.int().min(0),
  bytes: bytesSchema,
  /** Of a single file or of the archive; null where there is none. */
  sha256: z.string().nullable(),
  outcome: z.enum(['done', 'partial', 'failed', 'cancelled']),
});
export type TakenItem = z.infer<typeof takenItemSchema>;

/** One file of an item that was saved as a folder. */
export const takenFileSchema = z.object({
  /** From the item's own name on, as the guest calls it. */
  path: z.string(),
  bytes: bytesSchema,
  /** Lower-case hex. */
  sha256: z.string(),
});
export type TakenFile = z.infer<typeof takenFileSchema>;
