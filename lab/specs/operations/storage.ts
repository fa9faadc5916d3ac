import { group, type SpecFile, subscription } from './spec-operation.ts';

const account = 'Microsoft.Storage/storageAccounts';
const oneAccount = `${group}/providers/${account}/{accountName}`;

/** Storage accounts. */
export const storageSpecs: readonly SpecFile[] = [
  {
    name: 'storage.json',
    title: 'Storage accounts',
    version: '2026-09-01',
    sdk: '@azure/arm-storage',
    operations: [
      {
        id: 'StorageAccounts_CheckNameAvailability',
        method: 'post',
        path: `${subscription}/providers/Microsoft.Storage/checkNameAvailability`,
        body: 'StorageAccountCheckNameAvailabilityParameters',
        responses: { 200: 'CheckNameAvailabilityResult' },
      },
      {
        id: 'StorageAccounts_List',
        method: 'get',
        path: `${subscription}/providers/${account}`,
        responses: { 200: '_StorageAccountListResult' },
        pageable: true,
      },
      {
        id: 'StorageAccounts_ListByResourceGroup',
        method: 'get',
        path: `${group}/providers/${account}`,
        responses: { 200: '_StorageAccountListResult' },
        pageable: true,
      },
      {
        id: 'StorageAccounts_GetProperties',
        method: 'get',
        path: oneAccount,
        query: ['$expand'],
        responses: { 200: 'StorageAccount' },
      },
      {
        id: 'StorageAccounts_Create',
        method: 'put',
        path: oneAccount,
        body: 'StorageAccountCreateParameters',
        responses: { 200: 'StorageAccount', 202: null },
        longRunning: true,
      },
      {
        id: 'StorageAccounts_Update',
        method: 'patch',
        path: oneAccount,
        body: 'StorageAccountUpdateParameters',
        responses: { 200: 'StorageAccount' },
      },
      {
        id: 'StorageAccounts_Delete',
        method: 'delete',
        path: oneAccount,
        responses: { 200: null, 204: null },
      },
      {
        id: 'StorageAccounts_ListKeys',
        method: 'post',
        path: `${oneAccount}/listKeys`,
        query: ['$expand'],
        responses: { 200: 'StorageAccountListKeysResult' },
      },
      {
        id: 'StorageAccounts_RegenerateKey',
        method: 'post',
        path: `${oneAccount}/regenerateKey`,
        body: 'StorageAccountRegenerateKeyParameters',
        responses: { 200: 'StorageAccountListKeysResult' },
      },
    ],
    opaque: [],
  },
];
