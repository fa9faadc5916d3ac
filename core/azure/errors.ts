import { AppError, type AppErrorInit, type ErrorCode } from '../contract/index.ts';

/** What is known about a failure that Azure itself reported. */
export interface AzureFailure {
  readonly status: number;
  /** Azure's own code, empty when it sent none. */
  readonly azureCode: string;
  readonly message: string;
  readonly requestId: string;
  /** Codes and messages of inner errors, joined. */
  readonly inner: string;
}

/** An answer of Azure on its way from the HTTP pipeline to the function that knows what was tried. */
export class AzureAnswer extends Error {
  readonly failure: AzureFailure;

  constructor(failure: AzureFailure) {
    super(failure.message);
    this.name = 'AzureAnswer';
    this.failure = failure;
  }
}

interface Rule {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable?: boolean;
}

const capacity: Rule = {
  code: 'capacity-unavailable',
  hint: 'Azure has no capacity for this size here now. Choose another size, zone or region, or try later.',
  retryable: true,
};
const quota: Rule = {
  code: 'quota-exceeded',
  hint: 'Ask Azure for a higher quota in this subscription and region, or choose something smaller.',
};
const denied: Rule = {
  code: 'permission-denied',
  hint: 'Give the account a role that allows this action, then try again. A new role may need some minutes to work.',
};
const throttled: Rule = {
  code: 'throttled',
  hint: 'Azure asks to slow down. Try again in a few minutes.',
  retryable: true,
};

/** Azure's codes with a meaning of their own; everything else is decided by the HTTP status. */
const byAzureCode: Readonly<Record<string, Rule>> = {
  SkuNotAvailable: capacity,
  AllocationFailed: capacity,
  ZonalAllocationFailed: capacity,
  OverconstrainedAllocationRequest: capacity,
  OverconstrainedZonalAllocationRequest: capacity,
  QuotaExceeded: quota,
  DiskQuotaExceeded: quota,
  PublicIPCountLimitReached: quota,
  SnapshotCountExceeded: quota,
  AuthorizationFailed: denied,
  LinkedAuthorizationFailed: denied,
  AuthorizationPermissionMismatch: denied,
  AuthorizationFailure: denied,
  InsufficientAccountPermissions: denied,
  KeyBasedAuthenticationNotPermitted: {
    code: 'permission-denied',
    hint: 'The storage account forbids access by account key; allow it or use another account for workers.',
  },
  RequestDisallowedByPolicy: {
    code: 'permission-denied',
    hint: 'An Azure Policy of this subscription forbids it; ask its administrator for an exemption.',
  },
  InvalidAuthenticationToken: {
    code: 'not-signed-in',
    hint: 'Sign in to this account again.',
  },
  ExpiredAuthenticationToken: {
    code: 'not-signed-in',
    hint: 'Sign in to this account again. Check the clock of this computer too.',
  },
  InvalidAuthenticationInfo: { code: 'not-signed-in', hint: 'Sign in to this account again.' },
  SubscriptionNotFound: {
    code: 'not-found',
    hint: 'The subscription is gone or the account can no longer see it. Synchronise the account.',
  },
  ServerBusy: throttled,
  TooManyRequests: throttled,
  OperationAborted: { code: 'conflict', hint: 'Azure stopped the operation. Try again.', retryable: true },
  BlobAlreadyExists: { code: 'already-exists', hint: '' },
};

function byStatus(status: number): Rule {
  if (status === 401) return { code: 'not-signed-in', hint: 'Sign in to this account again.' };
  if (status === 403) return denied;
  if (status === 404 || status === 410)
    return { code: 'not-found', hint: 'It may have been deleted in Azure. Synchronise the account.' };
  if (status === 429) return throttled;
  if (status === 409 || status === 412)
    return {
      code: 'conflict',
      hint: 'Something else works on this resource, or its state does not allow it. Try again later.',
      retryable: true,
    };
  if (status === 408 || status >= 500)
    return { code: 'azure-failed', hint: 'Azure had a problem. Try again later.', retryable: true };
  return { code: 'azure-failed', hint: 'Read what Azure says; correct it and try again.' };
}

