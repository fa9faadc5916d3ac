import type { Migration } from './migration.ts';

/**
 * Downloads and the record of what was taken out of restore points. Neither refers to a session by a foreign key: the record
 * stays when the session is forgotten.
 */
export const fileRecoveryTables: Migration = {
  version: 2,
  name: 'file recovery',
  sql: `
CREATE TABLE downloads (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at TEXT NOT NULL,
  document TEXT NOT NULL,
  items TEXT NOT NULL
) STRICT;
CREATE INDEX downloads_by_time ON downloads (created_at);
CREATE INDEX downloads_by_session ON downloads (session_id, created_at);
CREATE INDEX downloads_by_state ON downloads (state);

CREATE TABLE taken_items (
  id TEXT PRIMARY KEY,
  session_id TEXT,
  resource_key TEXT NOT NULL,
  time TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX taken_items_by_time ON taken_items (time);
CREATE INDEX taken_items_by_session ON taken_items (session_id, time);
CREATE INDEX taken_items_by_resource ON taken_items (resource_key, time);

CREATE TABLE taken_files (
  taken_id TEXT NOT NULL,
  path TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  PRIMARY KEY (taken_id, path)
) STRICT, WITHOUT ROWID;
`,
};
