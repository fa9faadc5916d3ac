import type { PageBlobClient } from '@azure/storage-blob';
import { AppError } from '../contract/index.ts';
import { readAll, readAllInto } from './read-all.ts';
import { perUrl, type SasSource } from './sas-source.ts';
import { noSdkRetries, type RetryOptions, serviceCodeOf, statusOf, withRetries } from './storage-retry.ts';

/** A part of a disk that holds data, or (in a comparison) that was cleared to zeros. */
export interface PageArea {
  readonly offset: number;
  readonly length: number;
  readonly cleared: boolean;
}

/** The bytes behind a managed disk's or snapshot's SAS. Every call may run many times at once. */
export interface DiskData {
  /** Bytes behind the SAS: the disk and the 512-byte VHD footer that Azure shows after it. */
  size(signal: AbortSignal): Promise<number>;
  /** Exactly `length` bytes. */
  read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Fills all of `target`, which may be shared with threads; after a failure it holds anything. */
  readInto(offset: number, target: Uint8Array, signal: AbortSignal): Promise<void>;
  /** At most 4 MiB, offset and length multiples of 512 (limits of Put Page). */
  write(offset: number, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Areas that hold data, ascending. */
  allocated(signal: AbortSignal): Promise<PageArea[]>;
  /**
   * Areas that changed or were cleared since the snapshot behind `previous`, ascending. `not-supported` when Azure
   * cannot compare the two (another family, or a resize in between): read the allocated areas then.
   */
  changedSince(previous: SasSource, signal: AbortSignal): Promise<PageArea[]>;
}

/** Most entries in one answer of Get Page Ranges (REST reference, version 2020-10-02 and later). */
const entriesPerAnswer = 10_000;

export function openDiskData(source: SasSource, options: RetryOptions = {}): DiskData {
  const open = perUrl(source, async (url) => {
    const { AnonymousCredential, PageBlobClient } = await import('@azure/storage-blob');
    return new PageBlobClient(url, new AnonymousCredential(), noSdkRetries);
  });
  const run = <T>(action: string, signal: AbortSignal, call: (client: PageBlobClient) => Promise<T>) =>
    withRetries({
      action,
      options,
      signal,
      call: async () => call(await open()),
      renew: () => source.renew(signal),
    });
  const size = (signal: AbortSignal): Promise<number> =>
    run('look at the disk', signal, async (client) => {
      const properties = await client.getProperties({ abortSignal: signal });
      return properties.contentLength ?? 0;
    });

  return {
    size,
    read: (offset, length, signal) =>
      run('read the disk', signal, async (client) => {
        const answer = await client.download(offset, length, { abortSignal: signal });
        const bytes = await readAll(answer.readableStreamBody, answer.contentLength);
        if (bytes.length !== length) throw shortRead(offset, length, bytes.length);
        return bytes;
      }),
    readInto: (offset, target, signal) =>
      run('read the disk', signal, async (client) => {
        const answer = await client.download(offset, target.length, { abortSignal: signal });
        if (answer.contentLength !== target.length)
          throw shortRead(offset, target.length, answer.contentLength ?? 0);
        await readAllInto(answer.readableStreamBody, target);
      }),
    write: (offset, bytes, signal) =>
      run('write the disk', signal, async (client) => {
        await client.uploadPages(
          Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
          offset,
          bytes.length,
          {
            abortSignal: signal,
          },
        );
      }),
    allocated: (signal) =>
      run('read which areas of the disk hold data', signal, (client) => allocatedAreas(client, signal)),
    changedSince: async (previous, signal) => {
      const end = await size(signal);
      return collectChanges(end, (offset, count) =>
        withRetries({
          action: 'compare two snapshots of the disk',
          options,
          signal,
          renew: async () => {
            await Promise.all([source.renew(signal), previous.renew(signal)]);
          },
          call: async () => changesIn(await open(), { offset, count, previous: previous.current(), signal }),
        }),
      );
    },
  };
}

function shortRead(offset: number, length: number, got: number): AppError {
  return new AppError('azure-failed', {
    message: `A disk gave ${got} bytes instead of ${length} at offset ${offset}.`,
    hint: 'Try again.',
    retryable: true,
  });
}

async function allocatedAreas(client: PageBlobClient, signal: AbortSignal): Promise<PageArea[]> {
  const areas: PageArea[] = [];
  // Unlike getPageRanges, the paged list gives first and last byte and follows the continuation markers.
  for await (const { start, end } of client.listPageRanges(0, undefined, { abortSignal: signal }))
    areas.push({ offset: start, length: end - start + 1, cleared: false });
  return areas;
}

interface ComparedRange {
  readonly offset: number;
  readonly count: number;
  readonly previous: string;
  readonly signal: AbortSignal;
}

async function changesIn(client: PageBlobClient, range: ComparedRange): Promise<PageArea[]> {
  try {
    const answer = await client.getPageRangesDiffForManagedDisks(range.offset, range.count, range.previous, {
      abortSignal: range.signal,
    });
    const areas = [
      ...(answer.pageRange ?? []).map((area) => pageArea(area.offset, area.count, false)),
      ...(answer.clearRange ?? []).map((area) => pageArea(area.offset, area.count, true)),
    ];
    return areas.sort((left, right) => left.offset - right.offset);
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status !== 400 && status !== 409 && status !== 404) throw thrown;
    throw new AppError('not-supported', {
      message: 'Azure cannot compare this snapshot with the previous one.',
      hint: 'The disk is read in full instead.',
      details: { azureCode: serviceCodeOf(thrown) },
      cause: thrown,
    });
  }
}

/** The SDK gives counts one too small (last minus first byte); pages are 512 bytes, which shows it. */
export function pageArea(offset: number, count: number | undefined, cleared: boolean): PageArea {
  const length = count ?? 0;
  return { offset, length: length % 512 === 511 ? length + 1 : length, cleared };
}

/**
 * All answers of a comparison of `end` bytes. The SDK offers no continuation for this call, and one answer has at most
 * 10,000 entries: after a full one, the rest of the disk is asked for from behind the last entry.
 */
export async function collectChanges(
  end: number,
  ask: (offset: number, count: number) => Promise<readonly PageArea[]>,
  limit = entriesPerAnswer,
): Promise<PageArea[]> {
  const all: PageArea[] = [];
  let offset = 0;
  while (offset < end) {
    const areas = await ask(offset, end - offset);
    all.push(...areas);
    const last = areas.at(-1);
    if (last === undefined || areas.length < limit) break;
    offset = last.offset + last.length;
  }
  return all;
}
