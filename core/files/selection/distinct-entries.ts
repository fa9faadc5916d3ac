import type { WalkedFile } from '../../contract/index.ts';

/** An entry on its way out, or the reason why it stays. */
export interface AdmittedFile {
  readonly file: WalkedFile;
  readonly refusal: string | undefined;
}

const TWICE = 'Another entry of the folder has the same name.';
const BELOW_TWICE = 'It lies in a folder that has the name of another entry.';

/**
 * Lets every path through once. A damaged or hostile file system can hold one name twice; a folder below the name of
 * a symbolic link would then be written through that link, so it stays behind with all that is in it.
 */
export class DistinctEntries {
  #folder = '';
  readonly #names = new Set<string>();
  readonly #refused = new Set<string>();

  readonly #nameIn: (relativePath: string) => string;

  /** `nameIn`: what a path becomes where it is taken to, if that is not the path itself. */
  constructor(nameIn: (relativePath: string) => string = (relativePath) => relativePath) {
    this.#nameIn = nameIn;
  }

  /** The entries must come as a walk gives them: those of one folder together, parents first. */
  admit(file: WalkedFile): AdmittedFile {
    const folder = file.relativePath.slice(0, Math.max(0, file.relativePath.lastIndexOf('/')));
    if (folder !== this.#folder) this.#names.clear();
    this.#folder = folder;
    const refusal = this.#refused.has(folder) ? BELOW_TWICE : this.#isNew(file) ? undefined : TWICE;
    if (refusal !== undefined && file.kind === 'directory') this.#refused.add(file.relativePath);
    return { file, refusal: refusal ?? (file.kind === 'socket' ? 'A socket has no content.' : undefined) };
  }

  #isNew(file: WalkedFile): boolean {
    const name = this.#nameIn(file.relativePath);
    if (this.#names.has(name)) return false;
    this.#names.add(name);
    return true;
  }
}
