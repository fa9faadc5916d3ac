import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type FileSelection, toAppError, type WalkedFile } from '../../contract/index.ts';
import { LEFT_OUT_NAME, LeftOut } from '../archive/left-out.ts';
import { ownPlatform } from '../names/platform-rules.ts';
import { DistinctEntries } from '../selection/distinct-entries.ts';
import { type OpenedFile, openedFiles } from '../selection/opened-files.ts';
import { type EarlierRun, ReplayedSave } from './replayed-save.ts';
import { saveContent } from './save-content.ts';
import type { SaveJournal, SaveOutcome } from './save-journal.ts';
import type { SavedSelection, SaveOptions, SaveReport, SavingService } from './save-options.ts';
import { linkInTheWay, openJournal, removePlace, type SavePlace, savePlace } from './save-place.ts';
import { SaveTally } from './save-tally.ts';
import { targetError } from './target-errors.ts';
import { TargetNames, type TargetPlace } from './target-names.ts';
import { NotPlaced, TargetTree } from './target-tree.ts';

/** An entry with its place and what an earlier run did with it. */
interface PlannedFile {
  readonly file: WalkedFile;
  readonly refusal: string | undefined;
  readonly place: TargetPlace;
  readonly earlier: EarlierRun;
}

/**
 * Writes a selection into a folder of this computer, file by file. Interrupted, it goes on where it stopped when it
 * is called again with the same id. What cannot be there as it was is named in the report and in a text file.
 * @throws AppError of the guest's data only where it concerns all of it; of this computer (`quota-exceeded`,
 * `permission-denied`, `read-only`), of the way there, or `cancelled`
 */
export async function saveSelection(
  service: SavingService,
  what: SavedSelection,
  options: SaveOptions,
): Promise<SaveReport> {
  const place = savePlace(what.folder, options.id);
  const { selection } = what;
  await makeTarget(what.folder);
  const journal = await openJournal(place, JSON.stringify({ selection }));
  const save = new SelectionSave({ service, journal, place, options, folder: what.folder });
  try {
    const report = await save.run(selection);
    options.onSaved?.(report);
    await removePlace(place);
    return report;
  } catch (thrown) {
    throw toAppError(targetError(thrown, what.folder));
  } finally {
    await save.close();
  }
}

async function makeTarget(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined) throw targetError(error, folder);
    if (!found.isDirectory()) throw linkInTheWay(folder);
  }
}

interface SaveParts {
  readonly service: SavingService;
  readonly journal: SaveJournal;
  readonly place: SavePlace;
  readonly options: SaveOptions;
  readonly folder: string;
}

class SelectionSave {
  readonly #parts: SaveParts;
  readonly #names: TargetNames;
  readonly #tree: TargetTree;
  readonly #tally: SaveTally;
  readonly #replayed: ReplayedSave;
  readonly #leftOut = new LeftOut();

