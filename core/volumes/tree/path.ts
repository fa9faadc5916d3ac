import { invalidInput } from '../disk/index.ts';

/** The parts of a path inside of a volume, as safe texts; `/` and the empty path are the root. */
export function splitPath(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length > 4096) throw invalidInput('path', 'has too many parts');
  if (parts.some((part) => part === '.' || part === '..'))
    throw invalidInput('path', 'may not contain "." or ".." parts');
  return parts;
}

export function joinPath(directory: string, name: string): string {
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`;
}
