import { type LogEntry, logEntrySchema } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { readDocument } from './document.ts';

export interface LogStore {
  /** Entries with a greater `seq`, oldest first, at most 1000. */
  list(sessionId: string, after: number): readonly LogEntry[];
  append(sessionId: string, entry: Omit<LogEntry, 'seq'>): void;
}

export function logStore(connection: Connection): LogStore {
  return {
    list: (sessionId, after) =>
      connection
        .all(
          'SELECT document FROM log_entries WHERE session_id = ? AND seq > ? ORDER BY seq LIMIT 1000',
          sessionId,
          after,
        )
        .map((row) => readDocument(logEntrySchema, row['document'], 'log entry')),
    append(sessionId, entry) {
      connection.transaction(() => {
        const last = connection.get(
          'SELECT COALESCE(MAX(seq), 0) AS seq FROM log_entries WHERE session_id = ?',
          sessionId,
        );
        const seq = Number(last?.['seq'] ?? 0) + 1;
        connection.run(
          'INSERT INTO log_entries (session_id, seq, document) VALUES (?, ?, ?)',
          sessionId,
          seq,
          JSON.stringify({ seq, ...entry }),
        );
      });
    },
  };
}