/** One failure of Azure as our error. `action` says what was tried, as in "list virtual machines". */
export function azureError(action: string, failure: AzureFailure, cause?: unknown): AppError {
  const isQuota = failure.azureCode === 'OperationNotAllowed' && /quota/i.test(failure.message);
  const rule = isQuota ? quota : (byAzureCode[failure.azureCode] ?? byStatus(failure.status));
  const missing = /perform action '([^']+)'(?:.*? over scope '([^']+)')?/s.exec(failure.message);
  const details: Record<string, string> = {
    action,
    status: String(failure.status),
    ...(failure.azureCode === '' ? {} : { azureCode: failure.azureCode }),
    ...(failure.requestId === '' ? {} : { requestId: failure.requestId }),
    ...(failure.message === '' ? {} : { azureMessage: withoutSecrets(failure.message).slice(0, 1500) }),
    ...(failure.inner === '' ? {} : { inner: withoutSecrets(failure.inner).slice(0, 1500) }),
    ...(missing?.[1] === undefined ? {} : { missingAction: missing[1] }),
    ...(missing?.[2] === undefined ? {} : { scope: missing[2] }),
  };
  return new AppError(rule.code, {
    message: messageFor(rule.code, action, failure, missing?.[1]),
    hint:
      missing?.[1] === undefined
        ? rule.hint
        : `Give the account a role with "${missing[1]}" on that resource, then try again.`,
    retryable: rule.retryable ?? false,
    details,
    cause,
  });
}

function messageFor(code: ErrorCode, action: string, failure: AzureFailure, missingAction?: string): string {
  if (code === 'permission-denied' && missingAction !== undefined)
    return `The account may not ${action}: the permission "${missingAction}" is missing.`;
  if (code === 'permission-denied') return `The account may not ${action}.`;
  const text = withoutSecrets(failure.message).split('\n')[0]?.trim().slice(0, 400) ?? '';
  const reason = text === '' ? failure.azureCode || `HTTP status ${failure.status}` : text;
  return `Azure could not ${action}: ${reason}`;
}

/** SAS signatures and bearer tokens taken out of a text that Azure or an SDK wrote. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/([?&;]|\b)(sig|sv|se|st|skoid|sktid|skt|ske)=[^&\s"'<>]+/gi, '$1$2=***')
    .replaceAll(/Bearer\s+[\w.~+/-]+=*/gi, 'Bearer ***');
}

// ------------------------------------------------------------------------------ anything thrown
interface ThrownFields {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
  readonly response?: { readonly headers?: { get?(name: string): string | undefined }; bodyAsText?: unknown };
  readonly cause?: unknown;
}

/**
 * Whatever an Azure SDK, its HTTP layer or its sign-in library threw, as our error. AppErrors pass through, so it may
 * be applied at every level.
 */
export function toAzureError(action: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof AzureAnswer) return azureError(action, thrown.failure, thrown);
  const fields: ThrownFields = typeof thrown === 'object' && thrown !== null ? thrown : {};
  const message = typeof fields.message === 'string' ? fields.message : String(thrown);
  if (fields.name === 'AbortError' || fields.name === 'AbortSignal')
    return new AppError('cancelled', { message: `Cancelled: ${action}.`, cause: thrown });
  const signIn = signInError(message, fields, thrown);
  if (signIn) return signIn;
  if (typeof fields.statusCode === 'number')
    return azureError(action, failureOf(fields, fields.statusCode, message), thrown);
  const network = networkError(action, fields, message, thrown);
  if (network) return network;
  return new AppError('azure-failed', {
    message: `Azure could not ${action}: ${withoutSecrets(message).slice(0, 400)}`,
    hint: 'Read what Azure says; correct it and try again.',
    details: { action, ...(typeof fields.code === 'string' ? { azureCode: fields.code } : {}) },
    cause: thrown,
  });
}

function failureOf(fields: ThrownFields, status: number, message: string): AzureFailure {
  const inner = fields.details as { errorCode?: unknown; code?: unknown } | undefined;
  const code = [inner?.errorCode, fields.code, inner?.code].find((value) => typeof value === 'string');
  const header = (name: string): string => fields.response?.headers?.get?.(name) ?? '';
  return {
    status,
    azureCode: String(code ?? header('x-ms-error-code')),
    message,
    requestId: header('x-ms-request-id'),
    inner: '',
  };
}

