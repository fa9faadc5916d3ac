import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import { explorerLocationSchema } from '../features/explorer/explorer-location.ts';
import { comparisonSearchSchema } from '../features/file-comparison/comparison-search.ts';
import { takenFilterSchema } from '../features/file-recovery/taken-filter.ts';
import { sessionFilterSchema } from '../features/sessions/session-filter.ts';
import { vmFilterSchema } from '../features/virtual-machines/vm-filter.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { PageFailure } from './page-failure.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: PageFailure,
});

const routeTree = root.addChildren([
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('../features/overview/index.ts'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/virtual-machines',
    validateSearch: vmFilterSchema,
    component: lazyRouteComponent(
      () => import('../features/virtual-machines/index.ts'),
      'VirtualMachinesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    // The rest of the path is the Azure resource id without its first slash.
    path: '/virtual-machines/id/$',
    component: lazyRouteComponent(
      () => import('../features/virtual-machines/index.ts'),
      'VirtualMachinePage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/restore/$pointId',
    component: lazyRouteComponent(() => import('../features/restore/index.ts'), 'RestorePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/file-recovery',
    validateSearch: takenFilterSchema,
    component: lazyRouteComponent(() => import('../features/file-recovery/index.ts'), 'FileRecoveryPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/files/open/$pointId',
    component: lazyRouteComponent(() => import('../features/file-recovery/index.ts'), 'OpenPointPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/files/$sessionId',
    validateSearch: explorerLocationSchema,
    component: lazyRouteComponent(() => import('../features/file-recovery/index.ts'), 'FilesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/files/$sessionId/compare/$comparisonId',
    validateSearch: comparisonSearchSchema,
    component: lazyRouteComponent(() => import('../features/file-comparison/index.ts'), 'FileComparisonPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/repositories',
    component: lazyRouteComponent(() => import('../features/repositories/index.ts'), 'RepositoriesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/repositories/add',
    component: lazyRouteComponent(() => import('../features/repositories/index.ts'), 'AddRepositoryPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/repositories/$repositoryId',
    component: lazyRouteComponent(() => import('../features/repositories/index.ts'), 'RepositoryPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sessions',
    validateSearch: sessionFilterSchema,
    component: lazyRouteComponent(() => import('../features/sessions/index.ts'), 'SessionsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sessions/$sessionId',
    component: lazyRouteComponent(() => import('../features/sessions/index.ts'), 'SessionPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/accounts',
    component: lazyRouteComponent(() => import('../features/accounts/index.ts'), 'AccountsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/accounts/add',
    component: lazyRouteComponent(() => import('../features/accounts/index.ts'), 'AddAccountPage'),
  }),
]);

/** Hash addresses: they work alike under a server, behind `app://` and in a test. */
export function createConsoleRouter(history: RouterHistory = createHashHistory()) {
  return createRouter({ routeTree, history, defaultPreload: 'intent', defaultErrorComponent: PageFailure });
}

/** Fetches the code of every page, so that moving about never waits for it, nor fails while the shell is away. */
export async function loadAllPages(router: ConsoleRouter): Promise<void> {
  const routes = Object.values(router.routesById);
  await Promise.allSettled(routes.map((route) => router.loadRouteChunk(route)));
}

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: ConsoleRouter;
  }
}
