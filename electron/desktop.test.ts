import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { AppError, type Reply } from '../core/contract/index.ts';
import type { Core } from '../core/host.ts';
import { answerCall } from './answer-call.ts';
import { answerPage } from './app-pages.ts';
import { type ChooseTargetDeps, chooseTarget } from './choose-target.ts';
import { readDesktopArguments } from './desktop-arguments.ts';
import { createKeychainSealer, type Keychain } from './keychain-sealer.ts';
import { externalAddress } from './lock-down.ts';
import { isTrustedSender } from './trusted-sender.ts';

const root = path.join(import.meta.dirname, '..');
const ownFrame = { url: 'app://cairn/index.html', parent: null };

function coreThatAnswers(reply: Reply): Core & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    call: () => Promise.reject(new Error('the desktop dispatches')),
    dispatch: async (name, input) => {
      asked.push([name, input]);
      return reply;
    },
    subscribe: () => () => undefined,
    openDownload: () => Promise.reject(new Error('the desktop saves to paths')),
    close: () => Promise.resolve(),
  };
}

test('electron-builder.yml is what its schema allows', async () => {
  const schemaFile = path.join(root, 'node_modules/app-builder-lib/scheme.json');
  const ajv = new Ajv({ strict: false, keywords: ['typeof'] });
  const validate = ajv.compile(JSON.parse(await readFile(schemaFile, 'utf8')));
  const config = parse(await readFile(path.join(root, 'electron-builder.yml'), 'utf8')) as object;
  expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...config, electronFuses: { runAsNod: false } })).toBe(false);
});

test('the packaged fuses leave no way to run other code', async () => {
  const config = parse(await readFile(path.join(root, 'electron-builder.yml'), 'utf8')) as {
    electronFuses: Record<string, boolean>;
  };
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('only the top frame of our own page may call', async () => {
  expect(isTrustedSender(ownFrame)).toBe(true);
  for (const url of [
    'https://cairn/',
    'app://other/',
    'app://cairn.example/',
    'app://x@cairn/',
    'about:blank',
    '',
  ])
    expect(isTrustedSender({ url, parent: null }), url).toBe(false);
  expect(isTrustedSender(null)).toBe(false);
  const core = coreThatAnswers({ ok: true, value: 1 });
  const sender = { url: 'https://attacker.example/', parent: null };
  const refused = await answerCall(core, { sender, name: 'vm.list', input: {} });
  expect(refused).toMatchObject({ ok: false, error: { code: 'permission-denied' } });
  expect(core.asked).toEqual([]);
});

test('a call reaches core as plain, bounded JSON', async () => {
  const core = coreThatAnswers({ ok: true, value: 1 });
  const call = (name: unknown, input: unknown) => answerCall(core, { sender: ownFrame, name, input });
  await expect(call('vm.get', { resourceId: 'x', when: new Date(0) })).resolves.toEqual({
    ok: true,
    value: 1,
  });
  expect(core.asked).toEqual([['vm.get', { resourceId: 'x', when: '1970-01-01T00:00:00.000Z' }]]);
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  for (const input of [undefined, circular, { a: 1n }, 'x'.repeat(1024 * 1024)])
    await expect(call('vm.get', input)).resolves.toMatchObject({ error: { code: 'invalid-input' } });
  for (const name of [7, null, 'x'.repeat(101)])
    await expect(call(name, {})).resolves.toMatchObject({ error: { code: 'invalid-input' } });
  expect(core.asked).toHaveLength(1);
});

test('pages come from our host only', async () => {
  const pages = path.join(root, 'renderer');
  const status = async (url: string, method = 'GET') => (await answerPage(pages, { url, method })).status;
  expect(await status('app://cairn/')).toBe(200);
  expect(await status('app://cairn/../package.json')).toBe(404);
  expect(await status('app://cairn/%2e%2e/package.json')).toBe(404);
  expect(await status('app://other/')).toBe(404);
  expect(await status('app://cairn/', 'POST')).toBe(404);
});

test('only plain https links go to the browser', () => {
  expect(externalAddress('https://microsoft.com/devicelogin')).toBe('https://microsoft.com/devicelogin');
  for (const text of [
    'http://a.example',
    'file:///etc/passwd',
    'https://u:p@a.example',
    'smb://x',
    'javascript:1',
    '',
  ])
    expect(externalAddress(text), text).toBeNull();
});

/** Reverses bytes: enough to see that what is stored is what the keychain gave, and is bound to its key. */
function reversingKeychain(backend: ReturnType<Keychain['getSelectedStorageBackend']>): Keychain {
  const reversed = (bytes: Buffer) => Buffer.from(bytes).reverse();
  return {
    getSelectedStorageBackend: () => backend,
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (text) => reversed(Buffer.from(text)),
    decryptStringAsync: async (bytes) => ({ result: reversed(bytes).toString(), shouldReEncrypt: false }),
  };
}

test('secrets go through the keychain, are bound to their key, and are refused without a keyring', async () => {
  const sealer = createKeychainSealer(reversingKeychain('gnome_libsecret'), 'linux');
  const sealed = await sealer.seal('account/1', 'hunter2');
  await expect(sealer.unseal('account/1', sealed)).resolves.toBe('hunter2');
  await expect(sealer.unseal('account/2', sealed)).rejects.toBeInstanceOf(AppError);
  const obscured = createKeychainSealer(reversingKeychain('basic_text'), 'linux');
  await expect(obscured.seal('account/1', 'hunter2')).rejects.toMatchObject({ code: 'not-supported' });
});

test('arguments: attaching needs both halves, switches of Chromium are left alone', () => {
  expect(
    readDesktopArguments(['--attach', 'http://127.0.0.1:1', '--token-file', 't', '--no-first-run']),
  ).toEqual({
    dataDirectory: undefined,
    cloud: undefined,
    attach: { address: 'http://127.0.0.1:1', tokenFile: 't' },
  });
  expect(readDesktopArguments(['--cloud', 'AzureChinaCloud']).cloud).toBe('AzureChinaCloud');
  expect(() => readDesktopArguments(['--attach', 'http://127.0.0.1:1'])).toThrow('--token-file');
});

test('the dialog for a place to save to opens for our own frame only, and takes a name but no folder from it', async () => {
  const asked: unknown[] = [];
  const dialog = {
    showSaveDialog: async (...given: unknown[]) => {
      asked.push(given.at(-1));
      return { canceled: false, filePath: '/home/anna/passwd' };
    },
    showOpenDialog: async () => ({ canceled: true, filePaths: [] }),
  };
  const deps = { dialog, window: {}, startFolder: '/home/anna' } as unknown as ChooseTargetDeps;
  const wish = { kind: 'file', fileName: '../../etc/passwd' };
  expect(await chooseTarget(deps, ownFrame, wish)).toBe('/home/anna/passwd');
  expect(asked).toMatchObject([{ defaultPath: path.join('/home/anna', 'passwd') }]);
  expect(await chooseTarget(deps, ownFrame, { kind: 'folder' })).toBeNull();
  await expect(
    chooseTarget(deps, { url: 'https://attacker.example/', parent: null }, wish),
  ).rejects.toMatchObject({
    code: 'permission-denied',
  });
  for (const bad of [null, 'file', { kind: 'drive' }])
    await expect(chooseTarget(deps, ownFrame, bad)).rejects.toMatchObject({ code: 'invalid-input' });
  expect(asked).toHaveLength(1);
});
