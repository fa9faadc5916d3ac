import type { SavedFile, SaveOptions, SaveReport } from './save-options.ts';

const KEPT = 100;

/** Counts what a save does and tells its caller. */
export class SaveTally {
  readonly #options: SaveOptions;
  readonly #problems: { path: string; reason: string }[] = [];
  readonly #renamed: { from: string; to: string }[] = [];
  #problemCount = 0;
  #renamedCount = 0;
  #files = 0;
  #bytes = 0;

  constructor(options: SaveOptions) {
    this.#options = options;
  }

  /** Bytes written, or found written by an earlier run. */
  addBytes(bytes: number): void {
    this.#bytes += bytes;
    this.#report();
  }

  /** A file whose bytes were added before. */
  fileDone(file: SavedFile): void {
    this.#files++;
    this.#options.onFile?.(file);
    this.#report();
  }

  problem(path: string, reason: string): void {
    this.#problemCount++;
    if (this.#problems.length < KEPT) this.#problems.push({ path, reason });
  }

  renamed(from: string, to: string): void {
    if (from === to) return;
    this.#renamedCount++;
    if (this.#renamed.length < KEPT) this.#renamed.push({ from, to });
  }

  report(sha256: string | null): SaveReport {
    return {
      sha256,
      files: this.#files,
      bytes: this.#bytes,
      problems: this.#problems,
      problemCount: this.#problemCount,
      renamed: this.#renamed,
      renamedCount: this.#renamedCount,
    };
  }

  #report(): void {
    this.#options.onProgress?.({ files: this.#files, bytes: this.#bytes });
  }
}
