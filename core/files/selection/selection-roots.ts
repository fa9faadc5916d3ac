import type { FilePlace, FileSelection, FileVolume } from '../../contract/index.ts';
import { nameOf, partsOf } from '../service/file-path.ts';

/** One selected item and the name under which it is taken along. */
export interface SelectionRoot extends FilePlace {
  readonly relativePath: string;
}

/**
 * The items of a selection, each once: not what lies below another selected item, and no two under one name (a second
 * `a.txt` becomes `a (2).txt`). A volume's root is taken along under what the guest calls the volume.
 */
export function selectionRoots(
  selection: FileSelection,
  volumeOf: (volumeId: string) => FileVolume,
): SelectionRoot[] {
  const items = selection.map(({ volumeId, path }) => {
    const parts = partsOf(path);
    const { caseSensitive } = volumeOf(volumeId);
    return { volumeId, parts, keys: keysDownTo(volumeId, caseSensitive ? parts : parts.map(folded)) };
  });
  const selected = new Set(items.map(({ keys }) => keys.at(-1)));
  const taken = new Set<string>();
  const names = new Set<string>();
  return items.flatMap(({ volumeId, parts, keys }) => {
    const own = keys.at(-1) ?? '';
    if (taken.has(own) || keys.slice(0, -1).some((above) => selected.has(above))) return [];
    taken.add(own);
    const path = `/${parts.join('/')}`;
    return [
      { volumeId, path, relativePath: freeName(names, nameOf(path) || volumeFolder(volumeOf(volumeId))) },
    ];
  });
}

/** One key for each folder from the volume's root down to the place itself. */
function keysDownTo(volumeId: string, parts: readonly string[]): string[] {
  const keys = [`${volumeId}/`];
  for (const part of parts) keys.push(`${keys.at(-1)}/${part}`);
  return keys;
}

function folded(part: string): string {
  return part.toLowerCase();
}

/** `C:` is taken along as `C`, `/var/log` as `var-log`, a volume without such a name under its id. */
function volumeFolder(volume: FileVolume): string {
  const [place = ''] = volume.guestPlaces;
  const name = place.replaceAll(/[:\\/]+/g, '-').replaceAll(/^-+|-+$/g, '');
  return name === '' || name.startsWith('.') ? volume.id : name;
}

/** Names that differ in case only count as the same, because the target may think so. */
function freeName(taken: Set<string>, wanted: string): string {
  const dot = wanted.lastIndexOf('.');
  const [stem, extension] = dot <= 0 ? [wanted, ''] : [wanted.slice(0, dot), wanted.slice(dot)];
  let name = wanted;
  for (let count = 2; taken.has(folded(name)); count++) name = `${stem} (${count})${extension}`;
  taken.add(folded(name));
  return name;
}
