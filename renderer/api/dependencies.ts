import type { ProcedureName, Topic } from '../../core/contract/index.ts';

/**
 * Which topics make a procedure's answer stale. Every procedure is listed, so that a new one does not compile
 * until somebody has thought about it; commands and look-ups in Azure depend on nothing.
 */
export const topicsOfProcedure: Record<ProcedureName, readonly Topic[]> = {
  'overview.get': ['account', 'vm', 'repository', 'point', 'session'],
  'app.info': [],
  'account.list': ['account'],
  'account.addServicePrincipal': [],
  'account.startDeviceCode': [],
  'account.deviceCodeState': ['account'],
  'account.cancelDeviceCode': [],
  'account.remove': [],
  'account.sync': [],
  'vm.list': ['vm', 'account', 'point', 'session'],
  'vm.get': ['vm', 'point', 'session'],
  'repository.list': ['repository', 'point'],
  'repository.get': ['repository', 'point'],
  'repository.storageAccounts': ['account'],
  'repository.containers': [],
  'repository.inspectFolder': ['repository'],
  'repository.add': [],
  'repository.remove': [],
  'point.list': ['point', 'repository'],
  'point.get': ['point'],
  'backup.start': [],
  'restore.places': ['account'],
  'restore.networks': [],
  'restore.sizes': [],
  'restore.plan': [],
  'restore.start': [],
  'session.list': ['session'],
  'session.get': ['session'],
  'session.log': ['session-log'],
  'session.cancel': [],
  'files.open': [],
  'files.get': ['file-recovery'],
  'files.opened': ['file-recovery'],
  'files.extend': [],
  'files.close': [],
  // A restore point never changes, and so neither does what is read from it.
  'files.list': [],
  'files.details': [],
  'files.search': [],
  'files.sizes': [],
  'files.preview': [],
  'files.versions': ['point'],
  'files.compare': [],
  'files.comparison': [],
  'files.share': [],
  'files.unshare': [],
  'files.restorePlan': [],
  'files.restore': [],
  'files.taken': ['download', 'file-recovery'],
  'files.takenFiles': ['download', 'file-recovery'],
  'download.start': [],
  'download.list': ['download'],
  'download.get': ['download'],
  'download.pause': [],
  'download.resume': [],
  'download.cancel': [],
  'download.forget': [],
};

/** The input field that narrows a procedure to one object of a topic. */
const idField: Record<Topic, string> = {
  account: 'accountId',
  vm: 'resourceId',
  repository: 'repositoryId',
  point: 'pointId',
  session: 'sessionId',
  'session-log': 'sessionId',
  'file-recovery': 'sessionId',
  download: 'downloadId',
};

export interface Change {
  readonly topic: Topic;
  readonly id: string | null;
}

/** True when an answer of `name` for `input` may differ after the change. */
export function isStaleAfter(name: ProcedureName, input: unknown, change: Change): boolean {
  if (!topicsOfProcedure[name].includes(change.topic)) return false;
  if (change.id === null || typeof input !== 'object' || input === null) return true;
  const own: unknown = Reflect.get(input, idField[change.topic]);
  return typeof own !== 'string' || own.toLowerCase() === change.id.toLowerCase();
}
