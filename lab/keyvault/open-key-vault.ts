import { withFaults } from '../faults/index.ts';
import { type LabRequest, type LabResponse, openFrontDoor } from '../front/index.ts';
import type { AccessControl, CallerIdentity, FaultMatcher, KeyVaultSeed } from '../ports.ts';
import type { KeyAndCertificate } from '../tls/index.ts';
import { openKeyBook } from './key-book.ts';
import { seededVersion } from './key-handlers.ts';
import { badParameter, forbidden, VaultError } from './vault-error.ts';
import { serveVault } from './vault-service.ts';

export interface KeyVaultOptions {
  readonly vault: KeyVaultSeed;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tls: KeyAndCertificate;
  readonly faults: FaultMatcher;
  readonly access: AccessControl;
  /** `https://localhost:PORT` of sign-in; challenges send callers there. */
  readonly authorityHost: string;
  /** Where the keys are kept; without it they end with the lab. */
  readonly file: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onDefect: (error: unknown) => void;
}

/** The data plane of one vault, at an address of its own: a key's id has no room for the vault's name in its path. */
export interface LabKeyVault {
  /** `https://localhost:PORT`: what `https://NAME.vault.azure.net` is in Azure. */
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

const audience = 'https://vault.azure.net';
const knownVersions = ['7.0', '7.1', '7.2', '7.3', '7.4', '7.5', '7.6', '2025-07-01'];

export async function openKeyVault(options: KeyVaultOptions): Promise<LabKeyVault> {
  const book = await openKeyBook(options.file);
  const known = [...book.list('live'), ...book.list('deleted')].map(({ name }) => name);
  for (const name of options.vault.keys.filter((each) => !known.includes(each)))
    await book.add(name, await seededVersion(options));
  const deps = {
    book,
    now: options.now,
    allow: (caller: CallerIdentity, action: string, keyName?: string) =>
      requireAction(options, caller, { action, keyName }),
  };
  return openFrontDoor({
    host: '127.0.0.1',
    port: options.port,
    tls: options.tls,
    service: withFaults('keyvault', options.faults, (request) =>
      refusalsAnswered(async () => serveVault(deps, request, callerOf(options, request))),
    ),
    onDefect: options.onDefect,
  });
}

async function refusalsAnswered(work: () => Promise<LabResponse>): Promise<LabResponse> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VaultError) return error.toResponse();
    throw error;
  }
}

/** Who calls: 401 with a challenge for no token or a wrong one, also for one of another tenant. */
function callerOf(options: KeyVaultOptions, request: LabRequest): CallerIdentity {
  const check = options.access.verify(request.headers['authorization'], 'keyvault');
  if (!check.ok)
    throw challenge(options, check.reason === 'missing' ? noToken : `AKV10022: ${check.message}`);
  if (check.caller.tenantId !== options.vault.tenantId)
    throw challenge(
      options,
      `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${options.vault.tenantId}/, found https://sts.windows.net/${check.caller.tenantId}/.`,
    );
  const version = request.query.get('api-version');
  if (version === null || !knownVersions.includes(version))
    throw badParameter(
      `The specified version (${version ?? ''}) is not recognized. Consider using the latest supported version.`,
    );
  return check.caller;
}

const noToken = 'AKV10000: Request is missing a Bearer or PoP token.';

function challenge({ authorityHost, vault }: KeyVaultOptions, message: string): VaultError {
  const authorization = `${authorityHost}/${vault.tenantId}`;
  return new VaultError(401, 'Unauthorized', message, {
    headers: { 'www-authenticate': `Bearer authorization="${authorization}", resource="${audience}"` },
  });
}

function requireAction(
  { access, vault }: KeyVaultOptions,
  caller: CallerIdentity,
  wanted: { readonly action: string; readonly keyName: string | undefined },
): void {
  const action = `Microsoft.KeyVault/vaults/${wanted.action}`;
  const scope = wanted.keyName === undefined ? vault.id : `${vault.id}/keys/${wanted.keyName}`;
  if (access.isAllowed(caller, { action, scope, kind: 'dataAction' })) return;
  const lines = [
    'Caller is not authorized to perform action on resource.',
    'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
    `Caller: appid=${caller.clientId};oid=${caller.objectId};iss=https://sts.windows.net/${caller.tenantId}/`,
    `Action: '${action}'`,
    `Resource: '${scope.toLowerCase()}'`,
    'Assignment: (not found)',
    'DenyAssignmentId: null',
    'DecisionReason: null',
    `Vault: ${vault.id.split('/').at(-1)};location=${vault.location}`,
  ];
  throw forbidden('ForbiddenByRbac', `${lines.join('\r\n')}\r\n`);
}
