import type { JsonObject } from '../../front/index.ts';
import type { SubscriptionSeed } from '../../ports.ts';
import { apiVersions } from '../api-versions.ts';
import { type Call, param, type Route } from '../call.ts';
import { page } from '../paging.ts';

function showSubscription({ subscriptionId, tenantId, displayName }: SubscriptionSeed): JsonObject {
  return {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId,
    tenantId,
    displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}

/** People see the subscriptions of their tenant in which they have any role. */
function visibleSubscriptions({ deps, caller }: Call): readonly SubscriptionSeed[] {
  const own = deps.roles.assignments().filter((each) => each.principalId === caller.objectId);
  return deps.facts.subscriptions.filter(
    (subscription) =>
      subscription.tenantId === caller.tenantId &&
      own.some(
        (each) =>
          `${each.scope}/`
            .toLowerCase()
            .startsWith(`/subscriptions/${subscription.subscriptionId}/`.toLowerCase()) || each.scope === '/',
      ),
  );
}

function showLocation(call: Call, location: Call['deps']['facts']['locations'][number]): JsonObject {
  return {
    id: `/subscriptions/${call.subscriptionId}/locations/${location.name}`,
    name: location.name,
    type: 'Region',
    displayName: location.displayName,
    regionalDisplayName: location.displayName,
    metadata: { regionType: 'Physical', regionCategory: 'Recommended', geographyGroup: 'Europe' },
    availabilityZoneMappings: location.zones.map((zone) => ({
      logicalZone: zone,
      physicalZone: `${location.name}-az${zone}`,
    })),
  };
}

const versions = apiVersions.subscriptions;

export const subscriptionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/subscriptions',
    action: undefined,
    apiVersions: versions,
    handle: (call) => page(call, visibleSubscriptions(call).map(showSubscription)),
  },
  {
    method: 'GET',
    path: '/subscriptions/{subscriptionId}',
    action: 'Microsoft.Resources/subscriptions/read',
    apiVersions: versions,
    handle: (call) => {
      const found = call.deps.facts.subscriptions.find((each) => each.subscriptionId === call.subscriptionId);
      if (!found) throw new Error(`subscription vanished: ${param(call, 'subscriptionId')}`);
      return { status: 200, body: showSubscription(found) };
    },
  },
  {
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/locations',
    action: 'Microsoft.Resources/subscriptions/locations/read',
    apiVersions: versions,
    handle: (call) => ({
      status: 200,
      body: { value: call.deps.facts.locations.map((each) => showLocation(call, each)) },
    }),
  },
  {
    method: 'GET',
    path: '/tenants',
    action: undefined,
    apiVersions: versions,
    handle: ({ caller, deps }) => {
      const tenant = deps.directory.tenant(caller.tenantId);
      const { tenantId } = caller;
      return {
        status: 200,
        body: {
          value: [
            {
              id: `/tenants/${tenantId}`,
              tenantId,
              tenantCategory: 'Home',
              displayName: tenant?.displayName,
              defaultDomain: tenant?.defaultDomain,
              domains: tenant ? [tenant.defaultDomain] : [],
              tenantType: 'AAD',
            },
          ],
        },
      };
    },
  },
];