  constructor(parts: SaveParts) {
    const { options, place, folder, journal } = parts;
    this.#parts = parts;
    this.#names = new TargetNames(options.platform ?? ownPlatform(), [
      path.basename(place.folder),
      LEFT_OUT_NAME,
    ]);
    this.#tree = new TargetTree(folder);
    this.#tally = new SaveTally(options);
    this.#replayed = new ReplayedSave(journal, place.part, options.signal);
  }

  async run(selection: FileSelection): Promise<SaveReport> {
    const { service, options } = this.#parts;
    const opened = openedFiles(this.#planned(selection), {
      service,
      signal: options.signal,
      fileOf: (planned) => (wantsContent(planned) ? planned.file : undefined),
      offsetOf: ({ earlier }) => earlier.part?.length ?? 0,
    });
    for await (const next of opened) await this.#save(next);
    await this.#tree.finish();
    await this.#writeLeftOut();
    return this.#tally.report(null);
  }

  async close(): Promise<void> {
    await this.#replayed.close();
    await this.#parts.journal.close();
  }

  async *#planned(selection: FileSelection): AsyncGenerator<PlannedFile> {
    const { service, options } = this.#parts;
    const distinct = new DistinctEntries();
    for await (const batch of service.walk(selection, options.signal))
      for (const walked of batch) {
        const { file, refusal } = distinct.admit(walked);
        const earlier = await this.#replayed.of(file.relativePath, (savedAs) =>
          path.join(this.#parts.folder, savedAs),
        );
        yield { file, refusal: refusal ?? refusalOf(file), place: this.#names.placeOf(file), earlier };
      }
  }

  async #save(opened: OpenedFile<PlannedFile>): Promise<void> {
    const { file, place, earlier } = opened.entry;
    const savedAs = place.parts.join('/');
    this.#tally.renamed(file.relativePath, savedAs);
    try {
      const outcome = earlier.outcome ?? (await this.#saved(opened));
      if (earlier.outcome === undefined && !earlier.lost) await this.#parts.journal.add(outcome);
      this.#count(file, outcome, earlier.outcome !== undefined);
    } finally {
      await opened.drop();
    }
  }

  /** What has become of an entry in this run. */
  async #saved(opened: OpenedFile<PlannedFile>): Promise<SaveOutcome> {
    const { file, refusal, place } = opened.entry;
    const { relativePath } = file;
    try {
      if (refusal !== undefined) throw new NotPlaced(refusal);
      await this.#tree.enter(place.folder);
      return await this.#placed(opened, { path: relativePath, to: place.parts.join('/') });
    } catch (thrown) {
      if (thrown instanceof NotPlaced) return { kind: 'left', path: relativePath, reason: thrown.message };
      throw thrown;
    }
  }

  async #placed(opened: OpenedFile<PlannedFile>, at: { path: string; to: string }): Promise<SaveOutcome> {
    const { file, place, earlier } = opened.entry;
    if (file.kind === 'directory')
      return { kind: 'folder', ...at, made: await this.#tree.makeFolder(place.parts, file) };
    const keeps = this.#parts.options.existing === 'keep' && !earlier.lost;
    if (keeps && (await this.#tree.exists(place.parts)))
      throw new NotPlaced('Something of this name is there already; it was kept.');
    if (file.kind === 'symlink') {
      await this.#placeLink(file, place);
      return { kind: 'link', ...at };
    }
    return { kind: 'file', ...at, ...(await this.#placeFile(opened)) };
  }

  async #placeLink(file: WalkedFile, place: TargetPlace): Promise<void> {
    const target = file.linkTarget ?? '';
    if (!target.split('/').every((part) => part === '' || this.#names.keeps(part)))
      throw new NotPlaced(`A symbolic link to "${target}", a name that this computer does not allow.`);
    await this.#tree.placeLink(place, target);
  }

  async #placeFile(opened: OpenedFile<PlannedFile>): Promise<{ bytes: number; sha256: string }> {
    const { file, place, earlier } = opened.entry;
    const { journal, place: own } = this.#parts;
    // Beside the part of a file that an earlier run began, which comes later in the walk.
    const part = earlier.lost ? `${own.part}-again` : own.part;
    if (earlier.part === undefined) await rm(part, { force: true });
    else this.#tally.addBytes(earlier.part.length);
    try {
      const written = await saveContent(opened.content ?? nothing(), {
        path: part,
        part: earlier.part,
        onBytes: (bytes) => this.#tally.addBytes(bytes),
        onFlushed: async (length) => {
          if (!earlier.lost) await journal.addPart({ path: file.relativePath, length });
        },
      });
      if (written.bytes < file.sizeBytes) throw new NotPlaced('Its content ends early.');
      await this.#tree.placeFile(part, place, file);
      return written;
    } catch (thrown) {
      throw concernsOneFile(thrown);
    }
  }

  #count(file: WalkedFile, outcome: SaveOutcome, counted: boolean): void {
    if (outcome.kind === 'file') {
      if (counted) this.#tally.addBytes(outcome.bytes);
      const { to: savedAs, bytes, sha256 } = outcome;
      this.#tally.fileDone({ relativePath: file.relativePath, savedAs, bytes, sha256 });
    }
    if (outcome.kind === 'left') this.#problem(file.relativePath, outcome.reason);
    else if (file.problem !== null) this.#problem(file.relativePath, file.problem);
  }

  #problem(relativePath: string, reason: string): void {
    this.#tally.problem(relativePath, reason);
    this.#leftOut.add(relativePath, reason);
  }

  async #writeLeftOut(): Promise<void> {
    if (this.#leftOut.count === 0) return;
    const { place, folder } = this.#parts;
    await rm(place.part, { force: true });
    await writeFile(place.part, this.#leftOut.text('folder'), { flag: 'wx' });
    await rename(place.part, path.join(folder, LEFT_OUT_NAME));
  }
}

function wantsContent({ file, refusal, earlier }: PlannedFile): boolean {
  return file.kind === 'file' && refusal === undefined && earlier.outcome === undefined;
}

/** What is known from the walk. A folder that cannot be read is made all the same, and named. */
function refusalOf(file: WalkedFile): string | undefined {
  switch (file.kind) {
    case 'directory':
      return undefined;
    case 'file':
      return file.problem ?? undefined;
    case 'symlink':
      return file.linkTarget === null ? (file.problem ?? 'Its target cannot be read.') : undefined;
    default:
      return `It is a ${file.kind.replace('-', ' ')}, which cannot be saved to a folder.`;
  }
}

/** An error of the guest's data is a matter of this file alone. */
function concernsOneFile(thrown: unknown): unknown {
  const codes = ['damaged', 'not-supported', 'not-found', 'invalid-input'];
  const guests =
    thrown instanceof AppError && codes.includes(thrown.code) && thrown.details['field'] !== 'target';
  return guests ? new NotPlaced(thrown.message) : thrown;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
