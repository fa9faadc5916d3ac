import type { WalkedFile } from '../../contract/index.ts';

/** Files with several names that are remembered; a further one is stored once for each of its names. */
const MOST = 500_000;

/** Which files of a walk were met under an earlier name. */
export class HardLinks {
  readonly #names = new Map<string, Uint8Array | undefined>();

  /** True for a file's first name; to be asked once for each entry. */
  isFirst(file: WalkedFile): boolean {
    if (file.links < 2) return true;
    const key = keyOf(file);
    if (this.#names.has(key)) return false;
    if (this.#names.size < MOST) this.#names.set(key, undefined);
    return true;
  }

  /** Its content is in the archive under this name. */
  included(file: WalkedFile, name: Uint8Array): void {
    if (this.#names.has(keyOf(file))) this.#names.set(keyOf(file), name);
  }

  /** The name under which its content is in the archive; undefined when that failed. */
  nameOf(file: WalkedFile): Uint8Array | undefined {
    return this.#names.get(keyOf(file));
  }
}

function keyOf({ volumeId, node }: WalkedFile): string {
  return `${volumeId}:${node}`;
}
