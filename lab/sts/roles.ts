import type { RoleAssignmentSeed, RoleDefinitionSeed } from '../ports.ts';

export interface RoleDefinition extends Required<RoleDefinitionSeed> {
  /** GUID. */
  readonly id: string;
}

type BuiltIn = readonly [
  id: string,
  roleName: string,
  actions: string[],
  dataActions?: string[],
  notActions?: string[],
];

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers';
const queues = 'Microsoft.Storage/storageAccounts/queueServices/queues';
const messages = `${queues}/messages`;
const everyContainer = [`${blobs}/delete`, `${blobs}/read`, `${blobs}/write`];
const vaults = 'Microsoft.KeyVault/vaults';
const delegation = 'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action';
const notContributor = [
  'Microsoft.Authorization/*/Delete',
  'Microsoft.Authorization/*/Write',
  'Microsoft.Authorization/elevateAccess/Action',
];
const vmActions = [
  'Microsoft.Compute/virtualMachines/*',
  'Microsoft.Compute/disks/*',
  'Microsoft.Compute/locations/*',
];
const vmNetwork = [
  'read',
  'networkInterfaces/*',
  'virtualNetworks/read',
  'virtualNetworks/subnets/join/action',
];

/** The built-in roles that matter to a backup product, with the ids they have everywhere in Azure. */
const builtInRoles: readonly BuiltIn[] = [
  ['8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner', ['*']],
  ['b24988ac-6180-42a0-ab88-20f7382dd24c', 'Contributor', ['*'], [], notContributor],
  ['acdd72a7-3385-48ef-bd42-f606fba81ae7', 'Reader', ['*/read']],
  [
    '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    'User Access Administrator',
    ['*/read', 'Microsoft.Authorization/*'],
  ],
  [
    '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
    'Virtual Machine Contributor',
    [...vmActions, ...vmNetwork.map((part) => `Microsoft.Network/${part}`), 'Microsoft.Resources/*/read'],
  ],
  [
    '4d97b98b-1d4f-4787-a291-c67834d212e7',
    'Network Contributor',
    ['Microsoft.Network/*', 'Microsoft.Resources/*/read'],
  ],
  [
    '17d1049b-9a84-46fb-8f53-869881c3d3ab',
    'Storage Account Contributor',
    ['Microsoft.Storage/storageAccounts/*', 'Microsoft.Resources/*/read'],
  ],
  [
    '7efff54f-a5b4-42b5-a1c5-5411624893ce',
    'Disk Snapshot Contributor',
    [
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Compute/snapshots/*',
      'Microsoft.Compute/disks/beginGetAccess/action',
    ],
  ],
  [
    '3e5e47e6-65f7-47ef-90b5-e5dd4d455f24',
    'Disk Backup Reader',
    ['Microsoft.Compute/disks/read', 'Microsoft.Compute/disks/beginGetAccess/action'],
  ],
  [
    'b50d9833-a0cb-478e-945f-707fcc997c13',
    'Disk Restore Operator',
    [
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Compute/disks/write',
      'Microsoft.Compute/disks/read',
    ],
  ],
  [
    '959f8984-c045-4866-89c7-12bf9737be2e',
    'Data Operator for Managed Disks',
    [],
    ['disks', 'snapshots'].flatMap((type) =>
      ['download', 'upload'].map((verb) => `Microsoft.Compute/${type}/${verb}/action`),
    ),
  ],
  [
    'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
    'Storage Blob Data Owner',
    [`${blobs}/*`, delegation],
    [`${blobs}/blobs/*`],
  ],
  [
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    'Storage Blob Data Contributor',
    [...everyContainer, delegation],
    ['delete', 'read', 'write', 'move/action', 'add/action'].map((verb) => `${blobs}/blobs/${verb}`),
  ],
  [
    '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    'Storage Blob Data Reader',
    [`${blobs}/read`, delegation],
    [`${blobs}/blobs/read`],
  ],
  [
    '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    'Storage Queue Data Contributor',
    ['delete', 'read', 'write'].map((verb) => `${queues}/${verb}`),
    ['delete', 'read', 'write', 'process/action'].map((verb) => `${messages}/${verb}`),
  ],
  [
    '19e7f393-937e-4f77-808e-94535e297925',
    'Storage Queue Data Reader',
    [`${queues}/read`],
    [`${messages}/read`],
  ],
  [
    '8a0f0c08-91a1-4084-bc3d-661d67233fed',
    'Storage Queue Data Message Processor',
    [],
    [`${messages}/read`, `${messages}/process/action`],
  ],
  [
    'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a',
    'Storage Queue Data Message Sender',
    [],
    [`${messages}/add/action`],
  ],
  ['00482a5a-887f-4fb3-b363-3b7fe8e74483', 'Key Vault Administrator', [], [`${vaults}/*`]],
  [
    '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
    'Key Vault Crypto Officer',
    [],
    [`${vaults}/keys/*`, `${vaults}/keyrotationpolicies/*`],
  ],
  [
    '12338af0-0e69-4776-bea7-57ae8d297424',
    'Key Vault Crypto User',
    [],
    [
      ...['read', 'update/action', 'backup/action', 'encrypt/action', 'decrypt/action'],
      ...['wrap/action', 'unwrap/action', 'sign/action', 'verify/action'],
    ].map((verb) => `${vaults}/keys/${verb}`),
  ],
  [
    'e147488a-f6f5-4113-8e2d-b22465e65bf6',
    'Key Vault Crypto Service Encryption User',
    [],
    ['read', 'wrap/action', 'unwrap/action'].map((verb) => `${vaults}/keys/${verb}`),
  ],
  ['21090545-7ca7-4776-b22c-e363652d74d2', 'Key Vault Reader', [`${vaults}/*/read`], [`${vaults}/*/read`]],
];

const roleIdOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** Built-in roles and the seed's own ones. */
export function roleDefinitions(custom: readonly RoleDefinitionSeed[]): readonly RoleDefinition[] {
  const builtIn = builtInRoles.map(([id, roleName, actions, dataActions = [], notActions = []]) => ({
    id,
    roleName,
    actions,
    notActions,
    dataActions,
    notDataActions: [],
  }));
  const own = custom.map((role, index) => ({
    notActions: [],
    dataActions: [],
    notDataActions: [],
    ...role,
    id: roleIdOf(index + 1),
  }));
  return [...builtIn, ...own];
}

/** Azure's wildcard match: `*` stands for any characters, letter case does not matter. */
export function matchesAction(pattern: string, action: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  if (parts.length === 1) return parts[0] === text;
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let position = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    position = found + part.length;
  }
  return true;
}

/** True when an assignment at `assigned` reaches `scope`: the same or something below it. */
export function reaches(assigned: string, scope: string): boolean {
  const upper = assigned.toLowerCase().replace(/\/+$/, '');
  const lower = scope.toLowerCase();
  return upper === '' || lower === upper || lower.startsWith(`${upper}/`);
}

/** Whether one role grants an action. */
export function grants(role: RoleDefinition, action: string, kind: 'action' | 'dataAction'): boolean {
  const allow = kind === 'action' ? role.actions : role.dataActions;
  const deny = kind === 'action' ? role.notActions : role.notDataActions;
  const any = (patterns: readonly string[]): boolean => patterns.some((each) => matchesAction(each, action));
  return any(allow) && !any(deny);
}

export type RoleAssignment = RoleAssignmentSeed & { readonly id: string };
