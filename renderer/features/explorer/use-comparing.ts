import { useNavigate } from '@tanstack/react-router';
import type { FilePlace, FileRecovery, FileVersion, ProcedureInput } from '../../../core/contract/index.ts';
import { useCommand } from '../../api/index.ts';
import { formatFullTime } from '../../ui/index.ts';
import { type FileItem, nameOf, parentOf } from '../files/index.ts';

type ComparedSide = ProcedureInput<'files.compare'>['left'];

/** Comparisons and other points have pages of their own. */
export function useComparing(recovery: FileRecovery, onProblem: (text: string) => void) {
  const navigate = useNavigate();
  const compare = useCommand('files.compare');
  const open = useCommand('files.open');
  const { sessionId } = recovery;
  const start = (left: ComparedSide, right: ComparedSide, names: readonly [string, string]) =>
    compare.mutate(
      { left, right },
      {
        onSuccess: ({ comparisonId }) =>
          void navigate({
            to: '/files/$sessionId/compare/$comparisonId',
            params: { sessionId, comparisonId },
            search: { left: names[0], right: names[1] },
          }),
        onError: (error) => onProblem(`${error.message} ${error.hint}`),
      },
    );
  return {
    places: (left: FilePlace, right: FilePlace, names: readonly [string, string]) =>
      start({ sessionId, ...left }, { sessionId, ...right }, names),
    /** The older one stands at the left. */
    versions: (place: FilePlace, { pointId, takenAt }: FileVersion) => {
      const nameAt = (time: string) => `${nameOf(place.path)} as of ${formatFullTime(time)}`;
      const other = { place: { ...place, pointId }, name: nameAt(takenAt) };
      const open = { place: { ...place, sessionId }, name: nameAt(recovery.takenAt) };
      const [left, right] = takenAt <= recovery.takenAt ? [other, open] : [open, other];
      start(left.place, right.place, [left.name, right.name]);
    },
    browse: (place: FilePlace, { pointId }: FileVersion, kind: FileItem['kind']) =>
      open.mutate(
        { pointId },
        {
          onSuccess: (started) =>
            void navigate({
              to: '/files/$sessionId',
              params: { sessionId: started.sessionId },
              search:
                kind === 'directory'
                  ? { volume: place.volumeId, path: place.path }
                  : { volume: place.volumeId, path: parentOf(place.path), select: place.path },
            }),
          onError: (error) => onProblem(`${error.message} ${error.hint}`),
        },
      ),
  };
}
