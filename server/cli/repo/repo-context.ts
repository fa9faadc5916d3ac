import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { AppError } from '../../../core/contract/index.ts';
import {
  type BlobStore,
  folderStore,
  inspectRepository,
  openRepository,
  type Repository,
  type Unlock,
} from '../../../core/engine/index.ts';
import { readKeyFile } from './key-file.ts';
import { keysOf, openWithKey } from './open-with-key.ts';
import { isContainerAddress, splitContainerUrl } from './repo-address.ts';
import { type NeededLogin, neededLogin } from './repo-login.ts';
import { type RepoCommandDeps, type RepoOptions, repoVariable } from './repo-options.ts';
import { chosenKeyFile, hasPassword, readPassword } from './repo-secret.ts';

export const engineDeps = {
  clock: Date.now,
  random: (length: number) => new Uint8Array(randomBytes(length)),
};

/** A repository's place, and who asks for it. */
interface RepoPlace {
  readonly store: BlobStore;
  readonly needLogin: NeededLogin;
}

/** Opens the place; says nothing about what is in it. */
export async function openPlace(deps: RepoCommandDeps, options: RepoOptions): Promise<RepoPlace> {
  const address = options.repo ?? deps.io.environment[repoVariable];
  if (address === undefined || address === '') {
    throw new AppError('invalid-input', {
      message: 'No repository was named.',
      hint: `Give --repo, or set ${repoVariable}; an address with a SAS is safer in the variable.`,
      details: { field: 'repo' },
    });
  }
  const needLogin = neededLogin(deps.io, options, deps.logIn);
  return { needLogin, store: await storeAt(address, { deps, options, needLogin }) };
}

interface PlaceRequest {
  readonly deps: RepoCommandDeps;
  readonly options: RepoOptions;
  readonly needLogin: NeededLogin;
}

async function storeAt(address: string, { deps, options, needLogin }: PlaceRequest): Promise<BlobStore> {
  if (!isContainerAddress(address)) return folderStore(resolve(address));
  const { container, folder, hasSas } = splitContainerUrl(address);
  if (hasSas) return deps.openContainer(container, folder, options);
  return (await needLogin('An address without a SAS')).openContainer(container, folder);
}

/**
 * Runs `work` with the opened repository. A repository without encryption needs no password; with a sign-in and no
 * password, a Key Vault key of the repository opens it.
 */
export async function withRepository<T>(
  deps: RepoCommandDeps,
  options: RepoOptions,
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  const place = await openPlace(deps, options);
  const repository = await openIn(place, deps, options);
  try {
    return await work(repository);
  } finally {
    await repository.close();
  }
}

async function openIn(
  { store, needLogin }: RepoPlace,
  deps: RepoCommandDeps,
  options: RepoOptions,
): Promise<Repository> {
  const { signal } = deps.io;
  const { startThreadsEarly = false } = deps;
  const threads = {
    startThreadsEarly,
    ...(deps.threadUrl === undefined ? {} : { threadUrl: deps.threadUrl }),
  };
  const open = (unlock: Unlock) => openRepository(store, { unlock, deps: engineDeps, signal, ...threads });
  // A key file says which repository it is for, so it opens that one or nothing, and nobody has to look first.
  const keyFile = chosenKeyFile(options, deps.io);
  if (keyFile !== undefined) return open({ kind: 'key-file', keyFile: await readKeyFile(keyFile, deps.io) });
  const found = await inspectRepository(store, signal);
  if (found.state !== 'repository' || !found.header.encrypted) {
    if (found.state === 'repository' && hasPassword(options, deps.io)) deps.io.stderr(passwordUnused);
    return open({ kind: 'none' });
  }
  if (await opensByKey(store, deps, options)) {
    const wanted = options.keyVaultKey;
    return openWithKey(store, { wanted, needLogin, options: { deps: engineDeps, signal, ...threads } });
  }
  return open({ kind: 'password', password: await readPassword(options, deps.io, false) });
}

/** For whoever took it to be encrypted: somebody may have put another one in its place. */
const passwordUnused = 'warning: the repository is not encrypted; the password protects nothing in it\n';

async function opensByKey(store: BlobStore, { io }: RepoCommandDeps, options: RepoOptions): Promise<boolean> {
  if (options.keyVaultKey !== undefined) return true;
  if (options.login === undefined || hasPassword(options, io)) return false;
  return (await keysOf(store, undefined, io.signal)).length > 0;
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
