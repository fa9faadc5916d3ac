import { expect, test } from 'vitest';
import { neededPermission } from './data-action.ts';

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers';
const queues = 'Microsoft.Storage/storageAccounts/queueServices/queues';

test.each([
  ['blob', 'GET', '/?comp=list', 'action', `${blobs}/read`, ''],
  [
    'blob',
    'POST',
    '/?restype=service&comp=userdelegationkey',
    'action',
    'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
    '',
  ],
  [
    'blob',
    'PUT',
    '/vault?restype=container',
    'action',
    `${blobs}/write`,
    '/blobServices/default/containers/vault',
  ],
  [
    'blob',
    'GET',
    '/vault?restype=container&comp=list',
    'dataAction',
    `${blobs}/blobs/read`,
    '/blobServices/default/containers/vault',
  ],
  [
    'blob',
    'DELETE',
    '/vault?restype=container',
    'action',
    `${blobs}/delete`,
    '/blobServices/default/containers/vault',
  ],
  [
    'blob',
    'GET',
    '/vault/a/b',
    'dataAction',
    `${blobs}/blobs/read`,
    '/blobServices/default/containers/vault',
  ],
  [
    'blob',
    'PUT',
    '/vault/a/b',
    'dataAction',
    `${blobs}/blobs/write`,
    '/blobServices/default/containers/vault',
  ],
  [
    'blob',
    'DELETE',
    '/vault/a',
    'dataAction',
    `${blobs}/blobs/delete`,
    '/blobServices/default/containers/vault',
  ],
  [
    'blob',
    'PUT',
    '/vault/a?comp=tags',
    'dataAction',
    `${blobs}/blobs/tags/write`,
    '/blobServices/default/containers/vault',
  ],
  ['queue', 'PUT', '/tasks', 'action', `${queues}/write`, '/queueServices/default/queues/tasks'],
  [
    'queue',
    'POST',
    '/tasks/messages',
    'dataAction',
    `${queues}/messages/add/action`,
    '/queueServices/default/queues/tasks',
  ],
  [
    'queue',
    'GET',
    '/tasks/messages',
    'dataAction',
    `${queues}/messages/process/action`,
    '/queueServices/default/queues/tasks',
  ],
  [
    'queue',
    'GET',
    '/tasks/messages?peekonly=true',
    'dataAction',
    `${queues}/messages/read`,
    '/queueServices/default/queues/tasks',
  ],
  [
    'queue',
    'DELETE',
    '/tasks/messages/1?popreceipt=x',
    'dataAction',
    `${queues}/messages/process/action`,
    '/queueServices/default/queues/tasks',
  ],
] as const)('%s %s %s needs the %s', (service, method, path, kind, action, scopeSuffix) => {
  const url = new URL(path, 'https://localhost');
  const segments = url.pathname.split('/').filter((each) => each !== '');
  const needed = neededPermission({ service, method, segments, query: url.searchParams });
  expect(needed.kind).toBe(kind);
  expect(needed.actions).toContain(action);
  expect(needed.scopeSuffix).toBe(scopeSuffix);
});
