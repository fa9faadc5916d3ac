import type { Command } from 'commander';
import { AppError, type Repository, type StorageAccount } from '../../../core/contract/index.ts';
import type { Core } from '../../../core/host.ts';
import type { CliIo } from '../cli-io.ts';
import { type CommandContext, print, withCore } from '../command-context.ts';
import { findRepository, only } from '../find.ts';
import { formatBytes, formatTable, formatTime } from '../format.ts';
import { runSession } from '../run-session.ts';
import { readSecret } from '../secret-input.ts';

interface AddOptions {
  readonly storageAccount: string;
  readonly container: string;
  readonly folder: string;
  readonly name?: string;
  readonly createContainer?: boolean;
  readonly passwordFile?: string;
  readonly passwordEnv?: string;
  readonly encryption: boolean;
  readonly attach?: boolean;
  readonly takeOver?: boolean;
}

export function registerRepositoryCommands(program: Command, context: CommandContext): void {
  const { io } = context;
  const repositories = program
    .command('repositories')
    .description('folders in blob containers where backups are kept');
  repositories
    .command('list', { isDefault: true })
    .description('repositories and what they hold')
    .action((_options, command: Command) =>
      withCore(context, command, async (core, options) => {
        const list = await core.call('repository.list', {}, io.signal);
        print(io, options, list, () => repositoryTable(list));
      }),
    );
  repositories
    .command('storage-accounts')
    .description('storage accounts that a repository could be in')
    .action((_options, command: Command) =>
      withCore(context, command, async (core, options) => {
        const list = await core.call('repository.storageAccounts', {}, io.signal);
        print(io, options, list, () => storageAccountTable(list));
      }),
    );
  registerAdd(repositories, context);
  repositories
    .command('remove')
    .argument('<repository>', 'name or id')
    .description('forgets a repository here; its blobs stay where they are')
    .action((wanted: string, _options, command: Command) =>
      withCore(context, command, async (core, options) => {
        const repository = await findRepository(core, wanted, io.signal);
        await core.call('repository.remove', { repositoryId: repository.id }, io.signal);
        print(io, options, { removed: repository.id }, () => `Forgot ${repository.name}.\n`);
      }),
    );
}

function registerAdd(repositories: Command, context: CommandContext): void {
  const { io } = context;
  repositories
    .command('add')
    .description('creates a repository, or opens the one that is there')
    .requiredOption('--storage-account <name>', 'name or id')
    .requiredOption('--container <name>', 'blob container')
    .option('--folder <path>', 'folder in the container', '')
    .option('--name <name>', 'how the repository is called here')
    .option('--create-container', 'creates the container when it is missing')
    .option('--password-file <file>', 'file with the encryption password; - is standard input')
    .option('--password-env <variable>', 'environment variable with the encryption password')
    .option('--no-encryption', 'keeps backups unencrypted')
    .option('--attach', "opens another installation's repository, read-only")
    .option('--take-over', 'becomes the owner of a repository of another installation')
    .action((own: AddOptions, command: Command) =>
      withCore(context, command, async (core, options) => {
        const session = await runSession(core, (await add(core, own, io)).sessionId, io);
        if (session.result?.kind !== 'repository')
          throw new AppError('internal', { message: `Session ${session.id} added no repository.` });
        const input = { repositoryId: session.result.repositoryId };
        const repository = await core.call('repository.get', input, io.signal);
        print(io, options, repository, () => repositoryTable([repository]));
      }),
    );
}

async function add(core: Core, own: AddOptions, io: CliIo) {
  if (own.attach && own.takeOver)
    throw new AppError('invalid-input', {
      message: 'Give --attach or --take-over, not both.',
      details: { field: 'take-over' },
    });
  const mode = own.attach ? 'attach' : own.takeOver ? 'take-over' : 'create';
  const account = await findStorageAccount(core, own.storageAccount, io.signal);
  const encryption = own.encryption
    ? {
        kind: 'password' as const,
        password: await readSecret(
          {
            file: own.passwordFile,
            variable: own.passwordEnv,
            question: 'Encryption password',
            options: '--password-file or --password-env (or --no-encryption)',
            field: 'password',
            confirm: mode === 'create',
          },
          io,
        ),
      }
    : { kind: 'none' as const };
  const { container, folder } = own;
  const place = { storageAccountId: account.resourceId, container, folder };
  const name = own.name ?? [account.name, container, folder].filter((part) => part !== '').join('/');
  const createContainer = own.createContainer === true;
  return core.call('repository.add', { ...place, name, mode, createContainer, encryption }, io.signal);
}

async function findStorageAccount(core: Core, wanted: string, signal: AbortSignal): Promise<StorageAccount> {
  const accounts = await core.call('repository.storageAccounts', {}, signal);
  const key = wanted.toLowerCase();
  return only(
    accounts.filter((account) =>
      [account.name, account.resourceId].some((name) => name.toLowerCase() === key),
    ),
    {
      field: 'storage-account',
      type: 'storage account',
      wanted,
      name: (account) => account.resourceId,
      hint: 'See `cairn repositories storage-accounts`.',
    },
  );
}

function storageAccountTable(accounts: readonly StorageAccount[]): string {
  return formatTable(
    ['NAME', 'GROUP', 'REGION', 'KIND', 'SKU', 'REFUSED'],
    accounts.map((account) => [
      account.name,
      account.resourceGroup,
      account.region,
      account.kind,
      account.sku,
      account.refusal ?? '',
    ]),
  );
}

function repositoryTable(repositories: readonly Repository[]): string {
  return formatTable(
    ['ID', 'NAME', 'WHERE', 'REGION', 'ENCRYPTED', 'STATE', 'POINTS#', 'STORED#', 'LAST POINT'],
    repositories.map((repository) => [
      repository.id,
      repository.name,
      [repository.storageAccountName, repository.container, repository.folder].filter(Boolean).join('/'),
      repository.region,
      repository.encrypted ? 'yes' : 'no',
      repository.state,
      String(repository.points),
      formatBytes(repository.storedBytes),
      formatTime(repository.lastPointAt),
    ]),
  );
}
