import { describe, expect, test } from 'vitest';
import type { SizeInfo } from '../../azure/index.ts';
import { bootConfigurationSchema } from '../../contract/index.ts';
import type { SecretStore } from '../../host.ts';
import { workerCloudInit } from './cloud-init.ts';
import { workerNames, workerPlace, workerStorageName } from './names.ts';
import { chooseSizes } from './worker-sizes.ts';
import { freshState, workerStateStore } from './worker-state.ts';

const place = workerPlace('installation-1', 'aaaaaaaa-0000-4000-8000-000000000001');
const key = { installationId: 'installation-1', sessionId: 's-1', purpose: 'backup', attempt: 1 };

describe('names', () => {
  test('follow from the key and differ with every part of it', () => {
    expect(workerNames(place, key)).toEqual(workerNames(place, key));
    const others = [
      { ...key, sessionId: 's-2' },
      { ...key, purpose: 'verify' },
      { ...key, attempt: 2 },
      { ...key, installationId: 'installation-2' },
    ];
    const all = new Set([key, ...others].map((one) => workerNames(place, one).worker));
    expect(all.size).toBe(5);
  });

  test('keep to Azure’s rules', () => {
    const names = workerNames(place, { ...key, attempt: 12 });
    for (const queue of [names.inbox, names.outbox])
      expect(queue).toMatch(/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
    expect(names.vmId.split('/').at(-1)).toMatch(/^[a-z0-9-]{1,64}$/);
    expect(workerStorageName('i', { subscriptionId: 'S', region: 'westeurope' }, 0)).toMatch(
      /^[a-z0-9]{3,24}$/,
    );
  });
});

describe('cloud-init', () => {
  const boot = {
    v: 1 as const,
    session: 's-1',
    worker: 'w-1',
    token: Buffer.alloc(32, 1).toString('base64'),
    inboxUrl: 'https://a.example/in?sig=x',
    outboxUrl: 'https://a.example/out?sig=y',
    heartbeatMs: 10_000,
    coreSilenceMs: 60_000,
    pollMs: 1000,
  };
  const text = (unattendedUpgrades: 'install' | 'off') =>
    workerCloudInit({
      boot,
      packageUrl: 'https://a.example/packages/p.tar.gz?sig=z',
      packageSha256: 'ab'.repeat(32),
      unattendedUpgrades,
    });
  const read = (cloudInit: string) => {
    const [first, ...rest] = cloudInit.split('\n');
    expect(first).toBe('#cloud-config');
    const config = JSON.parse(rest.join('\n')) as {
      packages?: string[];
      write_files: { path: string; permissions: string; content: string }[];
      runcmd: (string | string[])[];
    };
    const file = (path: string) => {
      const found = config.write_files.find((each) => each.path === path);
      return {
        permissions: found?.permissions,
        text: Buffer.from(found?.content ?? '', 'base64').toString(),
      };
    };
    return { config, file };
  };

  test('holds the boot configuration, readable by root only', () => {
    const { file } = read(text('install'));
    const boots = file('/etc/cairn/boot.json');
    expect(boots.permissions).toBe('0600');
    expect(bootConfigurationSchema.parse(JSON.parse(boots.text))).toEqual(boot);
  });

  test('starts nothing whose hash was not checked, and no address is an argument', () => {
    const { config, file } = read(text('install'));
    const script = file('/usr/local/sbin/cairn-worker').text;
    expect(script.indexOf('sha256sum -c')).toBeGreaterThan(0);
    expect(script.indexOf('sha256sum -c')).toBeLessThan(script.indexOf('./node'));
    expect(script).toContain('ab'.repeat(32));
    expect(script).not.toContain('https://');
    expect(JSON.stringify(config.runcmd)).not.toContain('https://');
    expect(file('/etc/cairn/package.curl').text).toContain(
      'url = "https://a.example/packages/p.tar.gz?sig=z"',
    );
  });

  test('keeps the worker patched unless that is turned off, and fits into custom data', () => {
    expect(read(text('install')).config.packages).toEqual(['unattended-upgrades']);
    const off = read(text('off')).config;
    expect(off.packages).toBeUndefined();
    expect(JSON.stringify(off.runcmd)).toContain('unattended-upgrades');
    expect(Buffer.byteLength(text('install'))).toBeLessThan(32 * 1024);
  });
});

describe('sizes', () => {
  const size = (
    name: string,
    refusal: string | null,
    refusalKind: SizeInfo['refusalKind'] = null,
  ): SizeInfo => ({
    name,
    family: 'f',
    cores: 2,
    memoryGib: 4,
    maxDataDisks: 4,
    zones: [],
    premiumDisks: true,
    refusal,
    refusalKind,
  });

  test('are those that can be had, in the order wanted', () => {
    const known = [size('B', null), size('A', 'no', 'restricted'), size('C', null)];
    expect(chooseSizes(['a', 'C', 'B'], known, 'r')).toEqual(['C', 'B']);
  });

  test('none: quota or capacity, with every reason', () => {
    const quota = [size('A', 'The quota of 4 …', 'quota')];
    expect(() => chooseSizes(['A', 'Z'], quota, 'r')).toThrow(
      expect.objectContaining({
        code: 'quota-exceeded',
        details: { A: 'The quota of 4 …', Z: 'Not offered in this region.' },
      }),
    );
    expect(() => chooseSizes(['Z'], [], 'r')).toThrow(
      expect.objectContaining({ code: 'capacity-unavailable' }),
    );
  });
});

describe('state', () => {
  test('is kept per session and purpose; what cannot be read is as none', async () => {
    const values = new Map<string, string>();
    const secrets: SecretStore = {
      get: async (name) => values.get(name) ?? null,
      set: async (name, value) => void values.set(name, value),
      delete: async (name) => void values.delete(name),
    };
    const store = workerStateStore(secrets, { sessionId: 's', purpose: 'p' });
    expect(await store.load()).toBeNull();
    const state = freshState(2, null, (length) => Buffer.alloc(length, 7));
    await store.save(state);
    expect(await workerStateStore(secrets, { sessionId: 's', purpose: 'p' }).load()).toEqual(state);
    expect(await workerStateStore(secrets, { sessionId: 's', purpose: 'q' }).load()).toBeNull();
    for (const name of values.keys()) values.set(name, '{"attempt":0}');
    expect(await store.load()).toBeNull();
    await store.clear();
    expect(values.size).toBe(0);
  });
});