const networkCodes =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|CERT|SIGNATURE|REQUEST_SEND_ERROR|SSL|PARSE_ERROR|network_error|endpoints_resolution_error/i;

function networkError(
  action: string,
  fields: ThrownFields,
  message: string,
  cause: unknown,
): AppError | undefined {
  const code = typeof fields.code === 'string' ? fields.code : '';
  if (!networkCodes.test(code) && !networkCodes.test(message) && message !== 'fetch failed') return undefined;
  const trust = /CERT|SIGNATURE|SSL/i.test(`${code} ${message}`);
  return new AppError('unreachable', {
    message: `Azure could not be reached to ${action}.`,
    hint: trust
      ? "The server's certificate is not trusted here; a proxy may be in between."
      : 'Check the network, proxy and firewall of this computer, then try again.',
    retryable: true,
    details: { action, reason: withoutSecrets(code === '' ? message : `${code} ${message}`).slice(0, 400) },
    cause,
  });
}

/** Entra's codes: Microsoft, "Microsoft Entra authentication and authorization error codes". */
const signInHints: ReadonlyArray<readonly [pattern: RegExp, message: string, hint: string]> = [
  [/AADSTS7000215/, 'The client secret is wrong.', "Enter the secret's value, not its id."],
  [
    /AADSTS7000222/,
    'The client secret has expired.',
    'Make a new secret for the application and enter it here.',
  ],
  [
    /AADSTS700027/,
    'The certificate does not belong to the application.',
    'Upload its public part to the application first.',
  ],
  [/AADSTS700016/, 'This tenant does not know the application.', 'Check the client id and the tenant.'],
  [/AADSTS(90002|900023|50059|90013)/, 'There is no such tenant.', 'Check the tenant id or domain.'],
  [
    /AADSTS(70043|700082|50173|65001|50076|50079|53003|50034|50126)/,
    'The sign-in is no longer accepted.',
    'Sign in again.',
  ],
  [
    /AADSTS70019|code_expired|expired_token/,
    'The code expired before the sign-in was finished.',
    'Start the sign-in again.',
  ],
  [
    /AADSTS70020|authorization_declined|access_denied/,
    'The sign-in was refused.',
    'Start the sign-in again.',
  ],
];

function signInError(message: string, fields: ThrownFields, cause: unknown): AppError | undefined {
  const entra = /AADSTS\d+/.exec(message)?.[0];
  const fromLibrary =
    /AuthError|AuthenticationError|AuthenticationRequiredError|CredentialUnavailableError|ServerError|InteractionRequiredAuthError|ClientAuthError|ClientConfigurationError/.test(
      String(fields.name),
    );
  if (entra === undefined && !fromLibrary) return undefined;
  if (entra === undefined && networkCodes.test(message)) return undefined;
  const known = signInHints.find(([pattern]) => pattern.test(message));
  const again = /no_tokens_found|interaction_required|invalid_grant|no_account/i.test(message);
  const init: AppErrorInit = {
    message: known?.[1] ?? 'Azure refused the sign-in.',
    hint: known?.[2] ?? 'Check tenant, application and secret, then sign in again.',
    details: {
      ...(entra === undefined ? {} : { azureCode: entra }),
      azureMessage: withoutSecrets(message).slice(0, 800),
    },
    cause,
  };
  return new AppError(again && known === undefined ? 'not-signed-in' : 'sign-in-failed', init);
}

/** Runs one call of an SDK; whatever it throws comes out as an AppError that says what was tried. */
export async function azureCall<T>(action: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw cancelled(action, signal);
  try {
    return await call();
  } catch (thrown) {
    if (signal.aborted) throw cancelled(action, signal);
    throw toAzureError(action, thrown);
  }
}

function cancelled(action: string, signal: AbortSignal): AppError {
  return new AppError('cancelled', { message: `Cancelled: ${action}.`, cause: signal.reason });
}

/** The result, or null when Azure says that there is no such thing. */
export async function orNull<T>(pending: Promise<T>): Promise<T | null> {
  try {
    return await pending;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found') return null;
    throw thrown;
  }
}

/** Done, or there was nothing to do because it is gone. */
export async function orGone(pending: Promise<unknown>): Promise<void> {
  await orNull(pending);
}
