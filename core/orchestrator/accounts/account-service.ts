import {
  type Connection,
  connectUser,
  connectWithCertificate,
  connectWithSecret,
  proveSignIn,
} from '../../azure/index.ts';
import { type Account, AppError, type ParsedInput, type ProcedureOutput } from '../../contract/index.ts';
import type { AccountRecord } from '../../db/index.ts';
import { newId } from '../../domain/index.ts';
import { isoNow, type OrchestratorContext } from '../context.ts';
import { createDeviceCodeFlows } from './device-code-flows.ts';

export interface AccountService {
  list(): Account[];
  /** A connection that signs in when it is first used. Throws `not-found`, `not-signed-in`. */
  connect(accountId: string): Promise<Connection>;
  addServicePrincipal(
    input: ParsedInput<'account.addServicePrincipal'>,
    signal: AbortSignal,
  ): Promise<Account>;
  startDeviceCode(
    input: ParsedInput<'account.startDeviceCode'>,
    signal: AbortSignal,
  ): Promise<ProcedureOutput<'account.startDeviceCode'>>;
  deviceCodeState(flowId: string): ProcedureOutput<'account.deviceCodeState'>;
  cancelDeviceCode(flowId: string): void;
  /** Shown to the operator after Azure has refused the stored sign-in, or accepted it again. */
  setState(accountId: string, state: Account['state']): void;
  /** Throws `conflict` while repositories use it. */
  remove(accountId: string): Promise<void>;
  close(): void;
}

/** `onAdded` starts the first sync and answers its session. */
export function createAccountService(context: OrchestratorContext, onAdded: () => string): AccountService {
  const { database, host, events } = context;
  const connections = new Map<string, Connection>();

  const store = (record: AccountRecord): Account => {
    database.accounts.put(record);
    connections.delete(record.id);
    events.changed('account', record.id);
    return shown(record, context);
  };
  const flows = createDeviceCodeFlows(context, { store, onAdded });

  return {
    ...flows,
    list: () => database.accounts.list().map((record) => shown(record, context)),
    async connect(accountId) {
      const known = connections.get(accountId);
      if (known) return known;
      const record = database.accounts.find(accountId);
      if (!record) throw unknownAccount();
      const made = await connectionOf(context, record);
      connections.set(accountId, made);
      return made;
    },
    async addServicePrincipal(input, signal) {
      const secret = input.credential.kind === 'secret' ? input.credential.secret : input.credential.pem;
      const identity = { tenantId: input.tenantId, clientId: input.clientId };
      const connection = servicePrincipal(context, identity, { kind: input.credential.kind, secret });
      const proved = await proveSignIn(connection, signal);
      const id = newId(host.random);
      const secretKey = `account/${id}`;
      await host.secrets.set(secretKey, secret);
      return store({
        id,
        name: input.name,
        kind: 'service-principal',
        tenantId: proved.tenantId,
        principal: input.clientId,
        state: 'ready',
        addedAt: isoNow(context),
        secretKey,
        credential: input.credential.kind,
        homeAccountId: null,
      });
    },
    setState(accountId, state) {
      const record = database.accounts.find(accountId);
      if (record && record.state !== state) store({ ...record, state });
    },
    async remove(accountId) {
      const record = database.accounts.find(accountId);
      if (!record) throw unknownAccount();
      refuseUsed(context, record);
      database.accounts.remove(accountId);
      connections.delete(accountId);
      await host.secrets.delete(record.secretKey);
      events.changed('account', accountId);
      events.changed('vm', null);
    },
  };
}

function servicePrincipal(
  context: OrchestratorContext,
  identity: { readonly tenantId: string; readonly clientId: string },
  credential: { readonly kind: 'secret' | 'certificate'; readonly secret: string },
): Connection {
  const { cloud } = context.host;
  const { kind, secret } = credential;
  return kind === 'secret'
    ? connectWithSecret(cloud, { ...identity, secret }, context.connectionOptions)
    : connectWithCertificate(cloud, { ...identity, pem: secret }, context.connectionOptions);
}

async function connectionOf(context: OrchestratorContext, record: AccountRecord): Promise<Connection> {
  const { host, connectionOptions } = context;
  const { tenantId, secretKey, homeAccountId } = record;
  if (record.kind === 'user') {
    if (homeAccountId === null) throw signInNeeded(record);
    const signIn = { tenantId, homeAccountId, cacheKey: secretKey };
    return connectUser(host.cloud, signIn, host.secrets, connectionOptions);
  }
  const secret = await host.secrets.get(secretKey);
  if (secret === null || record.credential === null) throw signInNeeded(record);
  const identity = { tenantId, clientId: record.principal };
  return servicePrincipal(context, identity, { kind: record.credential, secret });
}

function shown(record: AccountRecord, { database }: OrchestratorContext): Account {
  const { secretKey: _, credential: __, homeAccountId: ___, ...account } = record;
  const subscriptions = database.subscriptions.ofAccount(record.id).map(({ id, name }) => ({ id, name }));
  return { ...account, subscriptions };
}

function refuseUsed({ database }: OrchestratorContext, record: AccountRecord): void {
  const repository = database.repositories.list().find(({ accountId }) => accountId === record.id);
  if (!repository) return;
  throw new AppError('conflict', {
    message: `The repository "${repository.name}" is reached with the account "${record.name}".`,
    hint: 'Remove that repository here first; its backups stay in Azure.',
    details: { repositoryId: repository.id },
  });
}

function unknownAccount(): AppError {
  return new AppError('not-found', {
    message: 'There is no such account here.',
    hint: 'It may have been removed; add it again.',
  });
}

function signInNeeded(record: AccountRecord): AppError {
  return new AppError('not-signed-in', {
    message: `The sign-in of the account "${record.name}" is not stored on this computer any more.`,
    hint: 'Remove the account and add it again.',
  });
}
