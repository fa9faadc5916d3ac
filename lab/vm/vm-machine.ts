import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { RunCommandResult, VmDescription } from '../ports.ts';
import { initScript, SHUTDOWN_STATUS, viewScript } from './boot-scripts.ts';
import type { BootPlan } from './cloud-config.ts';
import { loopbackAddressOf } from './loopback-address.ts';

export interface MachineOptions {
  /** This VM's own folder: boot log and seed files. */
  readonly folder: string;
  readonly authorityPem: string;
  readonly vm: VmDescription;
  readonly plan: BootPlan;
  /** The VM ended: by a shutdown from inside, or because its first process died. */
  readonly onEnd: (how: 'shutdown' | 'died') => void;
}

const UP_TIMEOUT_MS = 20_000;
const MAX_OUTPUT_BYTES = 4096;

/** One running VM: a tree of real processes in namespaces of their own, ended as a whole. */
export class Machine {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #isUp = false;
  #stopping = false;

  private constructor(child: ChildProcess, onEnd: MachineOptions['onEnd']) {
    this.#process = child;
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()));
    child.once('exit', (status) => {
      if (this.#isUp && !this.#stopping) onEnd(status === SHUTDOWN_STATUS ? 'shutdown' : 'died');
    });
  }

  /** Boots; resolves when the VM's own view of the files is up. Throws when this machine does not allow that. */
  static async boot(options: MachineOptions): Promise<Machine> {
    const seed = join(options.folder, 'seed');
    const view = join(options.folder, 'view');
    await rm(seed, { recursive: true, force: true });
    await mkdir(seed, { recursive: true, mode: 0o700 });
    await mkdir(view, { recursive: true });
    await writeSeed(seed, options);
    const log = await open(join(options.folder, 'boot.log'), 'a');
    try {
      const child = spawn('setpriv', commandLine(view, seed), {
        // 3: the view says it is up; 4: stays open as long as the lab lives, its end is the VM's end.
        stdio: ['ignore', log.fd, log.fd, 'pipe', 'pipe'],
        env: environment(options.vm),
      });
      const machine = new Machine(child, options.onEnd);
      await machine.#up();
      return machine;
    } finally {
      await log.close();
    }
  }

  async #up(): Promise<void> {
    const child = this.#process;
    let timer: NodeJS.Timeout | undefined;
    const up = new Promise<boolean>((resolve) => {
      const signal = child.stdio[3] as Readable;
      signal.once('data', () => resolve(true));
      child.once('exit', () => resolve(false));
      child.once('error', () => resolve(false));
      timer = setTimeout(() => resolve(false), UP_TIMEOUT_MS);
    });
    const isUp = await up;
    clearTimeout(timer);
    this.#isUp = isUp;
    if (isUp) return;
    await this.kill();
    throw new Error(
      'The lab cannot boot VMs here: it needs util-linux (unshare, setpriv) and a kernel that lets it make mount and process namespaces with overlayfs; run it as root, or allow user namespaces.',
    );
  }

  /** Ends every process of the VM and waits until they are gone. Idempotent. */
  async kill(): Promise<void> {
    this.#stopping = true;
    if (this.#process.pid === undefined) return;
    // The kernel ends all others of a PID namespace before its first process counts as ended; a parent that is killed does
    // not wait for that.
    const first = await this.#innerPid().catch(() => undefined);
    if (first === undefined || !killed(first)) this.#process.kill('SIGKILL');
    await this.#ended;
  }

  /** Runs a shell script inside, as root. */
  async run(script: string, signal: AbortSignal): Promise<RunCommandResult> {
    const pid = await this.#innerPid();
    const child = spawn(
      'nsenter',
      [
        '--target',
        String(pid),
        '--mount',
        '--uts',
        '--ipc',
        '--pid',
        '--root',
        '--wd',
        ...userFlags(),
        '/bin/sh',
        '-s',
      ],
      { stdio: ['pipe', 'pipe', 'pipe'], signal },
    );
    child.stdin.end(script);
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 255));
    });
    return { exitCode, stdout: stdout(), stderr: stderr() };
  }

  async #innerPid(): Promise<number> {
    const pid = String(this.#process.pid);
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const inner = Number(children.trim().split(' ')[0]);
    if (!(inner > 0)) throw new Error('the VM is not running');
    return inner;
  }
}

/** False when there is no such process any more. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

const isRoot = (): boolean => process.getuid?.() === 0;
const userFlags = (): string[] => (isRoot() ? [] : ['--user', '--preserve-credentials']);

function commandLine(view: string, seed: string): string[] {
  return [
    ...[
      '--pdeathsig',
      'KILL',
      'unshare',
      '--mount',
      '--uts',
      '--ipc',
      '--pid',
      '--fork',
      '--kill-child=SIGKILL',
    ],
    ...(isRoot() ? [] : ['--user', '--map-root-user']),
    ...['/bin/sh', '-c', viewScript, 'lab-vm', view, seed],
  ];
}

async function writeSeed(seed: string, options: MachineOptions): Promise<void> {
  const { plan, vm } = options;
  await writeFile(join(seed, 'init'), initScript(plan, vm.firstBoot));
  await writeFile(join(seed, 'lab-ca.pem'), options.authorityPem);
  if (!vm.firstBoot) return;
  for (const [index, file] of plan.files.entries()) {
    await writeFile(join(seed, `file-${index}`), file.content, { mode: 0o600 });
  }
}

/** A VM sees nothing of the lab's own environment. */
function environment(vm: VmDescription): NodeJS.ProcessEnv {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
    SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt',
    CURL_CA_BUNDLE: '/etc/ssl/certs/ca-certificates.crt',
    NODE_EXTRA_CA_CERTS: '/usr/local/share/ca-certificates/lab-ca.crt',
    AZURE_POD_IDENTITY_AUTHORITY_HOST: vm.metadataEndpoint,
    CAIRN_LISTEN_ADDRESS: loopbackAddressOf(vm.vmId),
    LAB_HOSTNAME: vm.computerName ?? vm.name,
    LAB_OVERLAY_OPTIONS: isRoot() ? '' : ',userxattr',
  };
}

/** Keeps the end of an output, as Azure's run command does. */
function collect(stream: Readable): () => string {
  let kept = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-MAX_OUTPUT_BYTES);
  });
  return () => kept.toString('utf8');
}
