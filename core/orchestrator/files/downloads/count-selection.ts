import type { FileSelection } from '../../../contract/index.ts';
import type { FileService } from '../../../files/index.ts';
import type { TakenPart } from '../taken-record.ts';

/** A selected item, and what it takes along. */
export interface CountedPart extends TakenPart {
  /** First parts of the relative paths of what it takes along. */
  readonly names: ReadonlySet<string>;
}

/** How many files, and how many bytes, each item of a selection takes along; in the order of the selection. */
export async function countSelection(
  service: FileService,
  download: { readonly id: string; readonly items: FileSelection },
  signal: AbortSignal,
): Promise<CountedPart[]> {
  const { id, items } = download;
  const parts = items.map((item, index) => emptyPart(item, `${id}-${index}`));
  const partOf = ownerOf(parts);
  for await (const batch of service.walk(items, signal)) {
    for (const entry of batch) {
      const part = partOf(entry);
      if (part === undefined) continue;
      part.names.add(entry.relativePath.split('/', 1)[0] ?? '');
      if (entry.kind === 'directory') continue;
      part.files += 1;
      if (entry.kind === 'file') part.bytes += entry.sizeBytes;
    }
  }
  return parts;
}

type Place = FileSelection[number];

function emptyPart({ volumeId, path }: Place, takenId: string) {
  return { volumeId, path, takenId, files: 0, bytes: 0, names: new Set<string>() };
}

/** The selected item that an entry belongs to: the nearest one above it, or itself. */
function ownerOf<Part extends Place>(parts: readonly Part[]): (entry: Place) => Part | undefined {
  const byPlace = new Map(parts.map((part) => [keyOf(part.volumeId, part.path), part]));
  return ({ volumeId, path }) => {
    for (let at = normal(path); ; at = at.slice(0, at.lastIndexOf('/'))) {
      const found = byPlace.get(keyOf(volumeId, at));
      if (found !== undefined || at === '') return found;
    }
  };
}

function keyOf(volumeId: string, path: string): string {
  return `${volumeId}:${normal(path)}`;
}

/** Without slashes at its ends but one in front; the root is empty. */
function normal(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((part) => `/${part}`).join('');
}
