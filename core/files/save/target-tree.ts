import { chmod, lstat, mkdir, rename, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { WalkedFile } from '../../contract/index.ts';
import { fileTimeNanoseconds } from '../service/file-time.ts';
import { linkStaysInside } from './link-safety.ts';
import { isRealFolder } from './save-place.ts';
import { entryProblem } from './target-errors.ts';
import type { TargetFolder, TargetPlace } from './target-names.ts';

/** Why one entry is not where it should be; everything else that is thrown ends the save. */
export class NotPlaced extends Error {}

/** The target folder as it fills. Nothing is written through a link, whoever made it. */
export class TargetTree {
  readonly #root: string;
  /** Folders that have not got their times yet, as writing into them changes those. */
  readonly #undressed = new Map<string, TargetFolder>();
  #entered: TargetFolder | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  absolute(parts: readonly string[]): string {
    return path.join(this.#root, ...parts);
  }

  /** To be called before anything is written into a folder; gives the one before its times. */
  async enter(folder: TargetFolder): Promise<void> {
    if (this.#entered === folder) return;
    if (this.#entered !== undefined) await this.#dress(this.#entered);
    this.#entered = undefined;
    if (folder.parts.length > 0 && !(await this.#isReal(folder.parts)))
      throw new NotPlaced('Its folder could not be made.');
    this.#entered = folder;
  }

  /** Makes a folder; one that is there is used, a link to one is not. Returns whether it was made. */
  async makeFolder(parts: readonly string[], times: TargetFolder['times']): Promise<boolean> {
    this.#undressed.set(parts.join('/'), { parts, times });
    try {
      await mkdir(this.absolute(parts));
      return true;
    } catch (error) {
      if (await isRealFolder(this.absolute(parts))) return false;
      throw placing(error, 'Something that is not a folder stands in its place.');
    }
  }

  /** Moves a finished file to its place. */
  async placeFile(part: string, { parts }: TargetPlace, file: TargetFolder['times']): Promise<void> {
    try {
      await dress(part, file);
      await rename(part, this.absolute(parts));
    } catch (error) {
      throw placing(error, undefined);
    }
  }

  /** @throws NotPlaced with the target of the link when it could lead out of the target folder */
  async placeLink({ parts }: TargetPlace, target: string): Promise<void> {
    if (!linkStaysInside(parts.slice(0, -1), target))
      throw new NotPlaced(
        `A symbolic link to "${target}", which may lead out of the folder; it was not made.`,
      );
    try {
      await symlink(target, this.absolute(parts));
    } catch (error) {
      throw placing(error, `A symbolic link to "${target}", which this computer does not let Cairn make.`);
    }
  }

  async exists(parts: readonly string[]): Promise<boolean> {
    return (await lstat(this.absolute(parts)).catch(() => undefined)) !== undefined;
  }

  /** Gives all folders their times. */
  async finish(): Promise<void> {
    if (this.#entered !== undefined) await this.#dress(this.#entered);
    for (const folder of [...this.#undressed.values()].reverse()) await this.#dress(folder);
  }

  /** Down from the target folder, as a link on the way would lead elsewhere. */
  async #isReal(parts: readonly string[]): Promise<boolean> {
    for (let depth = 1; depth <= parts.length; depth++)
      if (!(await isRealFolder(this.absolute(parts.slice(0, depth))))) return false;
    return true;
  }

  async #dress(folder: TargetFolder): Promise<void> {
    this.#undressed.delete(folder.parts.join('/'));
    if (folder.times === undefined || !(await isRealFolder(this.absolute(folder.parts)))) return;
    // Whoever saved it must be able to open it and to go on with it.
    const mode = (folder.times.mode ?? 0o755) | 0o700;
    await dress(this.absolute(folder.parts), { ...folder.times, mode });
  }
}

/** Time and permission bits as far as this computer has them; never the bits that change a program's user. */
export async function dress(
  target: string,
  file: Pick<WalkedFile, 'modified' | 'mode'> | undefined,
): Promise<void> {
  if (file === undefined) return;
  await chmod(target, (file.mode ?? 0o644) & 0o777).catch(() => undefined);
  if (file.modified === null) return;
  const seconds = Number(fileTimeNanoseconds(file.modified) / 1_000n) / 1_000_000;
  await utimes(target, seconds, seconds).catch(() => undefined);
}

function placing(error: unknown, fallback: string | undefined): unknown {
  const reason = entryProblem(error) ?? fallback;
  return reason === undefined ? error : new NotPlaced(reason);
}
