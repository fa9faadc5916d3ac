import type { overviewProcedures } from '../contract/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';
import { listMachines } from './virtual-machines.ts';

export function overviewHandlers(context: HandlerContext): Handlers<keyof typeof overviewProcedures> {
  const { database, sessions, host } = context;
  return {
    'overview.get'() {
      const machines = listMachines(context);
      const count = (state: string): number =>
        machines.filter(({ protection }) => protection.state === state).length;
      const points = database.points.list({}).filter(({ state }) => state === 'ok');
      const recent = database.sessions.list({ limit: 10 }).map(sessions.withProgress);
      return {
        vms: {
          total: machines.length,
          protected: count('protected'),
          unprotected: count('unprotected'),
          notSupported: count('not-supported'),
        },
        accounts: database.accounts.list().length,
        repositories: database.repositories.list().length,
        points: points.length,
        protectedBytes: points.reduce((sum, { diskBytes }) => sum + diskBytes, 0),
        storedBytes: points.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
        runningSessions: database.sessions.list({ active: true, limit: 50 }).map(sessions.withProgress),
        recentSessions: recent,
        syncedAt: database.settings.get('synced-at'),
      };
    },
    'app.info': () => ({
      version: context.version,
      installationId: context.installationId,
      cloud: host.cloud.name,
      downloadsFolder: host.downloadsFolder,
    }),
  };
}
