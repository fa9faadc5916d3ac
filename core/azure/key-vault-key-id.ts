import { AppError } from '../contract/index.ts';
import type { CloudEndpoints } from '../host.ts';

/** A key's address, taken apart. */
export interface KeyVaultKeyId {
  /** `https://NAME.vault.azure.net`, without a slash at the end. */
  readonly vaultUrl: string;
  readonly name: string;
  /** Undefined for "whichever is the newest". */
  readonly version: string | undefined;
}

const path = /^\/keys\/([0-9a-zA-Z-]{1,127})(?:\/([0-9a-fA-F]{32}))?\/?$/;

/**
 * Takes `https://VAULT.vault.azure.net/keys/NAME[/VERSION]` apart. Only hosts of this cloud's vaults are taken: the id may
 * come from a repository that somebody else can write, and a token must not follow it elsewhere.
 * `not-supported` in a cloud without Key Vault.
 */
export function parseKeyVaultKeyId(cloud: CloudEndpoints, id: string): KeyVaultKeyId {
  if (cloud.keyVault === undefined)
    throw new AppError('not-supported', {
      message: `The cloud ${cloud.name} is described without a Key Vault.`,
    });
  const { hostSuffix } = cloud.keyVault;
  const url = URL.parse(id);
  const match = url === null ? null : path.exec(url.pathname);
  const plain = url?.protocol === 'https:' && url.username === '' && url.search === '' && url.hash === '';
  if (url === null || match === null || !plain || !isHostOf(url.hostname, hostSuffix))
    throw new AppError('invalid-input', {
      message: `"${id.slice(0, 200)}" is not the address of a Key Vault key of this cloud.`,
      hint: `It looks like https://VAULT.${hostSuffix}/keys/NAME, with /VERSION behind it or without.`,
      details: { field: 'key-vault-key' },
    });
  return { vaultUrl: url.origin, name: match[1] ?? '', version: match[2]?.toLowerCase() };
}

export function formatKeyVaultKeyId({ vaultUrl, name, version }: KeyVaultKeyId): string {
  return `${vaultUrl}/keys/${name}${version === undefined ? '' : `/${version}`}`;
}

function isHostOf(host: string, suffix: string): boolean {
  return host === suffix || host.endsWith(`.${suffix}`);
}
