import { type SpecFile, subscription } from './spec-operation.ts';

/** Groups, subscriptions, tenants. */
export const resourceSpecs: readonly SpecFile[] = [
  {
    name: 'resources.json',
    title: 'Resource groups and resources',
    version: '2025-04-01',
    sdk: '@azure/arm-resources',
    operations: [
      {
        id: 'ResourceGroups_List',
        method: 'get',
        path: `${subscription}/resourcegroups`,
        query: ['$filter', '$top'],
        responses: { 200: '_ResourceGroupListResult' },
        pageable: true,
      },
      {
        id: 'ResourceGroups_Get',
        method: 'get',
        path: `${subscription}/resourcegroups/{resourceGroupName}`,
        responses: { 200: 'ResourceGroup' },
      },
      {
        id: 'ResourceGroups_CheckExistence',
        method: 'head',
        path: `${subscription}/resourcegroups/{resourceGroupName}`,
        responses: { 204: null, 404: null },
      },
      {
        id: 'ResourceGroups_CreateOrUpdate',
        method: 'put',
        path: `${subscription}/resourcegroups/{resourceGroupName}`,
        body: 'ResourceGroup',
        responses: { 200: 'ResourceGroup', 201: 'ResourceGroup' },
      },
      {
        id: 'ResourceGroups_Update',
        method: 'patch',
        path: `${subscription}/resourcegroups/{resourceGroupName}`,
        body: 'ResourceGroupPatchable',
        responses: { 200: 'ResourceGroup' },
      },
      {
        id: 'ResourceGroups_Delete',
        method: 'delete',
        path: `${subscription}/resourcegroups/{resourceGroupName}`,
        query: ['forceDeletionTypes'],
        responses: { 200: null, 202: null },
        longRunning: true,
      },
      {
        id: 'Resources_List',
        method: 'get',
        path: `${subscription}/resources`,
        query: ['$filter', '$expand', '$top'],
        responses: { 200: '_ResourceListResult' },
        pageable: true,
      },
      {
        id: 'Resources_ListByResourceGroup',
        method: 'get',
        path: `${subscription}/resourceGroups/{resourceGroupName}/resources`,
        query: ['$filter', '$expand', '$top'],
        responses: { 200: '_ResourceListResult' },
        pageable: true,
      },
    ],
    opaque: [],
  },
  {
    name: 'subscriptions.json',
    title: 'Subscriptions and tenants',
    version: '2022-12-01',
    sdk: '@azure/arm-resources-subscriptions',
    operations: [
      {
        id: 'Subscriptions_List',
        method: 'get',
        path: '/subscriptions',
        responses: { 200: '_SubscriptionListResult' },
        pageable: true,
      },
      { id: 'Subscriptions_Get', method: 'get', path: subscription, responses: { 200: 'Subscription' } },
      {
        id: 'Subscriptions_ListLocations',
        method: 'get',
        path: `${subscription}/locations`,
        query: ['includeExtendedLocations'],
        responses: { 200: '_LocationListResult' },
        pageable: true,
      },
      {
        id: 'Tenants_List',
        method: 'get',
        path: '/tenants',
        responses: { 200: '_TenantListResult' },
        pageable: true,
      },
    ],
    opaque: [],
  },
];
