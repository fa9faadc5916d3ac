/** A field of a resource's saved JSON, with or without Resource Manager's `properties` level. */
export function readField(resource: unknown, path: readonly string[]): unknown {
  const direct = walk(resource, path);
  return direct === undefined ? walk(resource, ['properties', ...path]) : direct;
}

/** The same as text; null when it is not there. Numbers become text. */
export function readText(resource: unknown, path: readonly string[]): string | null {
  const value = readField(resource, path);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : null;
}

/** Host caching of a machine's OS disk (`lun` null) or of a data disk. */
export function cachingOf(vm: unknown, lun: number | null): string | null {
  if (lun === null) return readText(vm, ['storageProfile', 'osDisk', 'caching']);
  for (let position = 0; position < 64; position += 1) {
    const at = ['storageProfile', 'dataDisks', String(position)];
    if (readText(vm, [...at, 'lun']) === String(lun)) return readText(vm, [...at, 'caching']);
  }
  return null;
}

function walk(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Object.entries(current).find(([name]) => name === key)?.[1];
  }
  return current;
}
