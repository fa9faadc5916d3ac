import { readFile } from 'node:fs/promises';
import { AppError } from '../../../core/contract/index.ts';
import type { Login, LoginKind, RepositoryLogin } from '../../../core/index.ts';
import type { CliIo } from '../cli-io.ts';

/** The ways as the operator types them. */
export const loginWays: readonly LoginKind[] = [
  'azure-cli',
  'environment',
  'managed-identity',
  'device-code',
];

/** Which cloud, as the program's own options say it. */
export interface CloudChoice {
  readonly cloud?: string;
  readonly dataDirectory?: string;
}

export interface LoginOptions extends CloudChoice {
  readonly login?: LoginKind;
  readonly tenant?: string;
}

export type LogIn = (choice: CloudChoice, login: Login, signal: AbortSignal) => Promise<RepositoryLogin>;

/** Signs in once, when it is first needed. `invalid-input` when nobody said how. */
export type NeededLogin = (reason: string) => Promise<RepositoryLogin>;

export function neededLogin(io: CliIo, options: LoginOptions, logIn: LogIn): NeededLogin {
  let signedIn: Promise<RepositoryLogin> | undefined;
  return async (reason) => {
    const { login: kind, tenant: tenantId } = options;
    if (kind === undefined) {
      throw new AppError('invalid-input', {
        message: `${reason} takes a sign-in.`,
        hint: `Add --login with one of ${loginWays.join(', ')}.`,
        details: { field: 'login' },
      });
    }
    const login: Login = {
      kind,
      tenantId,
      environment: io.environment,
      readFile: (path) => readFile(path, 'utf8'),
      show: ({ verificationUrl, userCode }) =>
        io.stderr(`Open ${verificationUrl} and enter the code ${userCode}\n`),
    };
    signedIn ??= logIn(options, login, io.signal);
    return signedIn;
  };
}
