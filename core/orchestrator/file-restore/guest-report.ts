import { AppError } from '../../contract/index.ts';

/** What the script in the guest did with one file. */
export interface GuestRecord {
  readonly kind: 'written' | 'kept' | 'failed';
  /** Absolute path in the guest, one character per byte (Latin-1): names need not be UTF-8. */
  readonly path: string;
  /** Of the file as it is there now; null for links and other special files, and for failures. */
  readonly sha256: string | null;
  /** Why it failed, else empty. */
  readonly reason: string;
}

const kinds = { W: 'written', K: 'kept', F: 'failed' } as const;

/**
 * Reads the report that the script has left (`guestScript` describes it). The guest is not trusted: throws `damaged`
 * for anything that is not such a report.
 */
export function readGuestReport(bytes: Uint8Array): GuestRecord[] {
  const text = Buffer.from(bytes).toString('latin1');
  if (text === '') return [];
  if (!text.endsWith('\0')) throw unreadable();
  return text.slice(0, -1).split('\0').map(readRecord);
}

function readRecord(record: string): GuestRecord {
  const [, letter, word, path] = /^([WKF])\t([^\t]{1,200})\t(\/[\s\S]*)$/.exec(record) ?? [];
  if (letter === undefined || word === undefined || path === undefined) throw unreadable();
  const kind = kinds[letter as keyof typeof kinds];
  const isHash = /^[0-9a-f]{64}$/.test(word);
  if (kind !== 'failed' && !isHash && word !== '-') throw unreadable();
  return {
    kind,
    path,
    sha256: kind !== 'failed' && isHash ? word : null,
    reason: kind === 'failed' ? word : '',
  };
}

function unreadable(): AppError {
  return new AppError('damaged', {
    message: 'The report that the machine has sent cannot be read.',
    hint: 'Look into the machine: the files may be in their place already.',
  });
}
