import { apiVersions } from '../../api-versions.ts';
import { network } from '../../resource-kind.ts';

/** Names of network resources: 1 to 80 of letters, digits, `_.-`, beginning with a letter or digit. */
export const networkName = /^[A-Za-z0-9](?:[\w.-]{0,78}\w)?$/;

export const networkDialect = network({
  provider: 'Microsoft.Network',
  status: 'operations',
  result: 'operationResults',
  apiVersions: apiVersions.network,
});
