import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../start.ts';

const signal = new AbortController().signal;
let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
}, 120_000);
afterAll(() => lab.close());

const vmIdOf = (name: string): string => {
  const vms = lab.admin.store.list({ type: 'Microsoft.Compute/virtualMachines' });
  return String(vms.find((vm) => vm.name === name)?.properties['vmId']);
};
const run = (name: string, script: string) =>
  lab.admin.vms.runCommand(vmIdOf(name), { commandId: 'RunShellScript', script: [script] }, signal);

test('a script in a guest sees its file systems and changes its disks', async () => {
  const first = await run(
    'web-01',
    'cat /etc/hostname; ls /srv/logs/app; printf %s kept > "/etc/a b"; chown 7:8 "/etc/a b"; date > /srv/logs/new',
  );
  expect(first).toEqual({ exitCode: 0, stdout: 'cairn-lab\napi\naudit\nnginx\nworker\n', stderr: '' });
  const second = await run('web-01', 'cat "/etc/a b"; stat -c " %u:%g" "/etc/a b"; test -s /srv/logs/new');
  expect(second).toEqual({ exitCode: 0, stdout: 'kept 7:8\n', stderr: '' });
});

test('a failing script keeps what it has done, tells its status and the end of its output', async () => {
  const result = await run('web-01', 'echo done > /root-file; seq 1 5000; echo bad >&2; exit 9');
  expect(result.exitCode).toBe(9);
  expect(result.stderr).toBe('bad\n');
  expect(Buffer.byteLength(result.stdout)).toBe(4096);
  expect(result.stdout.endsWith('5000\n')).toBe(true);
  expect((await run('web-01', 'cat /root-file')).stdout).toBe('done\n');
});

test('every disk of a machine is mounted where its table says', async () => {
  const result = await run(
    'db-01',
    'cd /var/lib/pgdata/pgdata && sha256sum PG_VERSION; ls /srv/app "/srv/data files"',
  );
  expect(result.stdout).toContain(createHash('sha256').update('15\n').digest('hex'));
  expect(result.stdout).toContain('pgdata');
});
