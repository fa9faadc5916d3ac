import type { TakenItem } from '../../../contract/index.ts';
import { recordTaken, type TakenPart, takenSentence } from '../taken-record.ts';
import type { DownloadDeps } from './download-deps.ts';
import type { LiveDownload } from './live-download.ts';

/** Writes down that a download took its parts out, for good or in part; also into the session's log. */
export function noteTaken(
  { context, recoveries }: DownloadDeps,
  { value }: LiveDownload,
  taken: {
    readonly parts: readonly TakenPart[];
    readonly outcome: TakenItem['outcome'];
    /** The parts left as they were counted; otherwise what has been done so far tells how much of them did. */
    readonly whole: boolean;
  },
): void {
  const point = context.database.points.find(value.pointId);
  if (!point) return;
  const { outcome, whole } = taken;
  const parts = whole ? taken.parts : cutParts(taken.parts, value.doneFiles, value.doneBytes);
  const occasion = {
    by: context.host.operator,
    sessionId: value.sessionId,
    way: value.target.kind === 'path' ? ('saved' as const) : ('streamed' as const),
    target: value.target.kind === 'path' ? value.target.path : '',
    sha256: value.sha256,
    outcome,
  };
  recordTaken(context, { point, ...occasion }, parts);
  const details: Record<string, string> = value.sha256 === null ? {} : { sha256: value.sha256 };
  recoveries.log(value.sessionId, takenSentence(occasion, parts), details);
}

/** What of the parts had left when it broke off: they leave one after another. */
function cutParts(parts: readonly TakenPart[], doneFiles: number, doneBytes: number): TakenPart[] {
  let [files, bytes] = [doneFiles, doneBytes];
  return parts.map((part) => {
    const cut = { ...part, files: Math.min(part.files, files), bytes: Math.min(part.bytes, bytes) };
    files -= cut.files;
    bytes -= cut.bytes;
    return cut;
  });
}
