import type { Command } from 'commander';
import { AppError } from '../../../core/contract/index.ts';
import {
  type CreateRepositoryOptions,
  collectGarbage,
  createRepository,
  inspectRepository,
  listPoints,
} from '../../../core/engine/index.ts';
import { formatBytes, formatPairs } from '../format.ts';
import { registerCheckCommand } from './check-command.ts';
import { printResult } from './print-result.ts';
import {
  engineDeps,
  openPlace,
  type RepoCommandDeps,
  type RepoOptions,
  requireUnowned,
  withRepoOptions,
  withRepository,
} from './repo-context.ts';
import type { NeededLogin } from './repo-login.ts';
import { readPassword } from './repo-secret.ts';

export function registerUpkeepCommands(repo: Command, deps: RepoCommandDeps): void {
  withRepoOptions(repo.command('init').description('creates a repository in an empty place'))
    .option('--no-encryption', 'anybody with access to the place can then read it')
    .action((_options, command: Command) => init(deps, command.optsWithGlobals()));
  withRepoOptions(
    repo.command('stats').description('what the repository holds and what of it is in use'),
  ).action((_options, command: Command) => stats(deps, command.optsWithGlobals()));
  registerCheckCommand(repo, deps);
  withRepoOptions(repo.command('collect').description('frees what no restore point leads to'))
    .option('--dry-run', 'only says what would be freed')
    .option('--force', 'also when another installation owns the repository')
    .action((_options, command: Command) => collect(deps, command.optsWithGlobals()));
}

interface InitOptions extends RepoOptions {
  readonly encryption: boolean;
}

async function init(deps: RepoCommandDeps, options: InitOptions): Promise<void> {
  const { store, needLogin } = await openPlace(deps, options);
  const unlock = await firstUnlock(deps, options, needLogin);
  const repository = await createRepository(store, { unlock, deps: engineDeps, signal: deps.io.signal });
  await repository.close();
  printResult(deps.io, options, repository.header, () => `Created the repository ${repository.header.id}.\n`);
}

/** What the new repository is opened with. */
async function firstUnlock(
  deps: RepoCommandDeps,
  options: InitOptions,
  needLogin: NeededLogin,
): Promise<CreateRepositoryOptions['unlock']> {
  const { encryption, keyVaultKey, keyFile } = options;
  if (keyFile !== undefined) throw keyFileComesLater();
  if (!encryption) return { kind: 'none' };
  if (keyVaultKey === undefined)
    return { kind: 'password', password: await readPassword(options, deps.io, true) };
  const login = await needLogin('A Key Vault key');
  return { kind: 'key-wrap', keyWrap: await login.openKey(keyVaultKey, deps.io.signal) };
}

/** A file is lost more easily than a password is forgotten: a repository does not begin with one alone. */
function keyFileComesLater(): AppError {
  return new AppError('invalid-input', {
    message: 'A repository is created with a password or a Key Vault key.',
    hint: 'Then add the key file: `cairn repo keys add --new-key-file FILE`.',
    details: { field: 'key-file' },
  });
}

async function stats(deps: RepoCommandDeps, options: RepoOptions): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    const { signal } = deps.io;
    const found = await inspectRepository(repository.store, signal);
    const points = await listPoints(repository, signal, () => undefined);
    const use = await collectGarbage(repository, { dryRun: true, signal });
    const owner = found.state === 'repository' ? (found.owner?.displayName ?? 'nobody') : 'nobody';
    const { header } = repository;
    const value = {
      header,
      owner,
      points: points.length,
      packs: use.packs,
      bytes: use.bytes,
      liveBytes: use.liveBytes,
    };
    printResult(deps.io, options, { ...value, collectable: use.removedBytes - use.copiedBytes }, () =>
      formatPairs([
        ['Repository', header.id],
        ['Format', `version ${header.version}, blocks of ${formatBytes(header.blockSize)}`],
        ['Encrypted', header.encrypted ? 'yes' : 'no'],
        ['Owner', owner],
        ['Restore points', String(points.length)],
        ['Stored', `${formatBytes(use.bytes)} in ${use.packs} packs`],
        ['In use', formatBytes(use.liveBytes)],
        ['Collectable', formatBytes(use.removedBytes - use.copiedBytes)],
      ]),
    );
  });
}

async function collect(
  deps: RepoCommandDeps,
  options: RepoOptions & { readonly dryRun?: boolean },
): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    if (options.dryRun !== true) await requireUnowned(repository, options);
    const report = await collectGarbage(repository, {
      dryRun: options.dryRun === true,
      signal: deps.io.signal,
    });
    printResult(deps.io, options, report, () => {
      const verb = options.dryRun === true ? 'Would free' : 'Freed';
      const waits =
        report.waitsFor.length === 0 ? '' : ` ${report.waitsFor.length} running backups have to end first.`;
      return `${verb} ${formatBytes(report.removedBytes)} in ${report.removedPacks} packs.${waits}\n`;
    });
  });
}
