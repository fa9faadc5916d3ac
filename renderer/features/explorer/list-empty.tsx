import { EmptyState, RowsSkeleton } from '../../ui/index.ts';
import type { ListSource } from './list-source.ts';

export interface ListEmptyProps {
  readonly source: ListSource;
  readonly searching: boolean;
  /** There is something to search for. */
  readonly asked: boolean;
  readonly building: boolean;
  /** Entries of the folder, whatever the filter. */
  readonly unfiltered: number;
}

/** What stands where no lines are. */
export function ListEmpty({ source, searching, asked, building, unfiltered }: ListEmptyProps) {
  if (source.error !== null) return null;
  if (source.pending) return <RowsSkeleton rows={6} />;
  if (!searching)
    return unfiltered > 0 ? (
      <EmptyState
        size="small"
        title="Nothing matches the filter"
        text="The filter looks at names in this folder only. Search looks everywhere."
      />
    ) : (
      <EmptyState
        size="small"
        title="This folder is empty"
        text="It was empty when the restore point was taken, too."
      />
    );
  if (!asked)
    return (
      <EmptyState
        size="small"
        title="Search by name or path"
        text="A part of a name, a pattern such as *.log, or a path such as etc/nginx. Or choose only a kind, a size or a time."
      />
    );
  if (building)
    return <EmptyState size="small" title="Nothing found so far" text="Volumes are still being read." />;
  return (
    <EmptyState size="small" title="Nothing found" text="Try a part of the name, or search all volumes." />
  );
}
