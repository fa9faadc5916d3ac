import type { FileService } from '../files/index.ts';

/** How often a service may be lost: what kills its readers each time stays closed in the end. */
const mostLosses = 5;

/** The files of a service that may die: when it does, another one is opened in its place for the calls to come. */
export function lastingFiles(open: (onLost: () => void) => FileService): FileService {
  let losses = 0;
  const reopened = (): FileService =>
    open(() => {
      losses += 1;
      if (losses <= mostLosses) current = reopened();
    });
  let current = reopened();
  return {
    volumes: (signal) => current.volumes(signal),
    list: (query, signal) => current.list(query, signal),
    details: (place, signal) => current.details(place, signal),
    search: (query, signal) => current.search(query, signal),
    read: (request, signal) => current.read(request, signal),
    walk: (selection, signal) => current.walk(selection, signal),
    archive: (selection, format, signal) => current.archive(selection, format, signal),
    close: () => current.close(),
  };
}
