import type { FilePlace, TakenItem } from '../../contract/index.ts';
import type { PointRecord } from '../../db/index.ts';
import { newId } from '../../domain/index.ts';
import { isoNow, type OrchestratorContext } from '../context.ts';

/** One selected item that left a restore point. */
export interface TakenPart extends FilePlace, Pick<TakenItem, 'files' | 'bytes'> {
  /** Under which it is recorded when it left whole; its files are recorded under it too. */
  readonly takenId?: string;
}

/** What the parts that left together have in common. */
export type TakenOccasion = Pick<TakenItem, 'by' | 'sessionId' | 'way' | 'target' | 'sha256' | 'outcome'> & {
  readonly point: PointRecord;
};

/** Writes down what was taken, by whom and where to. Stays when the session, the point and the machine are gone. */
export function recordTaken(
  context: OrchestratorContext,
  { point, ...occasion }: TakenOccasion,
  parts: readonly TakenPart[],
): void {
  const { database, host, events } = context;
  const { id: pointId, resourceId, resourceName } = point;
  const time = isoNow(context);
  const leftWhole = occasion.outcome === 'done' || occasion.outcome === 'partial';
  database.takenItems.add(
    parts.map((part) => ({
      id: (leftWhole ? part.takenId : undefined) ?? newId(host.random),
      time,
      pointId,
      resourceId,
      resourceName,
      volumeId: part.volumeId,
      path: part.path,
      files: part.files,
      bytes: part.bytes,
      ...occasion,
    })),
  );
  events.changed('file-recovery', occasion.sessionId);
}

/** The same in the words of a session's log. */
export function takenSentence(occasion: Omit<TakenOccasion, 'point'>, parts: readonly TakenPart[]): string {
  const files = parts.reduce((sum, part) => sum + part.files, 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const what = parts.length === 1 ? (parts[0]?.path ?? '') : `${parts.length} items`;
  const target = occasion.target === '' ? '' : ` to ${occasion.target}`;
  const outcome = occasion.outcome === 'done' ? '' : ` (${occasion.outcome})`;
  return `${occasion.by} took ${what}${target}: files ${files}, bytes ${bytes}${outcome}.`;
}
