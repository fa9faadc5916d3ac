import { AppError, type FilePlace } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';

/** The same files as far as they lie at or below `scope`; everything else is as if it were not there. */
export function scopedFiles(service: FileService, scope: FilePlace): FileService {
  const checked = <P extends FilePlace>(place: P): P => {
    if (!isWithin(place, scope)) throw outside(place);
    return place;
  };
  return {
    async volumes(signal) {
      return (await service.volumes(signal)).filter(({ id }) => id === scope.volumeId);
    },
    list: async (query, signal) => service.list(checked(query), signal),
    details: async (place, signal) => service.details(checked(place), signal),
    async search(query, signal) {
      const { volumeId } = scope;
      const asked = { volumeId: query.volumeId ?? volumeId, path: query.below };
      if (asked.volumeId !== volumeId) throw outside(asked);
      const below = isWithin(asked, scope) ? asked.path : scope.path;
      return service.search({ ...query, volumeId, below }, signal);
    },
    async *read(request, signal) {
      yield* service.read(checked(request), signal);
    },
    async *walk(selection, signal) {
      yield* service.walk(selection.map(checked), signal);
    },
    async *archive(selection, format, signal) {
      yield* service.archive(selection.map(checked), format, signal);
    },
    close: () => service.close(),
  };
}

function isWithin(place: FilePlace, scope: FilePlace): boolean {
  const [inner, outer] = [partsOf(place.path), partsOf(scope.path)];
  if (inner === undefined || outer === undefined || place.volumeId !== scope.volumeId) return false;
  return outer.every((part, index) => inner[index] === part);
}

/** Undefined for a path that tries to walk about. */
function partsOf(path: string): readonly string[] | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.some((part) => part === '.' || part === '..') ? undefined : parts;
}

function outside(place: FilePlace): AppError {
  return new AppError('not-found', {
    message: 'There is nothing of this name here.',
    details: { volumeId: place.volumeId, path: place.path.slice(0, 300) },
  });
}
