import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';
import type { CloudEndpoints } from '../host.ts';
import { type Connection, type ConnectionOptions, connect } from './connection.ts';
import type { CertificateSignIn, SecretSignIn } from './model.ts';

/** A connection of an application by client secret. No request is made; see `proveSignIn`. */
export function connectWithSecret(
  cloud: CloudEndpoints,
  signIn: SecretSignIn,
  options?: ConnectionOptions,
): Connection {
  const credential = lazyCredential(async () => {
    const { ClientSecretCredential } = await import('@azure/identity');
    return new ClientSecretCredential(signIn.tenantId, signIn.clientId, signIn.secret, authority(cloud));
  });
  return connect({ cloud, credential, tenantId: signIn.tenantId, ...(options ? { options } : {}) });
}

/** A connection of an application by certificate (PEM with its private key). No request is made. */
export function connectWithCertificate(
  cloud: CloudEndpoints,
  signIn: CertificateSignIn,
  options?: ConnectionOptions,
): Connection {
  const credential = lazyCredential(async () => {
    const { ClientCertificateCredential } = await import('@azure/identity');
    return new ClientCertificateCredential(
      signIn.tenantId,
      signIn.clientId,
      { certificate: signIn.pem },
      authority(cloud),
    );
  });
  return connect({ cloud, credential, tenantId: signIn.tenantId, ...(options ? { options } : {}) });
}

/** Hosts that Microsoft's instance discovery knows; any other must be trusted as configured. */
const knownHosts = [
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'login.chinacloudapi.cn',
];

export function isKnownAuthority(cloud: CloudEndpoints): boolean {
  return knownHosts.includes(new URL(cloud.authorityHost).host);
}

function authority(cloud: CloudEndpoints) {
  return { authorityHost: cloud.authorityHost, disableInstanceDiscovery: !isKnownAuthority(cloud) };
}

/** Loads the sign-in library with the first token. */
function lazyCredential(make: () => Promise<TokenCredential>): TokenCredential {
  let made: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      made ??= make();
      return (await made).getToken(scopes, options);
    },
  };
}
