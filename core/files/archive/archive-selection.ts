import type { ArchiveFormat, FileSelection, WalkedFile } from '../../contract/index.ts';
import { bytesOfText } from '../../volumes/index.ts';
import type { FileService } from '../file-service.ts';
import { type AdmittedFile, DistinctEntries } from '../selection/distinct-entries.ts';
import { type OpenedFile, openedFiles } from '../selection/opened-files.ts';
import { fileTimeNanoseconds } from '../service/file-time.ts';
import { archiveName } from './archive-names.ts';
import type { ArchiveEntry, ArchiveWriter } from './archive-writer.ts';
import { HardLinks } from './hard-links.ts';
import { LEFT_OUT_NAME, LeftOut } from './left-out.ts';
import { TarWriter } from './tar-writer.ts';
import { ZipWriter } from './zip-writer.ts';

type ReadingService = Pick<FileService, 'walk' | 'read' | 'details'>;

/**
 * A selection as one archive. The same selection of the same point gives the same bytes. What cannot be read is left
 * out and named in a last entry; links are recorded, never followed.
 */
export function archiveSelection(
  service: ReadingService,
  what: {
    readonly selection: FileSelection;
    readonly format: ArchiveFormat;
    /** Hears of everything that is left out. */
    readonly onLeftOut?: (path: string, reason: string) => void;
  },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { format, onLeftOut } = what;
  const writer = format === 'zip' ? new ZipWriter() : new TarWriter();
  const leftOut = new LeftOut(onLeftOut);
  return new SelectionArchive(service, { writer, format, leftOut }, signal).bytes(what.selection);
}

class SelectionArchive {
  readonly #service: ReadingService;
  readonly #writer: ArchiveWriter;
  readonly #format: ArchiveFormat;
  readonly #signal: AbortSignal;
  readonly #leftOut: LeftOut;
  readonly #links = new HardLinks();
  readonly #topNames = new Set<string>();

  constructor(
    service: ReadingService,
    made: { readonly writer: ArchiveWriter; readonly format: ArchiveFormat; readonly leftOut: LeftOut },
    signal: AbortSignal,
  ) {
    this.#service = service;
    this.#writer = made.writer;
    this.#format = made.format;
    this.#leftOut = made.leftOut;
    this.#signal = signal;
  }

  async *bytes(selection: FileSelection): AsyncGenerator<Uint8Array> {
    const opened = openedFiles(this.#admitted(selection), {
      service: this.#service,
      signal: this.#signal,
      fileOf: ({ file }) => (this.#wantsContent(file) ? file : undefined),
    });
    for await (const next of opened) yield* this.#add(next);
    if (this.#leftOut.count > 0) yield* this.#addList();
    yield* this.#writer.end();
  }

  /** Everything that has a place in the archive; the rest goes to the list. */
  async *#admitted(selection: FileSelection): AsyncGenerator<AdmittedFile> {
    const distinct = new DistinctEntries((path) =>
      Buffer.from(archiveName(path, this.#format)).toString('latin1'),
    );
    for await (const batch of this.#service.walk(selection, this.#signal))
      for (const walked of batch) {
        const { file, refusal } = distinct.admit(walked);
        if (!file.relativePath.includes('/')) this.#topNames.add(file.relativePath);
        const reason = refusal ?? this.#refusalOf(file);
        if (reason === undefined) yield { file, refusal };
        else this.#leftOut.add(file.relativePath, reason);
      }
  }

  /** A folder that cannot be entered is kept as an empty one and named in the list. */
  #refusalOf(file: WalkedFile): string | undefined {
    if (this.#writer.refused.includes(file.kind)) return 'This kind of archive cannot hold it.';
    if (file.problem !== null && file.kind === 'directory')
      this.#leftOut.add(file.relativePath, file.problem);
    if (file.kind === 'symlink' && file.linkTarget === null)
      return file.problem ?? 'Its target cannot be read.';
    return file.kind === 'directory' ? undefined : (file.problem ?? undefined);
  }

  #wantsContent(file: WalkedFile): boolean {
    if (file.kind !== 'file') return false;
    return !this.#writer.hardLinks || this.#links.isFirst(file);
  }

  async *#add(opened: OpenedFile<AdmittedFile>): AsyncGenerator<Uint8Array> {
    const { file } = opened.entry;
    const sameAs =
      opened.content === undefined && file.kind === 'file' ? this.#links.nameOf(file) : undefined;
    if (opened.content === undefined && file.kind === 'file' && sameAs === undefined) {
      this.#leftOut.add(file.relativePath, 'Its content could not be read under its first name.');
      return;
    }
    const entry = await this.#entry(file, sameAs);
    const { broken } = yield* this.#writer.add(entry, opened.content);
    if (broken !== undefined) this.#leftOut.add(file.relativePath, broken);
    else if (opened.content !== undefined) this.#links.included(file, entry.name);
  }

  async #entry(file: WalkedFile, sameAs: Uint8Array | undefined): Promise<ArchiveEntry> {
    const isDevice = file.kind === 'character-device' || file.kind === 'block-device';
    const device = isDevice ? (await this.#service.details(file, this.#signal)).device : null;
    return {
      name: archiveName(file.relativePath, this.#format),
      kind: file.kind,
      size: file.sizeBytes,
      mode: file.mode ?? (file.kind === 'directory' ? 0o755 : 0o644),
      owner: file.owner,
      modified: file.modified === null ? undefined : fileTimeNanoseconds(file.modified),
      linkTarget: file.linkTarget === null ? undefined : bytesOfText(file.linkTarget),
      sameAs,
      device,
    };
  }

  async *#addList(): AsyncGenerator<Uint8Array> {
    const bytes = Buffer.from(this.#leftOut.text());
    let name = LEFT_OUT_NAME;
    for (let count = 2; this.#topNames.has(name); count++) name = `${count}-${LEFT_OUT_NAME}`;
    const entry: ArchiveEntry = {
      ...{ name: archiveName(name, this.#format), kind: 'file', size: bytes.length, mode: 0o644 },
      ...{ owner: null, modified: undefined, linkTarget: undefined, sameAs: undefined, device: null },
    };
    yield* this.#writer.add(entry, only(bytes));
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
