import type { Command } from 'commander';
import { type Account, AppError } from '../../../core/contract/index.ts';
import type { Core } from '../../../core/host.ts';
import type { CliIo } from '../cli-io.ts';
import { type CommandContext, print, withCore } from '../command-context.ts';
import { only } from '../find.ts';
import { formatTable } from '../format.ts';
import { runSession } from '../run-session.ts';
import { readSecret } from '../secret-input.ts';

const pollMs = 2000;

interface AddOptions {
  readonly tenant: string;
  readonly name?: string;
  readonly clientId?: string;
  readonly secretFile?: string;
  readonly secretEnv?: string;
  readonly certificateFile?: string;
  readonly deviceCode?: boolean;
}

export function registerAccountCommands(program: Command, context: CommandContext): void {
  const { io } = context;
  const accounts = program.command('accounts').description('identities that Cairn signs in to Azure with');
  accounts
    .command('list', { isDefault: true })
    .description('accounts and their subscriptions')
    .action((_options, command: Command) =>
      withCore(context, command, async (core, options) => {
        const list = await core.call('account.list', {}, io.signal);
        print(io, options, list, () => accountTable(list));
      }),
    );
  accounts
    .command('add')
    .description('signs in: a service principal with a secret or certificate, or a user with a device code')
    .requiredOption('--tenant <id>', 'directory (tenant) id or domain')
    .option('--name <name>', 'how the account is called here')
    .option('--client-id <id>', 'application (client) id of the service principal')
    .option('--secret-file <file>', 'file with the client secret; - is standard input')
    .option('--secret-env <variable>', 'environment variable with the client secret')
    .option('--certificate-file <file>', 'PEM with the certificate and its private key')
    .option('--device-code', 'signs a user in with a code in any browser')
    .action((own: AddOptions, command: Command) =>
      withCore(context, command, async (core, options) => {
        const added = own.deviceCode
          ? await addByDeviceCode(core, own, io)
          : await addServicePrincipal(core, own, io);
        await runSession(core, added.sessionId, io);
        const list = await core.call('account.list', {}, io.signal);
        const account = list.find((candidate) => candidate.id === added.account.id) ?? added.account;
        print(io, options, account, () => accountTable([account]));
      }),
    );
  accounts
    .command('remove')
    .argument('<account>', 'name or id')
    .description('forgets an account and its secret')
    .action((wanted: string, _options, command: Command) =>
      withCore(context, command, async (core, options) => {
        const list = await core.call('account.list', {}, io.signal);
        const account = only(
          list.filter((candidate) => candidate.id === wanted || candidate.name === wanted),
          { field: 'account', type: 'account', wanted, name: (a) => a.id, hint: 'See `cairn accounts`.' },
        );
        await core.call('account.remove', { accountId: account.id }, io.signal);
        print(io, options, { removed: account.id }, () => `Removed ${account.name}.\n`);
      }),
    );
}

async function addServicePrincipal(core: Core, own: AddOptions, io: CliIo) {
  if (own.clientId === undefined)
    throw new AppError('invalid-input', {
      message: 'Give --client-id with a secret or certificate, or --device-code.',
      hint: 'See `cairn accounts add --help`.',
      details: { field: 'client-id' },
    });
  const options = '--secret-file, --secret-env or --certificate-file';
  const source = { variable: undefined, options, question: 'Client secret' };
  const credential =
    own.certificateFile === undefined
      ? {
          kind: 'secret' as const,
          secret: await readSecret(
            { ...source, file: own.secretFile, variable: own.secretEnv, field: 'secret' },
            io,
          ),
        }
      : {
          kind: 'certificate' as const,
          pem: await readSecret({ ...source, file: own.certificateFile, field: 'certificate' }, io),
        };
  const { tenant: tenantId, clientId } = own;
  const name = own.name ?? `Service principal ${clientId.slice(0, 8)}`;
  return core.call('account.addServicePrincipal', { name, tenantId, clientId, credential }, io.signal);
}

async function addByDeviceCode(core: Core, own: AddOptions, io: CliIo) {
  const input = { name: own.name ?? `User of ${own.tenant}`, tenantId: own.tenant };
  const flow = await core.call('account.startDeviceCode', input, io.signal);
  io.stderr(`Open ${flow.verificationUrl} and enter the code ${flow.userCode}\n`);
  try {
    for (;;) {
      const state = await core.call('account.deviceCodeState', { flowId: flow.flowId }, io.signal);
      if (state.state === 'done') return state;
      if (state.state === 'failed') throw AppError.fromRecord(state.error);
      await pause(pollMs, io.signal);
    }
  } catch (error) {
    await core.call('account.cancelDeviceCode', { flowId: flow.flowId }).catch(() => undefined);
    throw error;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}

function accountTable(accounts: readonly Account[]): string {
  return formatTable(
    ['ID', 'NAME', 'KIND', 'PRINCIPAL', 'TENANT', 'STATE', 'SUBSCRIPTIONS'],
    accounts.map((account) => [
      account.id,
      account.name,
      account.kind,
      account.principal,
      account.tenantId,
      account.state,
      account.subscriptions.map((subscription) => subscription.name).join(', '),
    ]),
  );
}
