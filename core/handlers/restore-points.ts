import { AppError, type RestorePoint, type restorePointProcedures } from '../contract/index.ts';
import type { PointRecord } from '../db/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';

export function restorePointHandlers(context: HandlerContext): Handlers<keyof typeof restorePointProcedures> {
  const { database } = context;
  return {
    'point.list': (filter) => shownPoints(context, database.points.list(filter)),
    'point.get'({ pointId }) {
      const point = database.points.find(pointId);
      const shown = point && shownPoints(context, [point])[0];
      if (shown) return shown;
      throw new AppError('not-found', {
        message: 'There is no such restore point.',
        hint: 'Look at the list again; it may have been removed.',
      });
    },
  };
}

/** Points with the names of their repositories. */
export function shownPoints({ database }: HandlerContext, points: readonly PointRecord[]): RestorePoint[] {
  const names = new Map(database.repositories.list().map(({ id, name }) => [id, name]));
  return points.map((point) => ({ ...point, repositoryName: names.get(point.repositoryId ?? '') ?? null }));
}
