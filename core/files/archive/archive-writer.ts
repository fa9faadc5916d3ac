import type { FileKind } from '../../contract/index.ts';

/** One entry on its way into an archive. */
export interface ArchiveEntry {
  /** Parts joined by `/`, relative, without `..`; bytes, because guests have names that are no text. */
  readonly name: Uint8Array;
  readonly kind: FileKind;
  /** What the file's metadata says; its content may turn out shorter. */
  readonly size: number;
  /** The twelve permission bits. */
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Nanoseconds since 1970. */
  readonly modified: bigint | undefined;
  /** Of a symbolic link, as stored. */
  readonly linkTarget: Uint8Array | undefined;
  /** Name of the entry of this archive that has the same content, where the format can say so. */
  readonly sameAs: Uint8Array | undefined;
  readonly device: { readonly major: number; readonly minor: number } | null;
}

/** What became of an entry's content. */
export interface EntryOutcome {
  /** Why the content ended early; undefined when all of it is in the archive. */
  readonly broken: string | undefined;
}

/**
 * Writes one archive format as a stream. The bytes depend on the entries alone, so that an interrupted archive can be
 * made again and continued where it stopped.
 */
export interface ArchiveWriter {
  /** Kinds that the format cannot hold. */
  readonly refused: readonly FileKind[];
  /** Whether a second name of a file can be recorded without its content. */
  readonly hardLinks: boolean;
  /** Errors of `content` other than `cancelled` become the outcome; the archive stays sound. */
  add(
    entry: ArchiveEntry,
    content: AsyncIterable<Uint8Array> | undefined,
  ): AsyncGenerator<Uint8Array, EntryOutcome>;
  /** What follows the last entry. */
  end(): Iterable<Uint8Array>;
}
