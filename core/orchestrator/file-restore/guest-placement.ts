import type { FilePlace, FileRestoreTarget, FileSelection, FileVolume } from '../../contract/index.ts';
import { guestPathBytes } from './guest-entry.ts';

/** A folder of the guest and the items that go into it. Paths are safe texts. */
export interface PlacedGroup {
  /** Absolute path in the guest. */
  readonly folder: string;
  readonly items: FileSelection;
  /** Where the folder itself is in the restore point, so that a missing one comes back as it was; null for others. */
  readonly source: FilePlace | null;
}

export interface Placement {
  readonly groups: readonly PlacedGroup[];
  readonly places: readonly { readonly from: FilePlace; readonly to: string }[];
  /** One sentence each; nothing runs while there is one. */
  readonly refusals: readonly string[];
}

/** More folders than this at once make a script too long for the machine's agent. */
const mostFolders = 200;

/** Where in a Linux guest the items of a selection go. */
export function placeItems(
  selection: FileSelection,
  target: FileRestoreTarget,
  volumes: readonly FileVolume[],
): Placement {
  if (target.kind === 'folder') return placeBelow(selection, target.path);
  const groups = new Map<string, { folder: string; items: FilePlace[]; source: FilePlace }>();
  const places: { from: FilePlace; to: string }[] = [];
  const refusals = new Set<string>();
  for (const item of selection) {
    const volume = volumes.find(({ id }) => id === item.volumeId);
    const mount = volume?.guestPlaces.find((place) => place.startsWith('/'));
    if (volume === undefined || mount === undefined) {
      refusals.add(unknownMount(volume?.name ?? item.volumeId));
      continue;
    }
    const parts = item.path.split('/').filter((part) => part !== '');
    if (parts.length === 0) {
      refusals.add(`${volume.name} cannot go back as a whole: choose folders of it, or restore the disk.`);
      continue;
    }
    const above = parts.slice(0, -1);
    const folder = below(mount, above);
    if (guestPathBytes(below(mount, parts)) === undefined) refusals.add(impossible(item.path));
    const group = groups.get(folder) ?? {
      folder,
      items: [],
      source: { volumeId: volume.id, path: `/${above.join('/')}` },
    };
    group.items.push(item);
    groups.set(folder, group);
    places.push({ from: item, to: below(mount, parts) });
  }
  if (groups.size > mostFolders) refusals.add(tooManyFolders);
  return { groups: [...groups.values()], places, refusals: [...refusals] };
}

const tooManyFolders = `Items of more than ${mostFolders} folders cannot go back at once: choose their common folder, or fewer.`;

function placeBelow(selection: FileSelection, path: string): Placement {
  const folder = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const problem = folderProblem(folder);
  return {
    groups: [{ folder, items: selection, source: null }],
    places: selection.map((from) => ({ from, to: below(folder, [from.path.split('/').at(-1) ?? '']) })),
    refusals: problem === null ? [] : [problem],
  };
}

function folderProblem(folder: string): string | null {
  if (!folder.startsWith('/'))
    return 'The target must be an absolute path of the machine, such as /root/recovered.';
  const parts = folder.split('/');
  if (parts.includes('..') || parts.includes('.')) return 'The target may not contain "." or ".." parts.';
  if (guestPathBytes(folder) === undefined) return impossible(folder);
  return /^\/(proc|sys|dev|run)(\/|$)/.test(folder)
    ? `${folder} is not on a disk of the machine; choose another folder.`
    : null;
}

function below(folder: string, parts: readonly string[]): string {
  return [folder === '/' ? '' : folder, ...parts].join('/') || '/';
}

function impossible(path: string): string {
  return `A path like ${path} cannot exist in the machine.`;
}

function unknownMount(name: string): string {
  return `Where the machine mounts ${name} is not known from its /etc/fstab: choose a folder as the target.`;
}
