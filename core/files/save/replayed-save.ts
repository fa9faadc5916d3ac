import { lstat, rm } from 'node:fs/promises';
import { AppError } from '../../contract/index.ts';
import { hashOfFile, PartFile } from './part-file.ts';
import { CHECKED_SIZE } from './save-content.ts';
import type { SaveJournal, SaveOutcome } from './save-journal.ts';

/** What is known of an entry from an earlier run. */
export interface EarlierRun {
  /** What became of it; undefined when it is to be saved now. */
  readonly outcome: SaveOutcome | undefined;
  /** Its beginning, which that run has written. */
  readonly part: PartFile | undefined;
  /** It was saved, but is not there any more as it was. */
  readonly lost: boolean;
}

const NOTHING: EarlierRun = { outcome: undefined, part: undefined, lost: false };

/** Follows the journal of an interrupted save along the same walk. */
export class ReplayedSave {
  readonly #journal: SaveJournal;
  readonly #partPath: string;
  readonly #signal: AbortSignal;
  #over = false;
  #opened: PartFile | undefined;

  constructor(journal: SaveJournal, partPath: string, signal: AbortSignal) {
    this.#journal = journal;
    this.#partPath = partPath;
    this.#signal = signal;
  }

  /** To be asked for each entry once, in the order of the walk. `absolute` finds what the journal says. */
  async of(relativePath: string, absolute: (savedAs: string) => string): Promise<EarlierRun> {
    if (this.#over) return NOTHING;
    const outcome = await this.#journal.replayed();
    if (outcome === undefined) return this.#startOf(relativePath);
    if (outcome.path !== relativePath) throw differs(relativePath);
    if (outcome.kind !== 'file' || (await this.#isThere(outcome, absolute(outcome.to))))
      return { ...NOTHING, outcome };
    return { ...NOTHING, lost: true };
  }

  /** Closes a begun file that nobody went on with. */
  async close(): Promise<void> {
    await this.#opened?.close().catch(() => undefined);
  }

  async #startOf(relativePath: string): Promise<EarlierRun> {
    this.#over = true;
    const begun = this.#journal.part;
    if (begun?.path === relativePath && begun.length > 0) {
      this.#opened = await PartFile.goOn(this.#partPath, begun.length, this.#signal);
      if (this.#opened !== undefined) return { ...NOTHING, part: this.#opened };
    }
    await rm(this.#partPath, { force: true });
    return NOTHING;
  }

  /** Small files were not put on the disk one by one, so a crash of the computer may have emptied them. */
  async #isThere(file: SaveOutcome & { kind: 'file' }, target: string): Promise<boolean> {
    if (file.bytes <= CHECKED_SIZE)
      return (await hashOfFile(target, file.bytes, this.#signal)) === file.sha256;
    const found = await lstat(target).catch(() => undefined);
    return found?.isFile() === true && found.size === file.bytes;
  }
}

function differs(path: string): AppError {
  return new AppError('conflict', {
    message: `What was saved earlier does not fit what is to be saved now, from ${path} on.`,
    hint: 'Cancel this download and start it again.',
  });
}
