import { AppError } from '../../../core/contract/index.ts';
import { type CreateRepositoryOptions, createRepository } from '../../../core/engine/index.ts';
import { printResult } from './print-result.ts';
import { engineDeps, openPlace } from './repo-context.ts';
import type { NeededLogin } from './repo-login.ts';
import type { RepoCommandDeps, RepoOptions } from './repo-options.ts';
import { readPassword } from './repo-secret.ts';

interface InitOptions extends RepoOptions {
  readonly encryption: boolean;
}

export async function init(deps: RepoCommandDeps, options: InitOptions): Promise<void> {
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
