import type { RestorePlan } from '../../core/contract/index.ts';
import type { Answers } from './answering-carrier.ts';
import { ago, subscriptions } from './built-data.ts';

const network = `/subscriptions/${subscriptions.production}/resourceGroups/rg-shop/providers/Microsoft.Network`;

/** Answers for the restore wizard. */
export function restoreAnswers(start: () => { sessionId: string }): Answers {
  return {
    'restore.places': () => [
      {
        accountId: 'account-1',
        subscriptionId: subscriptions.production,
        subscriptionName: 'Contoso Production',
        resourceGroups: [
          { name: 'rg-shop', region: 'westeurope' },
          { name: 'rg-backup', region: 'westeurope' },
        ],
        regions: [
          { name: 'westeurope', displayName: 'West Europe' },
          { name: 'northeurope', displayName: 'North Europe' },
        ],
      },
    ],
    'restore.networks': () => ({
      subnets: [
        {
          id: `${network}/virtualNetworks/vnet-shop/subnets/frontend`,
          name: 'frontend',
          network: 'vnet-shop',
          prefix: '10.20.1.0/24',
        },
      ],
      securityGroups: [
        { id: `${network}/networkSecurityGroups/nsg-shop-frontend`, name: 'nsg-shop-frontend' },
      ],
    }),
    'restore.sizes': () => [
      { name: 'Standard_D4s_v5', cores: 4, memoryGib: 16, maxDataDisks: 8, refusal: null },
      { name: 'Standard_D8s_v5', cores: 8, memoryGib: 32, maxDataDisks: 16, refusal: null },
      {
        name: 'Standard_M128ms',
        cores: 128,
        memoryGib: 3892,
        maxDataDisks: 64,
        refusal: 'Not available to this subscription in westeurope.',
      },
    ],
    'restore.plan': ({ pointId, target, verify }): RestorePlan => ({
      id: `plan-${Date.now()}`,
      pointId,
      target,
      verify,
      items:
        target.kind === 'original-vm'
          ? [
              {
                action: 'stop',
                type: 'Virtual machine',
                name: 'web-01',
                detail: 'Deallocated during the restore',
              },
              {
                action: 'replace',
                type: 'Managed disk',
                name: 'web-01_OsDisk_1',
                detail: '32 GiB, Premium_LRS, OS disk',
              },
              {
                action: 'keep',
                type: 'Managed disk',
                name: 'web-01_OsDisk_1 (replaced)',
                detail: 'Left in rg-shop',
              },
              { action: 'start', type: 'Virtual machine', name: 'web-01', detail: '' },
            ]
          : target.kind === 'disks'
            ? target.disks.map(({ name }) => ({
                action: 'create' as const,
                type: 'Managed disk',
                name,
                detail: `In ${target.resourceGroup}, ${target.region}`,
              }))
            : [
                {
                  action: 'create',
                  type: 'Managed disk',
                  name: 'web-01-restored_OsDisk',
                  detail: '32 GiB, Premium_LRS',
                },
                {
                  action: 'create',
                  type: 'Network interface',
                  name: `${target.name}-nic`,
                  detail: 'vnet-shop / frontend',
                },
                { action: 'create', type: 'Virtual machine', name: target.name, detail: target.size },
              ],
      notices:
        target.kind === 'original-vm'
          ? [
              {
                level: 'warning',
                text: 'web-01 is running and will be stopped.',
                hint: 'Expect it to be away for about 20 minutes.',
              },
            ]
          : [{ level: 'info', text: 'The target region differs from none of the disks.', hint: '' }],
      diskBytes: 160 * 1024 ** 3,
      workerRegion: 'westeurope',
      workerSize: 'Standard_F2s_v2',
      confirmation: target.kind === 'original-vm' ? 'web-01' : null,
      expiresAt: ago(-30),
    }),
    'restore.start': start,
  };
}
