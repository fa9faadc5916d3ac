/** Paths of a volume: parts joined by `/`, from its root `/`. Only core makes and reads the escapes within a part. */

export function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

/** The last part; `/` for the root. */
export function nameOf(path: string): string {
  return partsOf(path).at(-1) ?? '/';
}

/** The folder that a path lies in; the root lies in itself. */
export function parentOf(path: string): string {
  return `/${partsOf(path).slice(0, -1).join('/')}`;
}

/** The root and every folder on the way down to a path, and the path itself. */
export function wayTo(path: string): readonly string[] {
  const parts = partsOf(path);
  return ['/', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)];
}
