import { z } from 'zod';
import { AppError, repositorySchema } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { readDocument, resourceKey } from './document.ts';

/** A storage account as it was when it was read. */
export const storageAccountRecordSchema = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  kind: z.string(),
  sku: z.string(),
  blobEndpoint: z.string(),
  queueEndpoint: z.string(),
  tags: z.record(z.string(), z.string()),
  refusal: z.string().nullable(),
});

/** A repository as stored; its counts come from its points, its data key is in the host's secret store. */
export const repositoryRecordSchema = repositorySchema
  .omit({ points: true, resources: true, storedBytes: true, lastPointAt: true })
  .extend({
    /** The id in the repository's own header. */
    engineId: z.string(),
    /** The storage account as it was when the repository was added. */
    account: storageAccountRecordSchema,
    /** Where the data key is kept; null for a repository without encryption. */
    secretKey: z.string().nullable(),
  });
export type RepositoryRecord = z.infer<typeof repositoryRecordSchema>;

export interface RepositoryTotals {
  readonly points: number;
  readonly resources: number;
  readonly storedBytes: number;
  readonly lastPointAt: string | null;
}

export interface RepositoryStore {
  list(): readonly RepositoryRecord[];
  find(id: string): RepositoryRecord | null;
  findByPlace(place: RepositoryPlace): RepositoryRecord | null;
  /** Throws `already-exists` when another repository has the same folder. */
  put(repository: RepositoryRecord): void;
  /** Forgets it and its points; nothing in Azure changes. */
  remove(id: string): void;
}

export interface RepositoryPlace {
  readonly storageAccountId: string;
  readonly container: string;
  readonly folder: string;
}

export function repositoryStore(connection: Connection): RepositoryStore {
  const read = (value: unknown): RepositoryRecord =>
    readDocument(repositoryRecordSchema, value, 'repository');
  const findByPlace = (place: RepositoryPlace): RepositoryRecord | null => {
    const row = connection.get('SELECT document FROM repositories WHERE place = ?', placeKey(place));
    return row ? read(row['document']) : null;
  };
  return {
    list: () =>
      connection
        .all('SELECT document FROM repositories ORDER BY added_at, id')
        .map((row) => read(row['document'])),
    find(id) {
      const row = connection.get('SELECT document FROM repositories WHERE id = ?', id);
      return row ? read(row['document']) : null;
    },
    findByPlace,
    put(repository) {
      connection.transaction(() => {
        const other = findByPlace(repository);
        if (other && other.id !== repository.id) throw placeTaken(other);
        connection.run(
          `INSERT INTO repositories (id, place, added_at, document) VALUES (?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET document = excluded.document`,
          repository.id,
          placeKey(repository),
          repository.addedAt,
          JSON.stringify(repository),
        );
      });
    },
    remove(id) {
      connection.run('DELETE FROM repositories WHERE id = ?', id);
    },
  };
}

function placeKey(place: RepositoryPlace): string {
  return `${resourceKey(place.storageAccountId)}|${place.container}|${place.folder}`;
}

function placeTaken(other: RepositoryRecord): AppError {
  return new AppError('already-exists', {
    message: `This folder is already here as repository "${other.name}".`,
    hint: 'Choose another folder, or use the repository that is there.',
    details: { repositoryId: other.id },
  });
}
