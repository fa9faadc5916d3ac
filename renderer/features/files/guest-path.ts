import type { FilePlace, FileVolume } from '../../../core/contract/index.ts';
import { partsOf } from './file-path.ts';

/** How the guest itself writes a place: `C:\Users\Ada`, `/srv/data`. What an operator reads, copies and types. */
export function guestPath(volume: FileVolume, path: string): string {
  const parts = partsOf(path);
  const drive = driveOf(volume);
  if (drive !== null) return `${drive}\\${parts.join('\\')}`;
  const mount = mountsOf(volume)[0];
  if (mount === undefined) return `${volume.name}:/${parts.join('/')}`;
  return `/${[...partsOf(mount), ...parts].join('/')}`;
}

/**
 * The place that a typed path means. A drive letter or a mount point names its volume, the longest mount point first;
 * anything else is a path of the volume that is open, or below the folder that is open when it does not begin at a root.
 */
export function placeOfTyped(volumes: readonly FileVolume[], open: FilePlace, typed: string): FilePlace {
  const text = typed.trim().replace(/^"(.*)"$/, '$1');
  const current = volumes.find(({ id }) => id === open.volumeId);
  return (
    onDrive(volumes, text) ??
    onNamed(volumes, text) ??
    (current !== undefined && mountsOf(current).length > 0 ? onMount(volumes, text) : null) ?? {
      volumeId: open.volumeId,
      path: absolute(open.path, current !== undefined && driveOf(current) !== null ? slashed(text) : text),
    }
  );
}

function onDrive(volumes: readonly FileVolume[], text: string): FilePlace | null {
  const [, drive, rest = ''] = /^([a-z]:)(?:[\\/](.*))?$/i.exec(text) ?? [];
  if (drive === undefined) return null;
  const volume = volumes.find((one) => driveOf(one)?.toLowerCase() === drive.toLowerCase());
  return volume === undefined ? null : { volumeId: volume.id, path: absolute('/', slashed(rest)) };
}

/** A volume without a place in the guest is written with its name in front. */
function onNamed(volumes: readonly FileVolume[], text: string): FilePlace | null {
  const volume = volumes.find(
    (one) => driveOf(one) === null && mountsOf(one).length === 0 && text.startsWith(`${one.name}:/`),
  );
  return volume === undefined
    ? null
    : { volumeId: volume.id, path: absolute('/', text.slice(volume.name.length + 1)) };
}

function onMount(volumes: readonly FileVolume[], text: string): FilePlace | null {
  if (!text.startsWith('/')) return null;
  const parts = partsOf(absolute('/', text));
  const mounted = volumes
    .flatMap((volume) => mountsOf(volume).map((mount) => ({ volume, at: partsOf(mount) })))
    .filter(({ at }) => at.every((part, index) => part === parts[index]))
    .sort((one, other) => other.at.length - one.at.length)[0];
  if (mounted === undefined) return null;
  return { volumeId: mounted.volume.id, path: `/${parts.slice(mounted.at.length).join('/')}` };
}

function absolute(folder: string, text: string): string {
  const parts: string[] = text.startsWith('/') ? [] : [...partsOf(folder)];
  for (const part of partsOf(text)) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function driveOf(volume: FileVolume): string | null {
  const drive = volume.guestPlaces.find((place) => /^[a-z]:\\?$/i.test(place));
  return drive?.slice(0, 2) ?? null;
}

function mountsOf(volume: FileVolume): readonly string[] {
  return volume.guestPlaces.filter((place) => place.startsWith('/'));
}

function slashed(text: string): string {
  return text.replaceAll('\\', '/');
}
