import type { accountProcedures } from '../contract/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';

export function accountHandlers(context: HandlerContext): Handlers<keyof typeof accountProcedures> {
  const { accounts } = context;
  return {
    'account.list': () => accounts.list(),
    async 'account.addServicePrincipal'(input, signal) {
      const account = await accounts.addServicePrincipal(input, signal);
      return { account, sessionId: context.startSync() };
    },
    'account.startDeviceCode': (input, signal) => accounts.startDeviceCode(input, signal),
    'account.deviceCodeState': ({ flowId }) => accounts.deviceCodeState(flowId),
    'account.cancelDeviceCode'({ flowId }) {
      accounts.cancelDeviceCode(flowId);
      return {};
    },
    async 'account.remove'({ accountId }) {
      await accounts.remove(accountId);
      // Machines that another account sees too are listed again.
      if (accounts.list().length > 0) context.startSync();
      return {};
    },
    'account.sync': () => ({ sessionId: context.startSync() }),
  };
}
