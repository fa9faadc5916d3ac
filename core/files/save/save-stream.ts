import { lstat, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, toAppError } from '../../contract/index.ts';
import type { PartFile } from './part-file.ts';
import { ReplayedSave } from './replayed-save.ts';
import { saveContent, type WrittenContent } from './save-content.ts';
import type { SaveJournal } from './save-journal.ts';
import type { SaveOptions, SaveReport } from './save-options.ts';
import { openJournal, removePlace, type SavePlace, savePlace } from './save-place.ts';
import { SaveTally } from './save-tally.ts';
import { targetError } from './target-errors.ts';

/** What an earlier run has of a file. */
export interface BegunFile {
  readonly length: number;
  readonly sha256: string;
}

/** One file to write, and where its bytes come from. */
export interface SavedStream {
  /** An absolute path of this computer, in a folder that exists. */
  readonly target: string;
  /** Differs when the bytes would. */
  readonly identity: string;
  /** The bytes behind those that are begun. Throws `BegunOtherwise` when those are not its beginning. */
  readonly content: (begun: BegunFile) => AsyncIterable<Uint8Array>;
  /** Called with the finished file before it gets its name. */
  readonly dress: (file: string) => Promise<void>;
}

/** What was begun is not the beginning of what comes now; it is written from the start. */
export class BegunOtherwise extends Error {}

/** Writes one file, going on behind what an earlier run of the same id has written. */
export async function saveStream(stream: SavedStream, options: SaveOptions): Promise<SaveReport> {
  const place = savePlace(path.dirname(stream.target), options.id);
  const journal = await openJournal(place, stream.identity);
  try {
    const written = await new StreamSave(stream, { journal, place, options }).run();
    const tally = new SaveTally(options);
    tally.addBytes(written.bytes);
    const savedAs = path.basename(stream.target);
    tally.fileDone({ relativePath: savedAs, savedAs, ...written });
    const report = tally.report(written.sha256);
    options.onSaved?.(report);
    await removePlace(place);
    return report;
  } catch (thrown) {
    throw toAppError(targetError(thrown, stream.target));
  } finally {
    await journal.close();
  }
}

interface StreamParts {
  readonly journal: SaveJournal;
  readonly place: SavePlace;
  readonly options: SaveOptions;
}

class StreamSave {
  readonly #stream: SavedStream;
  readonly #parts: StreamParts;
  readonly #name: string;

  constructor(stream: SavedStream, parts: StreamParts) {
    this.#stream = stream;
    this.#parts = parts;
    this.#name = path.basename(stream.target);
  }

  async run(): Promise<WrittenContent> {
    const { journal, place, options } = this.#parts;
    const replayed = new ReplayedSave(journal, place.part, options.signal);
    try {
      const earlier = await replayed.of(this.#name, () => this.#stream.target);
      if (earlier.outcome?.kind === 'file') return earlier.outcome;
      await this.#refuseExisting();
      const written = await this.#written(earlier.part);
      await this.#stream.dress(place.part);
      await this.#refuseExisting();
      await rename(place.part, this.#stream.target);
      await journal.add({ kind: 'file', path: this.#name, to: this.#name, ...written });
      return written;
    } finally {
      await replayed.close();
    }
  }

  async #written(part: PartFile | undefined): Promise<WrittenContent> {
    try {
      return await this.#write(part);
    } catch (thrown) {
      if (!(thrown instanceof BegunOtherwise)) throw thrown;
      await rm(this.#parts.place.part, { force: true });
      return this.#write(undefined);
    }
  }

  async #write(part: PartFile | undefined): Promise<WrittenContent> {
    const { journal, place, options } = this.#parts;
    let bytes = part?.length ?? 0;
    const begun = { length: bytes, sha256: part?.digest() ?? '' };
    const report = (more: number) => {
      bytes += more;
      options.onProgress?.({ files: 0, bytes });
    };
    report(0);
    return saveContent(this.#stream.content(begun), {
      path: place.part,
      part,
      onBytes: report,
      onFlushed: (length) => journal.addPart({ path: this.#name, length }),
    });
  }

  async #refuseExisting(): Promise<void> {
    if (this.#parts.options.existing === 'replace') return;
    if ((await lstat(this.#stream.target).catch(() => undefined)) === undefined) return;
    throw new AppError('already-exists', {
      message: `${this.#stream.target} is there already.`,
      hint: 'Choose another name, or let it be replaced.',
      details: { field: 'target' },
    });
  }
}
