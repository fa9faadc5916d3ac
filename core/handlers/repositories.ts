import type { repositoryProcedures } from '../contract/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';

export function repositoryHandlers(context: HandlerContext): Handlers<keyof typeof repositoryProcedures> {
  const { repositories, sessions } = context;
  return {
    'repository.list': () => repositories.list(),
    'repository.get': ({ repositoryId }) => repositories.get(repositoryId),
    'repository.storageAccounts': (_, signal) => repositories.storageAccounts(signal),
    async 'repository.containers'(place, signal) {
      const names = await repositories.containers(place, signal);
      return names.map((name) => ({ name }));
    },
    'repository.inspectFolder': (input, signal) => repositories.inspect(input, signal),
    'repository.add': async (input) => ({ sessionId: await repositories.add(input, sessions) }),
    async 'repository.remove'({ repositoryId }) {
      await repositories.remove(repositoryId);
      return {};
    },
  };
}
