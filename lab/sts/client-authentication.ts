import { constants, createHash, verify as cryptoVerify, X509Certificate } from 'node:crypto';
import type { PrincipalSeed } from '../ports.ts';
import { decodeJwt } from './jwt.ts';
import { missingParameter, SignInError } from './sign-in-error.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface ClientProof {
  readonly form: URLSearchParams;
  /** The token endpoint as the client called it: the audience of its assertion. */
  readonly tokenEndpoint: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Makes sure that the caller holds a secret or certificate of this application; throws `invalid_client`. */
export function authenticateClient(application: PrincipalSeed, proof: ClientProof): void {
  const secret = proof.form.get('client_secret');
  const assertion = proof.form.get('client_assertion');
  if (secret !== null) checkSecret(application, secret, proof.now);
  else if (assertion !== null) checkAssertion(application, assertion, proof);
  else {
    throw new SignInError(
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
}

function checkSecret(application: PrincipalSeed, secret: string, now: number): void {
  const kept = application.secrets?.find((each) => each.value === secret);
  if (!kept) {
    throw new SignInError(
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${application.clientId}'.`,
    );
  }
  if (kept.expiresOn !== undefined && Date.parse(kept.expiresOn) <= now) {
    throw new SignInError(
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${application.clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    );
  }
}

const thumbprint = (certificate: X509Certificate, algorithm: 'sha1' | 'sha256'): string =>
  createHash(algorithm).update(certificate.raw).digest('base64url');

function checkAssertion(application: PrincipalSeed, assertion: string, proof: ClientProof): void {
  if (proof.form.get('client_assertion_type') !== assertionType)
    throw missingParameter('client_assertion_type');
  const invalid = (message: string): SignInError => new SignInError('invalid_client', 700027, message);
  const decoded = decodeJwt(assertion);
  if (!decoded) throw new SignInError('invalid_client', 50027, 'JWT token is invalid or malformed.');
  const { header, claims } = decoded;
  const certificate = (application.certificates ?? [])
    .map((pem) => new X509Certificate(pem))
    .find(
      (each) => header['x5t#S256'] === thumbprint(each, 'sha256') || header.x5t === thumbprint(each, 'sha1'),
    );
  if (!certificate) {
    throw invalid(
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.] Application '${application.clientId}'.`,
    );
  }
  if (Date.parse(certificate.validTo) <= proof.now) {
    throw invalid(
      `Client assertion failed signature validation. [Reason - The key used is expired.] Application '${application.clientId}'.`,
    );
  }
  const pss = header.alg === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
  const known = header.alg === 'PS256' || header.alg === 'RS256';
  const key = { key: certificate.publicKey, ...pss };
  if (!known || !cryptoVerify('sha256', Buffer.from(decoded.signedText), key, decoded.signature)) {
    throw invalid('Client assertion failed signature validation.');
  }
  if (claims.aud !== proof.tokenEndpoint) {
    throw new SignInError(
      'invalid_client',
      700023,
      `Client assertion audience claim does not match Realm issuer. Expected '${proof.tokenEndpoint}'.`,
    );
  }
  if (claims.iss !== application.clientId || claims.sub !== application.clientId) {
    throw invalid('Client assertion subject and issuer must be the client id.');
  }
  if (Number(claims.exp) * 1000 <= proof.now) {
    throw new SignInError('invalid_client', 700024, 'Client assertion is not within its valid time range.');
  }
}
