import {
  ArchiveRegular,
  DocumentFolderRegular,
  GridRegular,
  PeopleRegular,
  ServerRegular,
  TaskListLtrRegular,
} from '@fluentui/react-icons';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useProcedure } from '../api/index.ts';
import { DownloadTray } from '../features/downloads/index.ts';
import { CairnMark, RowsSkeleton, TextLink } from '../ui/index.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { SessionNotices } from './session-notices.tsx';
import styles from './shell.module.css';
import { ThemeMenu } from './theme-menu.tsx';

/** The frame around every page: the rail with the places, the state of the connection, ends of sessions. */
export function Shell() {
  useFocusOnNavigation();
  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={focusPage}>
        Skip to content
      </button>
      <Rail />
      <div className={styles.content}>
        <ConnectionBanner />
        <div className={styles.scroller}>
          <Suspense fallback={<RowsSkeleton />}>
            <Outlet />
          </Suspense>
        </div>
      </div>
      <DownloadTray />
      <SessionNotices />
    </div>
  );
}

function Rail() {
  const info = useProcedure('app.info', {});
  const overview = useProcedure('overview.get', {});
  // Open restore points are counted by themselves.
  const running = overview.data?.runningSessions.filter(({ kind }) => kind !== 'file-recovery').length ?? 0;
  const open = useProcedure('files.opened', {}).data?.length ?? 0;
  return (
    <header className={styles.rail}>
      <TextLink to="/" className={styles.brand} aria-label="Cairn, overview">
        <CairnMark size={28} />
        <span className={styles.label}>Cairn</span>
      </TextLink>
      <nav aria-label="Places" className={styles.places}>
        <Place to="/" icon={<GridRegular />} label="Overview" exact />
        <Place to="/virtual-machines" icon={<ServerRegular />} label="Virtual machines" />
        <Place
          to="/file-recovery"
          icon={<DocumentFolderRegular />}
          label="File recovery"
          mark={<Count count={open} spoken="open" />}
        />
        <Place to="/repositories" icon={<ArchiveRegular />} label="Repositories" />
        <Place
          to="/sessions"
          icon={<TaskListLtrRegular />}
          label="Sessions"
          mark={<Count count={running} spoken="running" />}
        />
        <Place to="/accounts" icon={<PeopleRegular />} label="Accounts" />
      </nav>
      <div className={styles.foot}>
        <ThemeMenu />
        <span className={styles.about} title={info.data && `Installation ${info.data.installationId}`}>
          {info.data && (
            <>
              <span>{info.data.cloud}</span>
              <span>Version {info.data.version}</span>
            </>
          )}
        </span>
      </div>
    </header>
  );
}

function Count({ count, spoken }: { count: number; spoken: string }) {
  if (count === 0) return null;
  return (
    <span className={styles.count}>
      {count}
      <span className="visually-hidden"> {spoken}</span>
    </span>
  );
}

interface PlaceProps {
  readonly to: '/' | '/virtual-machines' | '/repositories' | '/sessions' | '/accounts' | '/file-recovery';
  readonly icon: ReactNode;
  readonly label: string;
  readonly mark?: ReactNode;
  readonly exact?: boolean;
}

function Place({ to, icon, label, mark, exact = false }: PlaceProps) {
  return (
    <TextLink
      to={to}
      className={styles.place}
      title={label}
      activeOptions={{ exact, includeSearch: false }}
      activeProps={{ 'aria-current': 'page' }}
    >
      <span className={styles.icon}>{icon}</span>
      <span className={styles.label}>{label}</span>
      {mark}
    </TextLink>
  );
}

/** Screen readers and the keyboard go on at the new page, not at the link that led there. */
function useFocusOnNavigation(): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const former = useRef(path);
  useEffect(() => {
    if (former.current !== undefined && former.current !== path) focusPage();
    former.current = path;
  }, [path]);
}

function focusPage(): void {
  document.getElementById('page')?.focus({ preventScroll: true });
}
