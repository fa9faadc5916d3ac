import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ResourceStore } from '../arm/index.ts';
import { type FaultBook, faultRuleSchema } from '../faults/index.ts';
import { type JsonObject, json, type LabRequest, type LabResponse, type Service } from '../front/index.ts';
import type { Directory, PendingGrants } from '../sts/index.ts';

export const adminKeyHeader = 'x-lab-admin-key';

export interface AdminDeps {
  readonly key: string;
  readonly faults: FaultBook;
  readonly directory: Directory;
  readonly pending: PendingGrants;
  readonly store: ResourceStore;
}

const decisionSchema = z.strictObject({
  userCode: z.string().min(1),
  /** Who signs in; without it the sign-in is declined. */
  userPrincipalName: z.string().optional(),
});

const refuse = (status: number, message: string): LabResponse => json(status, { error: message });
const plain = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

/**
 * The lab's own switchboard, for tests and for the person at the lab; the console knows nothing of it.
 * `GET|POST|DELETE /faults`, `DELETE /faults/{id}`, `GET /device-codes`, `POST /device-codes`, `GET /resources`.
 */
export function createAdminService(deps: AdminDeps): Service {
  return async (request) => {
    const sent = Buffer.from(request.headers[adminKeyHeader] ?? '');
    const key = Buffer.from(deps.key);
    if (sent.length !== key.length || !timingSafeEqual(sent, key)) return refuse(401, 'wrong admin key');
    try {
      return route(deps, request);
    } catch (error) {
      if (error instanceof z.ZodError) return refuse(400, z.prettifyError(error));
      if (error instanceof SyntaxError) return refuse(400, 'the body is not JSON');
      throw error;
    }
  };
}

function route(deps: AdminDeps, request: LabRequest): LabResponse {
  const { faults, pending, store } = deps;
  const [, area = '', id] = request.path.split('/');
  const body = (): unknown => JSON.parse(request.body.toString('utf8'));
  switch (`${request.method} ${area}${id === undefined ? '' : '/{id}'}`) {
    case 'GET faults':
      return json(200, plain({ faults: faults.list() }));
    case 'POST faults':
      return json(201, plain(faults.add(faultRuleSchema.parse(body()))));
    case 'DELETE faults':
      faults.clear();
      return json(200, {});
    case 'DELETE faults/{id}':
      return faults.remove(id ?? '') ? json(200, {}) : refuse(404, 'no such fault');
    case 'GET device-codes': {
      const waiting = pending
        .waitingDevices()
        .map(({ userCode, clientId, scope }) => ({ userCode, clientId, scope }));
      return json(200, { deviceCodes: waiting });
    }
    case 'POST device-codes':
      return decide(deps, decisionSchema.parse(body()));
    case 'GET resources':
      return json(200, plain({ resources: store.list({}).map(({ hidden: _hidden, ...shown }) => shown) }));
    default:
      return refuse(404, 'no such address');
  }
}

function decide(deps: AdminDeps, decision: z.infer<typeof decisionSchema>): LabResponse {
  const { userCode, userPrincipalName } = decision;
  const user = userPrincipalName === undefined ? undefined : deps.directory.user(userPrincipalName);
  if (userPrincipalName !== undefined && !user) return refuse(404, 'no such user');
  return deps.pending.settleDevice(userCode, user ?? 'declined')
    ? json(200, {})
    : refuse(404, 'no sign-in waits with this code');
}
