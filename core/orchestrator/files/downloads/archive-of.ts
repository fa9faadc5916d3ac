import type { FileService } from '../../../files/index.ts';
import { archiveSelection } from '../../../files/index.ts';
import type { UsedRecovery } from '../file-recovery-service.ts';

export interface ArchiveEvents {
  /** Bytes of content that went in so far; only where core makes the archive itself. */
  readonly onContent: (bytes: number) => void;
  /** Something could not be taken along. */
  readonly onLeftOut: (path: string, reason: string) => void;
}

/**
 * Makes archives of an open point. A worker makes them where the data is; on the direct road they are made here, so that
 * what becomes of each file is known.
 */
export function archiveOf(
  { service, worker }: UsedRecovery,
  { onContent, onLeftOut }: ArchiveEvents,
): FileService['archive'] {
  if (worker) return service.archive;
  return (selection, format, signal) => {
    let bytes = 0;
    const counted: Pick<FileService, 'walk' | 'read' | 'details'> = {
      walk: service.walk,
      details: service.details,
      async *read(request, stop) {
        for await (const piece of service.read(request, stop)) {
          bytes += piece.length;
          onContent(bytes);
          yield piece;
        }
      },
    };
    return archiveSelection(counted, { selection, format, onLeftOut }, signal);
  };
}
