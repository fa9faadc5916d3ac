import { SearchBox } from '@fluentui/react-components';
import { getRouteApi } from '@tanstack/react-router';
import { useProcedure } from '../../api/index.ts';
import {
  Answer,
  DataTable,
  EmptyState,
  FilterBar,
  FilterChoice,
  Page,
  RowsSkeleton,
} from '../../ui/index.ts';
import { sessionColumns } from './session-columns.tsx';
import { matchesFilter, type SessionFilter } from './session-filter.ts';
import { kindWords } from './session-words.ts';

const route = getRouteApi('/sessions');
const newestFirst = { id: 'started', desc: true };
const stateChoices = {
  active: 'Active',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
} as const;

export function SessionsPage() {
  const sessions = useProcedure('session.list', { limit: 500 });
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: SessionFilter) => void navigate({ search: { ...filter, ...next }, replace: true });
  return (
    <Page
      title="Sessions"
      subtitle="Every run of a backup, restore, sync or repository operation."
      height="fill"
    >
      <Answer
        query={sessions}
        skeleton={<RowsSkeleton rows={12} />}
        errorTitle="The sessions could not be read"
      >
        {(all) => {
          const shown = all.filter((session) => matchesFilter(session, filter));
          return (
            <>
              <FilterBar shown={shown.length} total={all.length} noun="sessions">
                <SearchBox
                  aria-label="Find sessions"
                  placeholder="Find by title or resource"
                  value={filter.text ?? ''}
                  onChange={(_, { value }) => change({ text: value || undefined })}
                />
                <FilterChoice
                  label="Kind"
                  all="All kinds"
                  choices={kindWords}
                  value={filter.kind}
                  onChange={(kind) => change({ kind })}
                />
                <FilterChoice
                  label="State"
                  all="All states"
                  choices={stateChoices}
                  value={filter.state}
                  onChange={(state) => change({ state })}
                />
              </FilterBar>
              <DataTable
                label="Sessions"
                height="fill"
                rows={shown}
                columns={sessionColumns.all}
                rowId={(session) => session.id}
                sort={newestFirst}
                empty={
                  all.length === 0 ? (
                    <EmptyState
                      title="No sessions yet"
                      text="A session appears here whenever Cairn syncs an account, adds a repository, backs up or restores."
                    />
                  ) : (
                    <EmptyState
                      title="No session matches"
                      text="Change or clear the filter above."
                      size="small"
                    />
                  )
                }
              />
            </>
          );
        }}
      </Answer>
    </Page>
  );
}
