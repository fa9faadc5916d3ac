import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { quote, readCustomData } from './cloud-config.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('files, commands and packages are read', () => {
  const plan = readCustomData(
    base64(`#cloud-config
package_update: true
packages: [unattended-upgrades]
bootcmd: [echo boot]
write_files:
  - {path: /etc/one, content: text}
  - {path: /etc/two, content: ${Buffer.from('binary\0').toString('base64')}, encoding: b64, permissions: '0600', owner: 'root:root', append: true}
  - {path: /etc/three, content: ${gzipSync('packed').toString('base64')}, encoding: gz+b64}
runcmd:
  - echo "as it is" | cat
  - [printf, "it's", 5]
`),
  );
  expect(
    plan.files.map(({ path, content, permissions, append }) => [
      path,
      content.toString(),
      permissions,
      append,
    ]),
  ).toEqual([
    ['/etc/one', 'text', '0644', false],
    ['/etc/two', 'binary\0', '0600', true],
    ['/etc/three', 'packed', '0644', false],
  ]);
  expect(plan.runCommands).toEqual(['echo "as it is" | cat', `'printf' 'it'\\''s' '5'`]);
  expect(plan.bootCommands).toEqual(['echo boot']);
  expect(plan.packages).toEqual(['unattended-upgrades']);
  expect(plan.ignored).toEqual(['package_update']);
});

test('a script and gzip are read, anything else is told as ignored', () => {
  expect(readCustomData(base64('#!/bin/sh\necho hi\n')).runCommands).toHaveLength(1);
  const packed = gzipSync('#cloud-config\nruncmd: [ls]\n').toString('base64');
  expect(readCustomData(packed).runCommands).toEqual(['ls']);
  expect(readCustomData(base64('hello')).ignored).toHaveLength(1);
});

test.each([
  ['a relative path', '#cloud-config\nwrite_files: [{path: etc/x}]'],
  ['an unknown encoding', '#cloud-config\nwrite_files: [{path: /x, encoding: rot13}]'],
  ['odd permissions', '#cloud-config\nwrite_files: [{path: /x, permissions: "u+x"}]'],
  ['an owner that is a command', '#cloud-config\nwrite_files: [{path: /x, owner: "$(reboot)"}]'],
])('%s is refused', (_name, text) => {
  expect(() => readCustomData(base64(text))).toThrow();
});

test('custom data beyond 64 KiB and bombs are refused', () => {
  expect(() => readCustomData(base64('#'.repeat(70_000)))).toThrow('64 KiB');
  expect(() => readCustomData(gzipSync(Buffer.alloc(8 * 1024 * 1024)).toString('base64'))).toThrow();
});

test('quoted words stay words', () => {
  expect(quote(['a b', "c'd", '$e'])).toBe(`'a b' 'c'\\''d' '$e'`);
});
