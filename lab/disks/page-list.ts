import { BlobError } from './blob-error.ts';
import type { MapRange } from './chunk-map.ts';
import type { GrantBook } from './grant-book.ts';
import type { Volume } from './volume.ts';

/** Most entries of one answer of Get Page Ranges. */
export const MAX_PAGE_RANGES = 10_000;

const FOUR_TIB = 4 * 1024 ** 4;

export interface ByteSpan {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface PageListRequest {
  readonly volume: Volume;
  /** Snapshot that the caller already has; without it every range in use is listed. */
  readonly previous: Volume | undefined;
  readonly span: ByteSpan;
  readonly maxResults: number;
  /** Byte offset where the answer before ended. */
  readonly marker: number;
}

/** One answer of Get Page Ranges (with `previous`: Get Page Ranges Diff), as XML. */
export function pageListXml(request: PageListRequest): string {
  const entries: string[] = [];
  let next = '';
  for (const range of rangesWithin(request)) {
    if (entries.length === request.maxResults) {
      next = String(range.start);
      break;
    }
    const tag = range.kind === 'data' ? 'PageRange' : 'ClearRange';
    entries.push(`<${tag}><Start>${range.start}</Start><End>${range.end - 1}</End></${tag}>`);
  }
  return `\ufeff<?xml version="1.0" encoding="utf-8"?><PageList>${entries.join('')}<NextMarker>${next}</NextMarker></PageList>`;
}

function* rangesWithin(request: PageListRequest): Generator<MapRange> {
  const { volume, previous, span } = request;
  const from = Math.max(span.start, request.marker);
  const ranges =
    previous === undefined ? volume.map.allocated(from) : volume.map.changedSince(previous.map, from);
  for (const range of withFooter(ranges, volume, previous)) {
    const start = Math.max(range.start, from);
    const end = Math.min(range.end, span.end);
    if (start < end) yield { ...range, start, end };
  }
}

/** The footer counts as data; it only differs between snapshots when the size does. */
function* withFooter(
  ranges: Iterable<MapRange>,
  volume: Volume,
  previous: Volume | undefined,
): Generator<MapRange> {
  for (const range of ranges) yield { ...range, end: Math.min(range.end, volume.sizeBytes) };
  const unwritten = volume.upload && volume.footer === undefined;
  if (unwritten || previous?.sizeBytes === volume.sizeBytes) return;
  yield { start: volume.sizeBytes, end: volume.blobBytes, kind: 'data' };
}

/**
 * The snapshot behind `x-ms-previous-snapshot-url`. Refused as Azure does: without a valid SAS, outside the snapshot
 * family, for a newer snapshot, and across the 4 TiB border.
 */
export function previousSnapshot(
  url: string,
  volume: Volume,
  deps: { origin: string; grants: GrantBook; find: (uniqueId: string) => Volume | undefined },
): Volume {
  if (!URL.canParse(url) || new URL(url).origin !== deps.origin) {
    throw new BlobError(
      400,
      'InvalidHeaderValue',
      'The value for one of the HTTP headers is not in the correct format.',
    );
  }
  const { pathname, searchParams } = new URL(url);
  const grant = deps.grants.check(pathname, searchParams);
  const previous = grant === undefined ? undefined : deps.find(grant.uniqueId);
  if (previous === undefined) {
    throw new BlobError(403, 'AuthenticationFailed', 'The previous snapshot URL is not authorized.');
  }
  refuseIncomparable(volume, previous);
  return previous;
}

function refuseIncomparable(volume: Volume, previous: Volume): void {
  const { familyId, sequence } = volume.identity;
  if (familyId === undefined || previous.identity.familyId !== familyId) {
    throw new BlobError(
      409,
      'PreviousSnapshotOperationNotSupported',
      'The previous snapshot does not belong to the same incremental snapshot family.',
    );
  }
  if (previous.identity.sequence > sequence) {
    throw new BlobError(
      409,
      'PreviousSnapshotCannotBeNewer',
      'The previous snapshot is newer than the snapshot.',
    );
  }
  if (previous.sizeBytes <= FOUR_TIB !== volume.sizeBytes <= FOUR_TIB) {
    throw new BlobError(
      409,
      'PreviousSnapshotOperationNotSupported',
      'The disk was resized across 4 TiB between the two snapshots.',
    );
  }
}
