import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContainer } from '../../../core/azure/index.ts';
import {
  openSmallLab,
  type SmallLab,
  smallEstateNames,
  smallLabUser,
} from '../../../core/azure/testing/small-lab.ts';
import { logIn } from '../../../core/index.ts';
import type { CliIo } from '../cli-io.ts';
import { registerRepoCommands } from './register-repo-commands.ts';

const mebibyte = 1024 * 1024;
const signal = new AbortController().signal;
const account = 'contosobackup';
const admin = {
  AZURE_TENANT_ID: smallEstateNames.tenantId,
  AZURE_CLIENT_ID: 'bbbbbbbb-0000-4000-8000-000000000001',
  AZURE_CLIENT_SECRET: 'admin-secret',
};
const byEnvironment = ['--login', 'environment'];

let lab: SmallLab;
let folder = '';
let container = '';
let key = '';

beforeAll(async () => {
  lab = await openSmallLab();
  folder = await mkdtemp(join(tmpdir(), 'cairn-repo-login-'));
  const blobEndpoint = lab.storage.get(account)?.blobEndpoint ?? '';
  container = `${blobEndpoint}backups`;
  await createContainer(lab.connection(), { ...accountInfo, blobEndpoint }, 'backups', signal);
  key = `${lab.keyVault.origin}/keys/backup`;
});
afterAll(async () => {
  await lab.close();
  await rm(folder, { recursive: true, force: true });
  expect(lab.defects).toEqual([]);
});

const accountInfo = {
  ...{ id: '', name: account, region: '', kind: '', sku: '', queueEndpoint: '', tags: {}, refusal: null },
};

interface Ran {
  readonly out: string;
  readonly err: string;
}

async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  onStderr: (text: string) => void = () => undefined,
): Promise<Ran> {
  const ran = { out: '', err: '' };
  const io: CliIo = {
    stdin: Readable.from([]),
    stdout: (text) => {
      ran.out += text;
    },
    stderr: (text) => {
      ran.err += text;
      onStderr(text);
    },
    interactive: false,
    columns: 80,
    environment,
    signal,
    stdoutBytes: async () => undefined,
    askSecret: () => Promise.reject(new Error('nobody is there to ask')),
  };
  const program = new Command('cairn').option('--json').exitOverride();
  registerRepoCommands(program, {
    io,
    openContainer: () => Promise.reject(new Error('the address has no SAS')),
    logIn: (_choice, login, stop) => logIn(lab.cloud, login, stop),
  });
  await program.parseAsync(['repo', ...args], { from: 'user' });
  return ran;
}

async function image(name: string, size: number): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, randomBytes(size));
  return file;
}

const keysIn = async (repo: readonly string[], environment: Readonly<Record<string, string>>) =>
  JSON.parse((await run(['--json', 'keys', 'list', ...repo], environment)).out) as {
    id: string;
    kind: string;
    keyId?: string;
  }[];

