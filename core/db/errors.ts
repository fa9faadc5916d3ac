import { AppError, type AppErrorInit, type ErrorCode } from '../contract/index.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

/** SQLite's primary result codes that an operator can do something about (sqlite.org/rescode.html). */
const meanings: ReadonlyMap<number, Meaning> = new Map([
  [
    5,
    {
      code: 'conflict',
      message: 'The database is in use by another process.',
      hint: 'Close the other Cairn that uses the same data folder.',
      retryable: true,
    },
  ],
  [
    8,
    {
      code: 'permission-denied',
      message: 'The database cannot be written.',
      hint: 'Give this user the right to write in the data folder.',
    },
  ],
  [
    11,
    {
      code: 'damaged',
      message: 'The database file is damaged.',
      hint: 'Restore the data folder from a copy, or start with an empty one and attach the repositories again.',
    },
  ],
  [
    13,
    {
      code: 'internal',
      message: 'The disk that holds the database is full.',
      hint: 'Free some space on the disk of the data folder; running sessions go on at the next start.',
      retryable: true,
    },
  ],
  [
    14,
    {
      code: 'permission-denied',
      message: 'The database cannot be opened.',
      hint: 'Check that the data folder exists and that this user may write in it.',
    },
  ],
  [
    26,
    {
      code: 'damaged',
      message: 'The database file is not a database.',
      hint: 'Restore the data folder from a copy, or start with an empty one and attach the repositories again.',
    },
  ],
]);

/** Whatever SQLite threw, as an AppError; an AppError passes unchanged. */
export function toDatabaseError(thrown: unknown, file: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const resultCode = primaryCode(thrown);
  const meaning = meanings.get(resultCode);
  const init: AppErrorInit = {
    message: meaning?.message ?? 'The database refused a request.',
    hint: meaning?.hint ?? 'Report this with the details shown here.',
    retryable: meaning?.retryable ?? false,
    details: { file, sqlite: String(resultCode), reason: reason.slice(0, 300) },
    cause: thrown,
  };
  return new AppError(meaning?.code ?? 'internal', init);
}

/** The low byte of an extended result code; 0 when the error is not SQLite's. */
function primaryCode(thrown: unknown): number {
  if (typeof thrown !== 'object' || thrown === null || !('errcode' in thrown)) return 0;
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : 0;
}
