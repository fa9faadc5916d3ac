import type { AccessControl, FaultMatcher } from '../ports.ts';
import { neededPermission } from './data-action.ts';
import type { GateQuestion, GateVerdict } from './storage-messages.ts';

export interface GateKeeperDeps {
  readonly faults: FaultMatcher;
  readonly access: AccessControl;
  /** Resource Manager id of an account, the scope of its role assignments. */
  readonly resourceIdOf: (account: string) => string | undefined;
}

/** Decides about one request at the storage process's gate: the switched-on faults, then the token's permission. */
export function judge(deps: GateKeeperDeps, question: GateQuestion): GateVerdict {
  const url = new URL(question.url, 'https://localhost');
  const fault = deps.faults.match({
    service: question.service,
    method: question.method,
    path: url.pathname,
    query: url.searchParams,
  });
  const verdict: GateVerdict = { delayMs: fault?.delayMs ?? 0, drop: fault?.drop, respond: fault?.respond };
  if (verdict.respond !== undefined || verdict.drop === 'before' || question.bearer === undefined) {
    return verdict;
  }
  return { ...verdict, respond: refusalOf(deps, question, url) };
}

function refusalOf(deps: GateKeeperDeps, question: GateQuestion, url: URL): GateVerdict['respond'] {
  const check = deps.access.verify(question.bearer, 'storage');
  if (!check.ok) {
    return {
      status: 401,
      code: 'InvalidAuthenticationInfo',
      message: `Server failed to authenticate the request. ${check.message}`,
      headers: {
        'www-authenticate':
          'Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize resource_id=https://storage.azure.com',
      },
    };
  }
  const [account = '', ...segments] = url.pathname
    .split('/')
    .filter((s) => s !== '')
    .map(decoded);
  const resourceId = deps.resourceIdOf(account);
  const { service, method } = question;
  const needed = neededPermission({ service, method, segments, query: url.searchParams });
  const allowed =
    resourceId !== undefined &&
    needed.actions.some((action) =>
      deps.access.isAllowed(check.caller, {
        action,
        scope: `${resourceId}${needed.scopeSuffix}`,
        kind: needed.kind,
      }),
    );
  if (allowed) return undefined;
  return {
    status: 403,
    code: 'AuthorizationPermissionMismatch',
    message: 'This request is not authorized to perform this operation using this permission.',
    headers: {},
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
