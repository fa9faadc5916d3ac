import { z } from 'zod';
import {
  type ErrorRecord,
  errorRecordSchema,
  type Session,
  type SessionKind,
  type SessionState,
  type Step,
  sessionSchema,
  stepSchema,
} from '../contract/index.ts';
import { activeSessionStates } from '../domain/index.ts';
import type { Connection, Row } from './connection.ts';
import { readDocument, readOptional, resourceKey } from './document.ts';

/** How a session is going to end, written before it cleans up, so that a crash in between changes nothing. */
export const outcomeSchema = z.object({
  state: z.enum(['failed', 'cancelled']),
  error: errorRecordSchema,
});
export type Outcome = { readonly state: 'failed' | 'cancelled'; readonly error: ErrorRecord };

export interface SessionRecord {
  readonly session: Session;
  /** Two sessions with the same key never run at the same time. */
  readonly exclusiveKey: string;
  /** What it was asked to do; checked by the program that runs it. */
  readonly input: unknown;
  /** What its finished steps found out. */
  readonly memory: unknown;
  readonly outcome: Outcome | null;
}

export interface SessionFilter {
  readonly kind?: SessionKind | undefined;
  readonly resourceId?: string | undefined;
  readonly repositoryId?: string | undefined;
  readonly active?: boolean | undefined;
  readonly limit: number;
}

export interface SessionStore {
  /** Newest first. */
  list(filter: SessionFilter): readonly Session[];
  find(id: string): SessionRecord | null;
  /** Sessions that have not ended, oldest first. */
  unfinished(): readonly SessionRecord[];
  /** The session that holds this key now, if any. */
  holder(exclusiveKey: string): Session | null;
  /** The newest ended session of that kind and resource. */
  lastEnded(kind: SessionKind, resourceId: string): Session | null;
  insert(record: SessionRecord): void;
  /** Writes the session and all its steps. */
  save(session: Session): void;
  remember(id: string, memory: unknown): void;
  setOutcome(id: string, outcome: Outcome): void;
}

const documentSchema = sessionSchema.omit({ steps: true });

export function sessionStore(connection: Connection): SessionStore {
  const stepsOf = (id: string): Step[] =>
    connection
      .all('SELECT document FROM steps WHERE session_id = ? ORDER BY position', id)
      .map((row) => readDocument(stepSchema, row['document'], 'step'));
  const readSession = (row: Row): Session => {
    const document = readDocument(documentSchema, row['document'], 'session');
    return { ...document, steps: stepsOf(document.id) };
  };
  const readRecord = (row: Row): SessionRecord => ({
    session: readSession(row),
    exclusiveKey: String(row['exclusive_key']),
    input: readDocument(z.unknown(), row['input'], 'session'),
    memory: readDocument(z.unknown(), row['memory'], 'session'),
    outcome: readOptional(outcomeSchema, row['outcome'], 'session'),
  });
  const saveSteps = (session: Session): void => {
    session.steps.forEach((step, position) => {
      connection.run(
        `INSERT INTO steps (session_id, position, document) VALUES (?, ?, ?)
         ON CONFLICT (session_id, position) DO UPDATE SET document = excluded.document`,
        session.id,
        position,
        JSON.stringify(step),
      );
    });
  };
  return {
    list: (filter) =>
      connection
        .all(
          `SELECT document FROM sessions
           WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR resource_key = ?2)
             AND (?3 IS NULL OR repository_id = ?3)
             AND (?4 IS NULL OR (state IN (SELECT value FROM json_each(?5))) = ?4)
           ORDER BY created_at DESC, rowid DESC LIMIT ?6`,
          filter.kind ?? null,
          filter.resourceId === undefined ? null : resourceKey(filter.resourceId),
          filter.repositoryId ?? null,
          filter.active === undefined ? null : Number(filter.active),
          activeStatesJson,
          filter.limit,
        )
        .map(readSession),
    find(id) {
      const row = connection.get('SELECT * FROM sessions WHERE id = ?', id);
      return row ? readRecord(row) : null;
    },
    unfinished: () =>
      connection
        .all(
          'SELECT * FROM sessions WHERE state IN (SELECT value FROM json_each(?)) ORDER BY created_at, rowid',
          activeStatesJson,
        )
        .map(readRecord),
    holder(exclusiveKey) {
      const row = connection.get(
        `SELECT document FROM sessions WHERE exclusive_key = ? AND state IN (SELECT value FROM json_each(?))`,
        exclusiveKey,
        activeStatesJson,
      );
      return row ? readSession(row) : null;
    },
    lastEnded(kind, resourceId) {
      const row = connection.get(
        `SELECT document FROM sessions WHERE kind = ? AND resource_key = ?
           AND state NOT IN (SELECT value FROM json_each(?)) ORDER BY created_at DESC, rowid DESC LIMIT 1`,
        kind,
        resourceKey(resourceId),
        activeStatesJson,
      );
      return row ? readSession(row) : null;
    },
    insert(record) {
      const { session } = record;
      connection.transaction(() => {
        connection.run(
          `INSERT INTO sessions (id, kind, state, exclusive_key, resource_key, repository_id, created_at,
             document, input, memory, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
          session.id,
          session.kind,
          session.state,
          record.exclusiveKey,
          session.resourceId === null ? null : resourceKey(session.resourceId),
          session.repositoryId,
          session.createdAt,
          documentOf(session),
          JSON.stringify(record.input),
          JSON.stringify(record.memory),
        );
        saveSteps(session);
      });
    },
    save(session) {
      connection.transaction(() => {
        connection.run(
          'UPDATE sessions SET state = ?, repository_id = ?, document = ? WHERE id = ?',
          session.state,
          session.repositoryId,
          documentOf(session),
          session.id,
        );
        saveSteps(session);
      });
    },
    remember(id, memory) {
      connection.run('UPDATE sessions SET memory = ? WHERE id = ?', JSON.stringify(memory), id);
    },
    setOutcome(id, outcome) {
      connection.run('UPDATE sessions SET outcome = ? WHERE id = ?', JSON.stringify(outcome), id);
    },
  };
}

const activeStatesJson = JSON.stringify(activeSessionStates satisfies readonly SessionState[]);

function documentOf(session: Session): string {
  const { steps: _, ...document } = session;
  return JSON.stringify(document);
}
