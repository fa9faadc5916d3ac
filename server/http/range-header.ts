import type { DownloadRange } from '../../core/host.ts';

/**
 * One range `bytes=START-` or `bytes=START-END`; null for none, and for forms that are not offered (several ranges, the last
 * N bytes): RFC 9110 section 14.2 lets a server answer those with the whole.
 */
export function parseRange(header: string | undefined): DownloadRange | null {
  const found = /^bytes=(\d{1,16})-(\d{0,16})$/.exec(header ?? '');
  if (found === null) return null;
  const start = Number(found[1]);
  const end = found[2] === '' ? null : Number(found[2]);
  if (!Number.isSafeInteger(start) || (end !== null && (!Number.isSafeInteger(end) || end < start)))
    return null;
  return { start, end };
}
