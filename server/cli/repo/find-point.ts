import { AppError } from '../../../core/contract/index.ts';
import { listPoints, type Repository, type RestorePoint } from '../../../core/engine/index.ts';

/** A point by its id, the beginning of one, or `latest`. */
export async function findPoint(repository: Repository, wanted: string): Promise<RestorePoint> {
  const list = await listPoints(repository, undefined, () => undefined);
  const point = wanted === 'latest' ? list.at(-1) : matchingPoint(list, wanted);
  if (point === undefined) throw noSuchPoint(wanted);
  return point;
}

/** `invalid-input` when several points begin so. */
export function matchingPoint(list: readonly RestorePoint[], wanted: string): RestorePoint | undefined {
  const found = list.filter((point) => point.id.startsWith(wanted));
  if (found.length > 1) throw ambiguous(wanted);
  return found[0];
}

export function noSuchPoint(wanted: string): AppError {
  return new AppError('not-found', {
    message: `There is no restore point "${wanted}".`,
    hint: 'List them with `cairn repo points`.',
    details: { field: 'point' },
  });
}

function ambiguous(wanted: string): AppError {
  return new AppError('invalid-input', {
    message: `"${wanted}" is the beginning of several restore points.`,
    details: { field: 'point' },
  });
}
