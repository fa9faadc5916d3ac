import { type Download, downloadSchema, type FileSelection, fileSelectionSchema } from '../contract/index.ts';
import type { Connection, Row } from './connection.ts';
import { readDocument } from './document.ts';

/** A download with what it was asked to bring; speed and time left are not kept. */
export interface DownloadRecord {
  readonly download: Download;
  readonly items: FileSelection;
}

export interface DownloadStore {
  /** Newest first. */
  list(filter: { readonly sessionId?: string | undefined; readonly limit: number }): readonly Download[];
  find(id: string): DownloadRecord | null;
  /** Downloads in one of these states, oldest first. */
  inStates(states: readonly Download['state'][]): readonly DownloadRecord[];
  insert(record: DownloadRecord): void;
  save(download: Download): void;
  remove(id: string): void;
}

export function downloadStore(connection: Connection): DownloadStore {
  const read = (row: Row): Download => readDocument(downloadSchema, row['document'], 'download');
  const readRecord = (row: Row): DownloadRecord => ({
    download: read(row),
    items: readDocument(fileSelectionSchema, row['items'], 'download'),
  });
  return {
    list: ({ sessionId, limit }) =>
      connection
        .all(
          `SELECT document FROM downloads WHERE (?1 IS NULL OR session_id = ?1)
           ORDER BY created_at DESC, rowid DESC LIMIT ?2`,
          sessionId ?? null,
          limit,
        )
        .map(read),
    find(id) {
      const row = connection.get('SELECT document, items FROM downloads WHERE id = ?', id);
      return row ? readRecord(row) : null;
    },
    inStates: (states) =>
      connection
        .all(
          `SELECT document, items FROM downloads WHERE state IN (SELECT value FROM json_each(?))
           ORDER BY created_at, rowid`,
          JSON.stringify(states),
        )
        .map(readRecord),
    insert({ download, items }) {
      connection.run(
        'INSERT INTO downloads (id, session_id, state, created_at, document, items) VALUES (?, ?, ?, ?, ?, ?)',
        download.id,
        download.sessionId,
        download.state,
        download.createdAt,
        JSON.stringify(download),
        JSON.stringify(items),
      );
    },
    save(download) {
      connection.run(
        'UPDATE downloads SET session_id = ?, state = ?, document = ? WHERE id = ?',
        download.sessionId,
        download.state,
        JSON.stringify(download),
        download.id,
      );
    },
    remove(id) {
      connection.run('DELETE FROM downloads WHERE id = ?', id);
    },
  };
}
