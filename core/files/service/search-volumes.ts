import {
  AppError,
  type FilePlace,
  type FileSearchQuery,
  type FileSearchResult,
} from '../../contract/index.ts';
import type { NodeId, SearchHit, SearchQuery, Volume } from '../../volumes/index.ts';
import { invalidInput } from '../file-errors.ts';
import { normalPath } from './file-path.ts';
import { fileTimeText } from './file-time.ts';
import type { OpenPoint } from './open-point.ts';
import type { VolumeIndexes } from './volume-indexes.ts';

/** Searches what is indexed of one volume or of all; what is not indexed yet is begun. */
export async function searchVolumes(
  point: OpenPoint,
  indexes: VolumeIndexes,
  query: FileSearchQuery,
  signal: AbortSignal,
): Promise<FileSearchResult> {
  const volumes =
    query.volumeId === undefined
      ? point.volumes.filter(({ readable }) => readable)
      : [point.readableVolume(query.volumeId)];
  const found = volumes.map((volume) => indexes.of(volume));
  const hits: FileSearchResult['hits'] = [];
  let more = false;
  for (const { volume, index } of found) {
    const wanted = index === undefined ? undefined : await volumeQuery(point, volume, query, signal);
    if (index === undefined || wanted === undefined) continue;
    const room = query.limit - hits.length;
    const result = await index.search({ ...wanted, limit: Math.max(1, room) }, signal);
    hits.push(...result.hits.slice(0, room).map((hit) => shownHit(volume.facts.id, hit)));
    more ||= result.more || result.hits.length > room;
    if (more) break;
  }
  return { indexes: found.map(({ state }) => state), hits, more };
}

/** Undefined when the folder to search below is not on this volume but may be on others. */
async function volumeQuery(
  point: OpenPoint,
  volume: Volume,
  query: FileSearchQuery,
  signal: AbortSignal,
): Promise<Omit<SearchQuery, 'limit'> | undefined> {
  const { text, kind, minBytes, maxBytes, modifiedFrom, modifiedTo } = query;
  const below = await searchedFolder(point, { volumeId: volume.facts.id, path: query.below }, signal);
  if (below === null && query.volumeId === undefined) return undefined;
  if (below === null) throw invalidInput('below', 'names no folder of this volume');
  return {
    text,
    ...(below === undefined ? {} : { below }),
    ...(kind === undefined ? {} : { kind }),
    ...(minBytes === undefined ? {} : { minSize: minBytes }),
    ...(maxBytes === undefined ? {} : { maxSize: maxBytes }),
    ...(modifiedFrom === undefined ? {} : { modifiedFrom: Date.parse(modifiedFrom) }),
    ...(modifiedTo === undefined ? {} : { modifiedTo: Date.parse(modifiedTo) }),
  };
}

/** Undefined for the whole volume, null when it has no such folder. */
async function searchedFolder(
  point: OpenPoint,
  place: FilePlace,
  signal: AbortSignal,
): Promise<NodeId | undefined | null> {
  if (normalPath(place.path) === '/') return undefined;
  try {
    return await point.node(place, signal);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return null;
    throw error;
  }
}

function shownHit(volumeId: string, hit: SearchHit): FileSearchResult['hits'][number] {
  const { path, kind, size, modified } = hit;
  const time = modified === undefined ? null : fileTimeText(BigInt(Math.round(modified)) * 1_000_000n);
  return { volumeId, path, kind, sizeBytes: size, modified: time };
}
