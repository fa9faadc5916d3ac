import { AppError } from '../../contract/index.ts';
import type { FileRoadOpener } from './road.ts';

/** Core reads the repository itself: no worker, no cost, open within about a second. */
export function directRoad(): FileRoadOpener {
  return {
    async open() {
      throw new AppError('not-supported', { message: 'Restore points cannot be opened yet.' });
    },
    remove: async () => undefined,
  };
}
