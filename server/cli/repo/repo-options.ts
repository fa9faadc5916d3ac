import { type Command, Option } from 'commander';
import type { BlobStore } from '../../../core/engine/index.ts';
import type { CliIo } from '../cli-io.ts';
import { type CloudChoice, type LogIn, type LoginOptions, loginWays } from './repo-login.ts';
import { keyFileVariable, passwordVariable, type SecretOptions } from './repo-secret.ts';

/** What `cairn repo` needs from the program; no core, no database, no account. */
export interface RepoCommandDeps {
  readonly io: CliIo;
  /** A store over a container URL with a SAS and a folder in it. */
  readonly openContainer: (url: string, folder: string, choice: CloudChoice) => Promise<BlobStore>;
  /** Signs in to Azure for this command alone. */
  readonly logIn: LogIn;
  /** Where the engine's compute thread is, in a bundle. */
  readonly threadUrl?: URL;
  /** See {@link movingData}. */
  readonly startThreadsEarly?: boolean;
}

/** For commands that are sure to need the threads: they start while the password is stretched. */
export function movingData(deps: RepoCommandDeps): RepoCommandDeps {
  return { ...deps, startThreadsEarly: true };
}

/** Options that every command of `cairn repo` has. */
export interface RepoOptions extends LoginOptions, SecretOptions {
  readonly json?: boolean;
  readonly repo?: string;
  readonly force?: boolean;
}

export const repoVariable = 'CAIRN_REPO';

export function withRepoOptions(command: Command): Command {
  return command
    .option(
      '--repo <address>',
      `container URL with a SAS or with --login (a path behind the container is the folder), or a local folder (or ${repoVariable})`,
    )
    .addOption(
      new Option('--login <way>', 'signs in to Azure: for a container without a SAS, for Key Vault').choices(
        loginWays,
      ),
    )
    .option('--tenant <id>', 'directory to sign in to (default: AZURE_TENANT_ID)')
    .option('--key-vault-key <id>', 'https://VAULT.vault.azure.net/keys/NAME[/VERSION] instead of a password')
    .option('--password-file <file>', '`-` reads standard input')
    .option('--password-env <name>', `variable that holds the password (default ${passwordVariable}, if set)`)
    .option('--key-file <file>', `instead of a password; \`-\` reads standard input (or ${keyFileVariable})`);
}
