import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the parts of this installation lie; the same from a clone and from a built package. */
export interface Installation {
  readonly root: string;
  readonly version: string;
  /** The built console. */
  readonly pages: string;
  /** The built worker package. */
  readonly workerFolder: string;
  /** True in a clone of the source: data then stays in the clone unless told otherwise. */
  readonly isClone: boolean;
}

/** Finds the installation that a file of it, `from`, belongs to. */
export function findInstallation(from: string): Installation {
  for (let folder = path.dirname(from); ; folder = path.dirname(folder)) {
    const version = ownVersion(path.join(folder, 'package.json'));
    if (version !== null)
      return {
        root: folder,
        version,
        pages: path.join(folder, 'dist', 'renderer'),
        workerFolder: path.join(folder, 'dist', 'worker'),
        isClone: from.endsWith('.ts'),
      };
    if (path.dirname(folder) === folder) throw new Error(`${from} is not part of an installation of Cairn.`);
  }
}

function ownVersion(file: string): string | null {
  if (!existsSync(file)) return null;
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
  return name === 'cairn' ? (version ?? '0.0.0') : null;
}
