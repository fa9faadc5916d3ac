import { invalidInput } from '../file-errors.ts';

/** The parts of a path within a volume; none for the root. */
export function partsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.some((part) => part === '.' || part === '..'))
    throw invalidInput('path', 'may not contain "." or ".." parts');
  return parts;
}

/** One way to write a path: a slash before every part; the root is `/`. */
export function normalPath(path: string): string {
  return `/${partsOf(path).join('/')}`;
}

/** Its last part; empty for the root. */
export function nameOf(path: string): string {
  return partsOf(path).at(-1) ?? '';
}
