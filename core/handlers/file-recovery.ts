import type { fileRecoveryProcedures } from '../contract/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';

export function fileRecoveryHandlers(context: HandlerContext): Handlers<keyof typeof fileRecoveryProcedures> {
  const { fileRecoveries: files, fileRestores, takenItems } = context;
  return {
    'files.open': (input) => ({ sessionId: files.open(input) }),
    'files.get': ({ sessionId }) => files.get(sessionId),
    'files.opened': () => files.opened(),
    'files.extend': ({ sessionId, minutes }) => ({ closesAt: files.extend(sessionId, minutes) }),
    'files.close'({ sessionId }) {
      files.close(sessionId);
      return {};
    },
    'files.list': ({ sessionId, ...query }, signal) => files.use(sessionId).service.list(query, signal),
    'files.details': ({ sessionId, ...place }, signal) => files.use(sessionId).service.details(place, signal),
    'files.search': ({ sessionId, ...query }, signal) => files.use(sessionId).service.search(query, signal),
    'files.sizes': ({ sessionId, items }) => files.sizes(sessionId, items),
    'files.preview': ({ sessionId, ...place }, signal) => files.preview(sessionId, place, signal),
    'files.versions': ({ sessionId, ...place }) => files.versions(sessionId, place),
    'files.compare': (input) => ({ comparisonId: files.compare(input) }),
    'files.comparison': ({ comparisonId }) => files.comparison(comparisonId),
    'files.share': ({ sessionId, ...request }, signal) => files.share(sessionId, request, signal),
    async 'files.unshare'({ sessionId, shareId }, signal) {
      await files.unshare(sessionId, shareId, signal);
      return {};
    },
    'files.restorePlan': (input, signal) => fileRestores.plan(input, signal),
    'files.restore': ({ planId }) => ({ sessionId: fileRestores.start(planId) }),
    'files.taken': (filter) => [...takenItems.list(filter)],
    'files.takenFiles': ({ takenId, after, limit }) => [...takenItems.files(takenId, after, limit)],
  };
}
