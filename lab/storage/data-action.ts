/**
 * Which permission a request on blob or queue data needs when it comes with a token. Source: Microsoft's "Authorize with
 * Microsoft Entra ID (REST API)", permissions for calling data operations.
 */
export interface NeededPermission {
  /** Any one of these is enough. */
  readonly actions: readonly string[];
  readonly kind: 'action' | 'dataAction';
  /** Path below the storage account's resource id. */
  readonly scopeSuffix: string;
}

const BLOB = 'Microsoft.Storage/storageAccounts/blobServices';
const QUEUE = 'Microsoft.Storage/storageAccounts/queueServices';

export interface StorageRequest {
  readonly service: 'blob' | 'queue';
  readonly method: string;
  /** Segments after the account name, percent-decoded. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

export function neededPermission(request: StorageRequest): NeededPermission {
  return request.service === 'blob' ? blobPermission(request) : queuePermission(request);
}

function blobPermission({ method, segments, query }: StorageRequest): NeededPermission {
  const [container] = segments;
  const comp = query.get('comp');
  if (container === undefined) {
    if (comp === 'userdelegationkey') return control([`${BLOB}/generateUserDelegationKey/action`], '');
    if (comp === 'list') return control([`${BLOB}/containers/read`], '');
    return control([method === 'GET' || method === 'HEAD' ? `${BLOB}/read` : `${BLOB}/write`], '');
  }
  const scope = `/blobServices/default/containers/${container}`;
  if (query.get('restype') === 'container') return containerPermission(method, comp, scope);
  const blobs = `${BLOB}/containers/blobs`;
  if (comp === 'tags') return data([`${blobs}/tags/${isRead(method) ? 'read' : 'write'}`], scope);
  if (isRead(method)) return data([`${blobs}/read`], scope);
  if (method === 'DELETE') return data([`${blobs}/delete`], scope);
  return data([`${blobs}/write`, ...(comp === null ? [`${blobs}/add/action`] : [])], scope);
}

function containerPermission(method: string, comp: string | null, scope: string): NeededPermission {
  if (comp === 'list') return data([`${BLOB}/containers/blobs/read`], scope);
  if (isRead(method)) return control([`${BLOB}/containers/read`], scope);
  if (method === 'DELETE') return control([`${BLOB}/containers/delete`], scope);
  return control([`${BLOB}/containers/write`], scope);
}

function queuePermission({ method, segments, query }: StorageRequest): NeededPermission {
  const [queue, messages, message] = segments;
  if (queue === undefined) {
    if (query.get('comp') === 'list') return control([`${QUEUE}/queues/read`], '');
    return control([isRead(method) ? `${QUEUE}/read` : `${QUEUE}/write`], '');
  }
  const scope = `/queueServices/default/queues/${queue}`;
  if (messages !== 'messages') {
    if (isRead(method)) return control([`${QUEUE}/queues/read`], scope);
    return control([`${QUEUE}/queues/${method === 'DELETE' ? 'delete' : 'write'}`], scope);
  }
  const base = `${QUEUE}/queues/messages`;
  if (method === 'POST') return data([`${base}/add/action`, `${base}/write`], scope);
  if (method === 'PUT') return data([`${base}/write`], scope);
  if (method === 'GET') {
    return data([query.get('peekonly') === 'true' ? `${base}/read` : `${base}/process/action`], scope);
  }
  return data(
    message === undefined ? [`${base}/delete`] : [`${base}/delete`, `${base}/process/action`],
    scope,
  );
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

const control = (actions: readonly string[], scopeSuffix: string): NeededPermission => ({
  actions,
  kind: 'action',
  scopeSuffix,
});

const data = (actions: readonly string[], scopeSuffix: string): NeededPermission => ({
  actions,
  kind: 'dataAction',
  scopeSuffix,
});
