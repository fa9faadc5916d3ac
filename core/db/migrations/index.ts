import { AppError } from '../../contract/index.ts';
import type { Connection } from '../connection.ts';
import { firstTables } from './0001-first-tables.ts';
import { fileRecoveryTables } from './0002-file-recovery.ts';
import type { Migration } from './migration.ts';

/** Every migration, oldest first. A new one is a new file and a new line here. */
export const migrations: readonly Migration[] = [firstTables, fileRecoveryTables];

/**
 * Brings the schema up to date. A database written by a newer Cairn is refused untouched, because an
 * older program would not understand its rows.
 */
export function migrate(connection: Connection, list: readonly Migration[] = migrations): void {
  const found = readVersion(connection);
  const newest = list.at(-1)?.version ?? 0;
  if (found > newest) throw newerSchema(found, newest);
  for (const migration of list.filter(({ version }) => version > found)) {
    connection.transaction(() => {
      connection.execute(migration.sql);
      connection.execute(`PRAGMA user_version = ${migration.version}`);
    });
  }
}

function readVersion(connection: Connection): number {
  return Number(connection.get('PRAGMA user_version')?.['user_version'] ?? 0);
}

function newerSchema(found: number, newest: number): AppError {
  return new AppError('not-supported', {
    message: `The data folder was written by a newer Cairn (schema ${found}; this one knows up to ${newest}).`,
    hint: 'Install that version or a later one, or use another data folder.',
    details: { found: String(found), newest: String(newest) },
  });
}
