import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { toDatabaseError } from './errors.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Value = SQLInputValue;

/** The few things the stores do with SQLite. Synchronous: every call is one small local transaction. */
export interface Connection {
  all(sql: string, ...values: Value[]): readonly Row[];
  get(sql: string, ...values: Value[]): Row | undefined;
  /** Answers how many rows changed. */
  run(sql: string, ...values: Value[]): number;
  /** Several statements without values, for migrations. */
  execute(sql: string): void;
  /** All or nothing; may be nested. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens (or creates) the database file. Write-ahead log with full synchronisation: what a store has answered
 * survives a power cut. Throws an AppError that names the file when it cannot be used.
 */
export function openConnection(file: string): Connection {
  const database = guarded(file, () => {
    const opened = new DatabaseSync(file, { timeout: 5000 });
    opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    return opened;
  });
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const made = database.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  let depth = 0;
  return {
    all: (sql, ...values) => guarded(file, () => prepared(sql).all(...values)),
    get: (sql, ...values) => guarded(file, () => prepared(sql).get(...values)),
    run: (sql, ...values) => guarded(file, () => Number(prepared(sql).run(...values).changes)),
    execute: (sql) => guarded(file, () => database.exec(sql)),
    transaction(work) {
      if (depth > 0) return work();
      guarded(file, () => database.exec('BEGIN IMMEDIATE'));
      depth += 1;
      try {
        const result = work();
        guarded(file, () => database.exec('COMMIT'));
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      } finally {
        depth -= 1;
      }
    },
    close() {
      statements.clear();
      database.close();
    },
  };
}

function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toDatabaseError(error, file);
  }
}
