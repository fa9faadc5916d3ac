import type { FileSizes } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { useSettled } from '../../ui/index.ts';
import { placeOf } from '../files/index.ts';
import type { Selection } from './selection.ts';

/** More would make the question itself large; a folder above them can be selected instead. */
const mostCounted = 1000;
const pollMilliseconds = 700;
/** Walking through a list selects line after line. */
const restMilliseconds = 600;

/** What the folders of a selection hold, with everything in them; undefined where nothing needs to be counted. */
export function useSelectionSizes(sessionId: string, selection: Selection): FileSizes | undefined {
  const items = selection.inverted ? [] : [...selection.items.values()];
  const needed = items.length <= mostCounted && items.some(({ kind }) => kind === 'directory');
  const key = needed ? [...selection.items.keys()].join('\n\n') : '';
  const settledKey = useSettled(key, restMilliseconds);
  const settled = needed && settledKey === key;
  const query = useProcedure(
    'files.sizes',
    { sessionId, items: settled ? items.map(placeOf) : [] },
    { enabled: settled, every: (answer) => (answer?.state === 'counting' ? pollMilliseconds : false) },
  );
  return settled ? query.data : undefined;
}
