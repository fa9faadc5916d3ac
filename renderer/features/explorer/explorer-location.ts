import { z } from 'zod';
import {
  type FilePlace,
  type FileSearchQuery,
  type FileVolume,
  fileKindSchema,
} from '../../../core/contract/index.ts';

/** Where the explorer is, kept in the page's address, so that back, forward and a copied address work. */
export const explorerLocationSchema = z.object({
  volume: z.string().optional().catch(undefined),
  path: z.string().startsWith('/').optional().catch(undefined),
  /** The entry to be shown as selected: a path in the folder. */
  select: z.string().optional().catch(undefined),
  filter: z.string().max(500).optional().catch(undefined),
  /** Searching, for this text; the fields below narrow the search. */
  find: z.string().max(1000).optional().catch(undefined),
  within: z.enum(['folder', 'volume', 'all']).optional().catch(undefined),
  kind: fileKindSchema.optional().catch(undefined),
  size: z.enum(['empty', 'small', 'medium', 'large', 'huge']).optional().catch(undefined),
  from: z.iso.date().optional().catch(undefined),
  to: z.iso.date().optional().catch(undefined),
});
export type ExplorerLocation = z.infer<typeof explorerLocationSchema>;

/** The volume to begin with: where the guest's system is, else the largest one that can be read. */
export function firstVolume(volumes: readonly FileVolume[]): FileVolume | undefined {
  const readable = volumes.filter((volume) => volume.readable && !volume.incidental);
  const system = readable.find(({ guestPlaces }) => guestPlaces.some((place) => /^(\/|c:\\?)$/i.test(place)));
  const largestFirst = readable.toSorted((one, other) => other.sizeBytes - one.sizeBytes);
  return system ?? largestFirst[0] ?? volumes.find((volume) => volume.readable);
}

/** The folder that is open; an address that names a volume which is not there means the first one. */
export function placeAt(location: ExplorerLocation, volumes: readonly FileVolume[]): FilePlace | null {
  const named = volumes.find(({ id, readable }) => id === location.volume && readable);
  if (named !== undefined) return { volumeId: named.id, path: location.path ?? '/' };
  const first = firstVolume(volumes);
  return first === undefined ? null : { volumeId: first.id, path: '/' };
}

const mib = 1024 ** 2;
const sizes: Record<NonNullable<ExplorerLocation['size']>, Pick<FileSearchQuery, 'minBytes' | 'maxBytes'>> = {
  empty: { maxBytes: 0 },
  small: { minBytes: 1, maxBytes: mib },
  medium: { minBytes: mib, maxBytes: 100 * mib },
  large: { minBytes: 100 * mib, maxBytes: 1024 * mib },
  huge: { minBytes: 1024 * mib },
};

/** The search that the address asks for; null while there is nothing to search for. */
export function searchAt(
  location: ExplorerLocation,
  place: FilePlace,
): Omit<FileSearchQuery, 'limit'> | null {
  const { find, within = 'volume', kind, size, from, to } = location;
  if (find === undefined) return null;
  if (
    find.trim() === '' &&
    kind === undefined &&
    size === undefined &&
    from === undefined &&
    to === undefined
  )
    return null;
  return {
    text: find.trim(),
    below: within === 'folder' ? place.path : '/',
    ...(within === 'all' ? {} : { volumeId: place.volumeId }),
    ...(kind === undefined ? {} : { kind }),
    ...(size === undefined ? {} : sizes[size]),
    ...(from === undefined ? {} : { modifiedFrom: new Date(`${from}T00:00:00`).toISOString() }),
    ...(to === undefined ? {} : { modifiedTo: new Date(`${to}T23:59:59.999`).toISOString() }),
  };
}
