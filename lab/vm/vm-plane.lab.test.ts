import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdir, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { VmDescription } from '../ports.ts';
import { createLabAuthority } from '../tls/index.ts';
import { type LabVmPlane, openVmPlane } from './index.ts';

const signal = new AbortController().signal;
const authority = createLabAuthority(new Date());

let folder: string;
let plane: LabVmPlane;
let defects: unknown[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-vm-'));
  defects = [];
  plane = openVmPlane({
    folder,
    authorityPem: authority.certificatePem,
    onDefect: (error) => defects.push(error),
  });
});

afterEach(async () => {
  await plane.close();
  await rm(folder, { recursive: true, force: true });
  expect(defects).toEqual([]);
});

function vm(cloudConfig: string): VmDescription {
  return {
    vmId: 'vm-1',
    resourceId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/w',
    name: 'w',
    location: 'westeurope',
    vmSize: 'Standard_F2s_v2',
    osType: 'Linux',
    computerName: 'worker-7',
    adminUsername: 'azureuser',
    tags: {},
    disks: [],
    privateIpAddresses: [],
    customData: Buffer.from(cloudConfig).toString('base64'),
    userData: undefined,
    firstBoot: true,
    metadataEndpoint: 'http://127.0.0.1:9',
  };
}

async function logged(text: string): Promise<string> {
  for (let i = 0; i < 200; i += 1) {
    const log = await plane.bootLog('vm-1');
    if (log.includes(text)) return log;
    await sleep(50);
  }
  throw new Error(`"${text}" never came; the boot log is:\n${await plane.bootLog('vm-1')}`);
}

test('custom data is carried out inside, and nothing of it is seen outside', async () => {
  await plane.boot(
    vm(`#cloud-config
packages: [unattended-upgrades]
write_files:
  - path: /opt/cairn-lab-test/hello.sh
    permissions: '0750'
    content: |
      #!/bin/sh
      echo "hello from $(hostname) as $(id -un), pid 1 is $(cat /proc/1/comm)"
  - path: /etc/cairn-lab-test/data
    encoding: b64
    content: AAEC
runcmd:
  - [/opt/cairn-lab-test/hello.sh]
  - 'echo size=$(stat -c %s /etc/cairn-lab-test/data) mode=$(stat -c %a /opt/cairn-lab-test/hello.sh)'
  - apt-get install -y nothing
  - touch /usr/bin/cairn-lab-test
`),
    signal,
  );
  expect(plane.powerState('vm-1')).toBe('running');
  const log = await logged('[cloud-init] finished');
  expect(log).toContain('hello from worker-7 as root, pid 1 is sh');
  expect(log).toContain('size=3 mode=750');
  expect(log).toContain('package noted: unattended-upgrades');
  expect(log).toContain('noted: apt-get install -y nothing');
  await expect(access('/opt/cairn-lab-test')).rejects.toThrow();
  await expect(access('/usr/bin/cairn-lab-test')).rejects.toThrow();
});

test('inside, curl trusts what the lab certificate authority signed', async () => {
  const tls = authority.issue(['localhost'], new Date());
  const server = createServer({ cert: tls.certificatePem, key: tls.keyPem }, (_request, response) => {
    response.end('trusted');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await plane.boot(
    vm(`#cloud-config\nruncmd: ['echo "got $(env -i /usr/bin/curl -sS https://localhost:${port}/)"']\n`),
    signal,
  );
  await logged('got trusted');
  server.close();
});

test('a shutdown from inside stops the VM and everything in it', async () => {
  await plane.boot(
    vm('#cloud-config\nruncmd: ["sleep 1000 & echo $!", "shutdown -h now", "sleep 1000"]\n'),
    signal,
  );
  for (let i = 0; i < 100 && plane.powerState('vm-1') !== 'stopped'; i += 1) await sleep(50);
  expect(plane.powerState('vm-1')).toBe('stopped');
  expect(plane.running()).toEqual([]);
});

test('a command runs inside a running VM', async () => {
  await plane.boot(vm('#cloud-config\nruncmd: ["echo 5 > /run/number"]\n'), signal);
  await logged('[cloud-init] finished');
  const result = await plane.runCommand(
    'vm-1',
    { commandId: 'RunShellScript', script: ['cat /run/number', 'echo oops >&2', 'exit 3'] },
    signal,
  );
  expect(result).toEqual({ exitCode: 3, stdout: '5\n', stderr: 'oops\n' });
});

/** Processes whose arguments hold this word. */
async function processesWith(word: string): Promise<number> {
  const list = spawn('ps', ['-eo', 'args']);
  let text = '';
  for await (const chunk of list.stdout) text += String(chunk);
  return text.split('\n').filter((line) => line.includes(word)).length;
}

test('a stopped VM leaves no process behind', async () => {
  await plane.boot(vm('#cloud-config\nruncmd: ["setsid sleep 98761 & echo started"]\n'), signal);
  await logged('started');
  expect(await processesWith('sleep 98761')).toBe(1);
  await plane.stop('vm-1', 'deallocated', signal);
  expect(await processesWith('sleep 98761')).toBe(0);
  expect(plane.powerState('vm-1')).toBe('deallocated');
});

test('VMs end with a lab that was killed', async () => {
  const script = `
    const { openVmPlane } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
    const plane = openVmPlane({ folder: process.argv[1], authorityPem: '', onDefect: () => {} });
    await plane.boot(JSON.parse(process.argv[2]), new AbortController().signal);
    setInterval(() => {}, 1000);
    console.log('up');
  `;
  const description = JSON.stringify(vm('#cloud-config\nruncmd: ["setsid sleep 98762"]\n'));
  const lab = spawn(process.execPath, ['--input-type=module', '-e', script, folder, description], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: lab.stdout }), 'line');
  // The lab's own arguments hold the words, too.
  for (let i = 0; i < 100 && (await processesWith('sleep 98762')) < 2; i += 1) await sleep(20);
  lab.kill('SIGKILL');
  for (let i = 0; i < 100 && (await processesWith('sleep 98762')) > 0; i += 1) await sleep(50);
  expect(await processesWith('sleep 98762')).toBe(0);
});

test.runIf(process.getuid?.() === 0)('a VM keeps no file system of the host in use', async () => {
  const [image, point] = [join(folder, 'image'), join(folder, 'mounted')];
  await mkdir(point);
  await writeFile(image, '');
  await truncate(image, 8 * 1024 * 1024);
  execFileSync('mke2fs', ['-q', '-t', 'ext4', image]);
  const device = execFileSync('losetup', ['--find', '--show', image], { encoding: 'utf8' }).trim();
  try {
    execFileSync('mount', [device, point]);
    await plane.boot(vm('#cloud-config\nruncmd: ["echo here"]\n'), signal);
    execFileSync('umount', [point]);
    await (await open(device, constants.O_RDONLY | constants.O_EXCL)).close();
  } finally {
    await plane.close();
    execFileSync('losetup', ['--detach', device]);
  }
});

test('a VM without custom data is only a power state', async () => {
  await plane.boot({ ...vm(''), customData: undefined }, signal);
  expect(plane.powerState('vm-1')).toBe('running');
  expect(plane.running()).toEqual([]);
  await plane.remove('vm-1', signal);
  expect(plane.powerState('vm-1')).toBeUndefined();
});

test('a VM whose custom data cannot be read still runs, and its log tells why', async () => {
  await plane.boot(vm('#cloud-config\nwrite_files: [{path: relative}]\n'), signal);
  expect(plane.powerState('vm-1')).toBe('running');
  expect(await logged('finished')).toMatch(/custom data.*path/s);
});
