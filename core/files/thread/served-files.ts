import type {
  ArchiveFormat,
  FileListQuery,
  FilePlace,
  FileRead,
  FileSearchQuery,
  FileSelection,
} from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import type { PortHandlers } from './port-answerer.ts';
import { copied, type Outgoing, plain } from './port-messages.ts';

/** A file service as answers to the other side of a port. */
export function servedFiles(service: FileService): PortHandlers {
  return {
    calls: {
      volumes: async (_argument: undefined, signal) => plain(await service.volumes(signal)),
      list: async (query: FileListQuery, signal) => plain(await service.list(query, signal)),
      details: async (place: FilePlace, signal) => plain(await service.details(place, signal)),
      search: async (query: FileSearchQuery, signal) => plain(await service.search(query, signal)),
      close: async () => plain(await service.close()),
    },
    streams: {
      // A piece may be a view of a cache, so it is copied.
      read: (request: FileRead, signal) => mapped(service.read(request, signal), copied),
      walk: (selection: FileSelection, signal) => mapped(service.walk(selection, signal), plain),
      archive: (what: { selection: FileSelection; format: ArchiveFormat }, signal) =>
        mapped(service.archive(what.selection, what.format, signal), copied),
    },
  };
}

async function* mapped<Piece>(
  pieces: AsyncIterable<Piece>,
  outgoing: (piece: Piece) => Outgoing,
): AsyncGenerator<Outgoing> {
  for await (const piece of pieces) yield outgoing(piece);
}
