import type { Migration } from './migration.ts';

/** The first tables: accounts, estate, repositories, points, sessions, plans, ledger, settings. */
export const firstTables: Migration = {
  version: 1,
  name: 'first tables',
  sql: `
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  added_at TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE subscriptions (
  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (account_id, id)
) STRICT;

CREATE TABLE machines (
  resource_key TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  subscription_id TEXT NOT NULL,
  name TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX machines_by_subscription ON machines (account_id, subscription_id);

CREATE TABLE repositories (
  id TEXT PRIMARY KEY,
  place TEXT NOT NULL UNIQUE,
  added_at TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE points (
  id TEXT PRIMARY KEY,
  resource_key TEXT NOT NULL,
  repository_id TEXT REFERENCES repositories(id) ON DELETE CASCADE,
  taken_at TEXT NOT NULL,
  document TEXT NOT NULL,
  configuration TEXT NOT NULL,
  bases TEXT NOT NULL
) STRICT;
CREATE INDEX points_by_resource ON points (resource_key, repository_id, taken_at);
CREATE INDEX points_by_repository ON points (repository_id, taken_at);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  exclusive_key TEXT NOT NULL,
  resource_key TEXT,
  repository_id TEXT,
  created_at TEXT NOT NULL,
  document TEXT NOT NULL,
  input TEXT NOT NULL,
  memory TEXT NOT NULL,
  outcome TEXT
) STRICT;
CREATE INDEX sessions_by_time ON sessions (created_at);
CREATE INDEX sessions_by_state ON sessions (state);
CREATE INDEX sessions_by_resource ON sessions (resource_key, created_at);

CREATE TABLE steps (
  session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (session_id, position)
) STRICT;

CREATE TABLE log_entries (
  session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (session_id, seq)
) STRICT;

CREATE TABLE plans (
  id TEXT PRIMARY KEY,
  expires_at TEXT NOT NULL,
  document TEXT NOT NULL,
  facts TEXT NOT NULL
) STRICT;

CREATE TABLE ledger (
  resource_key TEXT PRIMARY KEY,
  session_id TEXT,
  account_id TEXT NOT NULL,
  state TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_by_session ON ledger (session_id, sequence);
CREATE INDEX ledger_by_state ON ledger (state);
`,
};
