import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../core/contract/index.ts';
import {
  type BlobStore,
  folderStore,
  inspectRepository,
  openRepository,
  type Repository,
  type Unlock,
} from '../../../core/engine/index.ts';
import type { CliIo } from '../cli-io.ts';
import { readSecret } from '../secret-input.ts';

/** What `cairn repo` needs from the program; no core, no database, no account. */
export interface RepoCommandDeps {
  readonly io: CliIo;
  /** A store over a container URL with a SAS and a folder in it. */
  readonly openContainer: (url: string, folder: string) => Promise<BlobStore>;
  /** Where the engine's compute thread is, in a bundle. */
  readonly threadUrl?: URL;
}

/** Options that every command of `cairn repo` has. */
export interface RepoOptions {
  readonly json?: boolean;
  readonly repo?: string;
  readonly passwordFile?: string;
  readonly passwordEnv?: string;
  readonly force?: boolean;
}

export const engineDeps = {
  clock: Date.now,
  random: (length: number) => new Uint8Array(randomBytes(length)),
};

const repoVariable = 'CAIRN_REPO';
const passwordVariable = 'CAIRN_REPO_PASSWORD';

export function withRepoOptions(command: Command): Command {
  return command
    .option(
      '--repo <address>',
      `container URL with a SAS (a path behind the container is the folder), or a local folder (or ${repoVariable})`,
    )
    .option('--password-file <file>', '`-` reads standard input')
    .option(
      '--password-env <name>',
      `variable that holds the password (default ${passwordVariable}, if set)`,
    );
}

/** Opens the place; says nothing about what is in it. */
export async function openStore(deps: RepoCommandDeps, options: RepoOptions): Promise<BlobStore> {
  const address = options.repo ?? deps.io.environment[repoVariable];
  if (address === undefined || address === '') {
    throw new AppError('invalid-input', {
      message: 'No repository was named.',
      hint: `Give --repo, or set ${repoVariable}; an address with a SAS is safer in the variable.`,
      details: { field: 'repo' },
    });
  }
  if (!/^https?:\/\//i.test(address)) return folderStore(resolve(address));
  const { container, folder } = splitContainerUrl(address);
  return deps.openContainer(container, folder);
}

/** `https://account.blob.core.windows.net/container/a/b?sas` is the folder `a/b`; path-style hosts have one more segment. */
export function splitContainerUrl(address: string): { container: string; folder: string } {
  const url = new URL(address);
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const own = /\.blob\./.test(url.hostname) ? 1 : 2;
  if (segments.length < own) {
    throw new AppError('invalid-input', {
      message: 'The address names no container.',
      hint: 'It looks like https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER?SAS.',
      details: { field: 'repo' },
    });
  }
  const folder = decodeURIComponent(segments.slice(own).join('/'));
  url.pathname = `/${segments.slice(0, own).join('/')}`;
  return { container: url.href, folder };
}

export function readPassword(deps: RepoCommandDeps, options: RepoOptions, confirm: boolean): Promise<string> {
  const { passwordFile } = options;
  const fallback = deps.io.environment[passwordVariable] === undefined ? undefined : passwordVariable;
  const variable = options.passwordEnv ?? (passwordFile === undefined ? fallback : undefined);
  const question = 'Password of the repository';
  const named = '--password-file or --password-env';
  return readSecret(
    { file: passwordFile, variable, question, options: named, field: 'password', confirm },
    deps.io,
  );
}

/** Runs `work` with the opened repository. A repository without encryption needs no password. */
export async function withRepository<T>(
  deps: RepoCommandDeps,
  options: RepoOptions,
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  const { signal } = deps.io;
  const store = await openStore(deps, options);
  const found = await inspectRepository(store, signal);
  const open = found.state === 'repository' && !found.header.encrypted;
  const needsPassword = found.state === 'repository' && !open;
  const unlock: Unlock = needsPassword
    ? { kind: 'password', password: await readPassword(deps, options, false) }
    : { kind: 'none' };
  const threads = deps.threadUrl === undefined ? {} : { threadUrl: deps.threadUrl };
  const repository = await openRepository(store, { unlock, deps: engineDeps, signal, ...threads });
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}

/** Whoever owns the repository decides what is in it; on the worst day that installation is gone. */
export async function requireUnowned(repository: Repository, options: RepoOptions): Promise<void> {
  if (options.force === true) return;
  const found = await inspectRepository(repository.store);
  if (found.state !== 'repository' || found.owner === undefined) return;
  throw new AppError('repository-owned', {
    message: `The repository belongs to the installation "${found.owner.displayName}".`,
    hint: 'Use that installation, or add --force if it is gone for good.',
    details: { ...found.owner },
  });
}