describe('a repository behind a sign-in', () => {
  const password = join(tmpdir(), `cairn-password-${process.pid}`);
  const repo = () => ['--repo', `${container}/shop/main`, ...byEnvironment];
  beforeAll(() => writeFile(password, 'correct horse\n', { mode: 0o600 }));
  afterAll(() => rm(password, { force: true }));

  test('is made with a password, gets a Key Vault key, and opens with the key alone', {
    timeout: 180_000,
  }, async () => {
    await run(['init', ...repo(), '--password-file', password], admin);
    await run(
      ['keys', 'add', ...repo(), '--password-file', password, '--key-vault-key', key, '--label', 'vault'],
      admin,
    );
    const slots = await keysIn(repo(), admin);
    expect(slots.map(({ kind }) => kind).sort()).toEqual(['key-wrap', 'password']);
    const keyId = slots.find(({ kind }) => kind === 'key-wrap')?.keyId ?? '';
    expect(keyId).toMatch(new RegExp(`^${key}/[0-9a-f]{32}$`));
    expect((await run(['keys', 'list', ...repo()], admin)).out).toContain(keyId);

    const source = await image('one.raw', 5 * mebibyte);
    await run(['put', source, ...repo(), '--key-vault-key', keyId], admin);
    expect((await run(['check', '--deep', ...repo(), '--key-vault-key', key], admin)).out).toContain(
      'Nothing is wrong.',
    );

    const passwordSlot = slots.find(({ kind }) => kind === 'password')?.id ?? '';
    await run(['keys', 'remove', passwordSlot, ...repo()], admin);
    await expect(run(['points', ...repo(), '--password-file', password], admin)).rejects.toMatchObject({
      code: 'wrong-password',
    });
    const back = join(folder, 'back.raw');
    await run(['get', 'latest', back, ...repo()], admin);
    expect((await readFile(back)).equals(await readFile(source))).toBe(true);
    const [last] = await keysIn(repo(), admin);
    await expect(run(['keys', 'remove', last?.id ?? '', ...repo()], admin)).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('Add another'),
    });
  });

  test('is read by a person with a code, who may not change it', { timeout: 60_000 }, async () => {
    const args = [
      '--repo',
      `${container}/shop/main`,
      '--login',
      'device-code',
      '--tenant',
      smallEstateNames.tenantId,
    ];
    const approve = (text: string): void => {
      const code = /code ([A-Z0-9]{9})/.exec(text)?.[1];
      if (code !== undefined) lab.control.pending.settleDevice(code, smallLabUser);
    };
    const { out } = await run(['--json', 'points', ...args], {}, approve);
    expect(JSON.parse(out).points).toHaveLength(1);
    await expect(run(['keys', 'add', ...args, '--key-vault-key', key], {}, approve)).rejects.toMatchObject({
      code: 'permission-denied',
    });
  });

  test('opens through the Azure CLI when somebody is signed in there', { timeout: 60_000 }, async () => {
    // The program itself needs the internet; in its place stands one that gives the tokens of the lab's administrator.
    const connection = lab.connection();
    const tokens = Object.fromEntries(
      await Promise.all(
        ['https://storage.azure.com', 'https://vault.azure.net'].map(async (resource) => [
          resource,
          (await connection.credential.getToken(`${resource}/.default`))?.token ?? '',
        ]),
      ),
    );
    const expires = new Date(Date.now() + 3600_000).toISOString();
    const script = `#!${process.execPath}\nconst args = process.argv.join(' ');
const tokens = ${JSON.stringify(tokens)};
const found = Object.entries(tokens).find(([resource]) => args.includes(resource));
console.log(JSON.stringify({ accessToken: found[1], expiresOn: '${expires}', expires_on: ${Math.floor(Date.now() / 1000) + 3600} }));\n`;
    const before = process.env['PATH'];
    await writeFile(join(folder, 'az'), script);
    await chmod(join(folder, 'az'), 0o755);
    const args = ['--repo', `${container}/shop/main`, '--login', 'azure-cli'];
    try {
      process.env['PATH'] = `${folder}:${before}`;
      expect(JSON.parse((await run(['--json', 'points', ...args])).out).points).toHaveLength(1);
      process.env['PATH'] = '/nowhere';
      await expect(run(['points', ...args])).rejects.toMatchObject({
        code: 'sign-in-failed',
        hint: expect.stringContaining('az login'),
      });
    } finally {
      process.env['PATH'] = before;
    }
  });
});

describe('a repository of a Key Vault key from its first day', () => {
  test('has no password, and a key that was rotated opens it', { timeout: 60_000 }, async () => {
    const repo = ['--repo', join(folder, 'local'), ...byEnvironment];
    await run(['init', ...repo, '--key-vault-key', key], admin);
    const newer = (await fetchNewVersion()).toLowerCase();
    const [slot] = await keysIn(repo, admin);
    expect(slot?.keyId).not.toBe(newer);
    await expect(run(['points', ...repo, '--key-vault-key', newer], admin)).rejects.toMatchObject({
      code: 'wrong-password',
      details: { keyId: newer },
    });
    expect((await run(['points', ...repo, '--key-vault-key', key], admin)).out).toContain(
      'no restore points',
    );
  });

  /** What an administrator of the vault does: `az keyvault key rotate`. */
  async function fetchNewVersion(): Promise<string> {
    const token = await lab.connection().credential.getToken('https://vault.azure.net/.default');
    const answer = await fetch(`${key}/rotate?api-version=7.4`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token?.token}`, 'content-type': 'application/json' },
    });
    return ((await answer.json()) as { key: { kid: string } }).key.kid;
  }
});

describe('refused', () => {
  const address = () => ['--repo', `${container}/shop/main`];

  test('without a way to sign in, before anything is sent', async () => {
    await expect(run(['points', ...address()])).rejects.toMatchObject({
      code: 'invalid-input',
      details: { field: 'login' },
    });
    const local = ['--repo', join(folder, 'other')];
    await expect(run(['init', ...local, '--key-vault-key', key])).rejects.toMatchObject({
      details: { field: 'login' },
    });
    const { AZURE_CLIENT_SECRET: _, ...incomplete } = admin;
    await expect(run(['points', ...address(), ...byEnvironment], incomplete)).rejects.toMatchObject({
      message: expect.stringContaining('AZURE_CLIENT_SECRET'),
    });
  });

  test('a wrong secret, which is nowhere in the answer', async () => {
    const wrong = { ...admin, AZURE_CLIENT_SECRET: 'not-the-secret' };
    const error = await run(['points', ...address(), ...byEnvironment], wrong).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'sign-in-failed' });
    expect(JSON.stringify(error)).not.toContain('not-the-secret');
  });

  test('someone without a role on the storage account', async () => {
    const reader = {
      ...admin,
      AZURE_CLIENT_ID: 'bbbbbbbb-0000-4000-8000-000000000002',
      AZURE_CLIENT_SECRET: 'reader-secret',
    };
    await expect(run(['points', ...address(), ...byEnvironment], reader)).rejects.toMatchObject({
      code: 'permission-denied',
    });
  });
});
