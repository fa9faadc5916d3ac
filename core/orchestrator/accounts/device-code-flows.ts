import { type DeviceCodeFlow, type SignedInIdentity, startDeviceCode } from '../../azure/index.ts';
import { type Account, AppError, type ProcedureOutput, toAppError } from '../../contract/index.ts';
import type { AccountRecord } from '../../db/index.ts';
import { newId } from '../../domain/index.ts';
import { isoNow, type OrchestratorContext } from '../context.ts';
import type { AccountService } from './account-service.ts';

type FlowState = ProcedureOutput<'account.deviceCodeState'>;
type Flows = Pick<AccountService, 'startDeviceCode' | 'deviceCodeState' | 'cancelDeviceCode' | 'close'>;

export interface FlowHooks {
  store(record: AccountRecord): Account;
  onAdded(): string;
}

/** Sign-ins by device code that are going on. They end with core: a code lives minutes. */
export function createDeviceCodeFlows(context: OrchestratorContext, hooks: FlowHooks): Flows {
  const { host } = context;
  const flows = new Map<string, { state: FlowState; readonly controller: AbortController }>();

  const follow = async (
    flowId: string,
    flow: DeviceCodeFlow,
    made: { readonly id: string; readonly name: string; readonly tenantId: string },
  ): Promise<FlowState> => {
    const identity = await flow.result;
    if (!flows.has(flowId)) throw new AppError('cancelled', { message: 'The sign-in was cancelled.' });
    const account = hooks.store(userRecord(made, identity, isoNow(context)));
    return { state: 'done', account, sessionId: hooks.onAdded() };
  };

  return {
    async startDeviceCode(input) {
      const id = newId(host.random);
      const controller = new AbortController();
      const request = { tenantId: input.tenantId, cacheKey: `account/${id}` };
      const flow = await startDeviceCode(host.cloud, request, host.secrets, controller.signal);
      const flowId = newId(host.random);
      const entry: { state: FlowState; readonly controller: AbortController } = {
        state: { state: 'waiting' },
        controller,
      };
      flows.set(flowId, entry);
      follow(flowId, flow, { id, name: input.name, tenantId: input.tenantId }).then(
        (state) => {
          entry.state = state;
        },
        (error) => {
          entry.state = { state: 'failed', error: toAppError(error).toRecord() };
        },
      );
      return {
        flowId,
        userCode: flow.userCode,
        verificationUrl: flow.verificationUrl,
        expiresAt: new Date(flow.expiresAt).toISOString(),
      };
    },
    deviceCodeState(flowId) {
      const entry = flows.get(flowId);
      if (entry) return entry.state;
      throw new AppError('not-found', {
        message: 'There is no such sign-in.',
        hint: 'It was cancelled, or Cairn was restarted. Start the sign-in again.',
      });
    },
    cancelDeviceCode(flowId) {
      flows.get(flowId)?.controller.abort();
      flows.delete(flowId);
    },
    close() {
      for (const { controller } of flows.values()) controller.abort();
      flows.clear();
    },
  };
}

function userRecord(
  made: { readonly id: string; readonly name: string; readonly tenantId: string },
  identity: SignedInIdentity,
  now: string,
): AccountRecord {
  return {
    id: made.id,
    name: made.name,
    kind: 'user',
    tenantId: identity.tenantId,
    principal: identity.principal,
    state: 'ready',
    addedAt: now,
    secretKey: `account/${made.id}`,
    credential: null,
    homeAccountId: identity.homeAccountId,
  };
}
