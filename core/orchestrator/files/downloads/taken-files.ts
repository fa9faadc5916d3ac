import type { TakenFile } from '../../../contract/index.ts';
import type { Database } from '../../../db/index.ts';
import type { SavedFile } from '../../../files/index.ts';
import type { CountedPart } from './count-selection.ts';

/** Written to the database so many at a time. */
const batchSize = 500;

/** Records the files of a saved folder with their hashes, each under the selected item that it came with. */
export function takenFiles(database: Database, parts: readonly CountedPart[]) {
  const waiting = new Map<string, TakenFile[]>();
  const owners = new Map(
    parts.flatMap(({ takenId, names }) => [...names].map((name) => [name, takenId] as const)),
  );
  const write = (takenId: string): void => {
    database.takenItems.addFiles(takenId, waiting.get(takenId) ?? []);
    waiting.delete(takenId);
  };
  return {
    add({ relativePath, bytes, sha256 }: SavedFile): void {
      const takenId = owners.get(relativePath.split('/', 1)[0] ?? '');
      if (takenId === undefined) return;
      const files = waiting.get(takenId) ?? [];
      files.push({ path: relativePath, bytes, sha256 });
      waiting.set(takenId, files);
      if (files.length >= batchSize) write(takenId);
    },
    flush(): void {
      for (const takenId of [...waiting.keys()]) write(takenId);
    },
  };
}
