import { type AppError, toAppError } from '../../contract/index.ts';
import type { FileService } from '../../files/index.ts';

export interface ServiceUse {
  /** The service of this moment; throws when there is none. */
  readonly service: () => FileService;
  /** Called at every use: each call, and each piece of a stream. */
  readonly onUse: () => void;
  /** Says in the operator's words what went wrong. */
  readonly explain: (error: AppError) => Promise<AppError>;
}

/** The same service, with every use noticed and every error explained. Closing it is its owner's. */
export function usedService({ service, onUse, explain }: ServiceUse): FileService {
  const once = async <T>(work: (service: FileService) => Promise<T>): Promise<T> => {
    onUse();
    try {
      return await work(service());
    } catch (thrown) {
      throw await explain(toAppError(thrown));
    }
  };
  async function* pieces<T>(open: (service: FileService) => AsyncIterable<T>): AsyncGenerator<T> {
    onUse();
    try {
      for await (const piece of open(service())) {
        yield piece;
        onUse();
      }
    } catch (thrown) {
      throw await explain(toAppError(thrown));
    }
  }
  return {
    volumes: (signal) => once((used) => used.volumes(signal)),
    list: (query, signal) => once((used) => used.list(query, signal)),
    details: (place, signal) => once((used) => used.details(place, signal)),
    search: (query, signal) => once((used) => used.search(query, signal)),
    read: (request, signal) => pieces((used) => used.read(request, signal)),
    walk: (selection, signal) => pieces((used) => used.walk(selection, signal)),
    archive: (selection, format, signal) => pieces((used) => used.archive(selection, format, signal)),
    close: async () => undefined,
  };
}
