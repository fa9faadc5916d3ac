import { AppError, type WalkedFile } from '../../contract/index.ts';
import type { NamePlatform } from '../names/platform-rules.ts';
import { type SafeNames, safeNames } from '../names/safe-names.ts';

/** A folder of the target. */
export interface TargetFolder {
  /** Below the target folder; empty for the target folder itself. */
  readonly parts: readonly string[];
  /** What the guest's folder had; undefined for the target folder itself. */
  readonly times: Pick<WalkedFile, 'modified' | 'mode'> | undefined;
}

export interface TargetPlace {
  /** Below the target folder. */
  readonly parts: readonly string[];
  readonly folder: TargetFolder;
}

interface OpenFolder {
  /** In the selection. */
  readonly path: string;
  readonly folder: TargetFolder;
  readonly taken: Set<string>;
}

/** Where the entries of a walk go. They must come in the order of the walk, each once. */
export class TargetNames {
  readonly #names: SafeNames;
  /** Folders whose entries are still to come, by their path in the selection. */
  readonly #coming = new Map<string, TargetFolder>();
  readonly #root: OpenFolder;
  #current: OpenFolder;

  /** `reserved`: names in the target folder that no entry may have. */
  constructor(platform: NamePlatform, reserved: readonly string[]) {
    this.#names = safeNames(platform);
    const taken = new Set(reserved.map((name) => this.#names.foldedName(name)));
    this.#root = { path: '', folder: { parts: [], times: undefined }, taken };
    this.#current = this.#root;
  }

  placeOf(file: WalkedFile): TargetPlace {
    const cut = file.relativePath.lastIndexOf('/');
    const { folder, taken } = this.#enter(file.relativePath.slice(0, Math.max(0, cut)));
    const parts = [...folder.parts, this.#names.escape(file.relativePath.slice(cut + 1), taken)];
    if (file.kind === 'directory') this.#coming.set(file.relativePath, { parts, times: file });
    return { parts, folder };
  }

  /** Whether this computer takes a name as it is. */
  keeps(name: string): boolean {
    return name === '.' || name === '..' || this.#names.escape(name, new Set()) === name;
  }

  /** The target folder itself is entered again for every selected item. */
  #enter(path: string): OpenFolder {
    if (path === '') this.#current = this.#root;
    if (this.#current.path === path) return this.#current;
    const folder = this.#coming.get(path);
    if (folder === undefined)
      throw new AppError('internal', { message: `The folder of ${path} did not come before it.` });
    this.#coming.delete(path);
    this.#current = { path, folder, taken: new Set() };
    return this.#current;
  }
}
