import { resolve } from 'node:path';
import { Command } from 'commander';
import { makeDisk } from './estate/index.ts';
import type { LabPorts } from './lab-folder.ts';
import { askTools, readHandle } from './lab-handle.ts';
import { type Lab, startLab } from './start.ts';

const DEFAULT_STATE = '.cairn/lab';
const stop = new AbortController();

/** `npm run lab -- ...`: the local Azure by itself. */
function program(): Command {
  const lab = new Command('lab').description('A local stand-in for Azure');
  lab
    .command('start', { isDefault: true })
    .description('run the lab until Ctrl-C')
    .option('--state <folder>', 'what survives a restart', DEFAULT_STATE)
    .option('--estate <size>', 'small or full; only at the first start', 'full')
    .option('--port <number>', 'of sign-in and Resource Manager', Number)
    .option('--blob-port <number>', 'of blob storage', Number)
    .option('--queue-port <number>', 'of queues', Number)
    .option('--disk-port <number>', 'of managed disks', Number)
    .option('--slow', 'long-running operations take seconds, as in Azure', false)
    .option('--throttle', "with Resource Manager's rate limits", false)
    .action(start);
  lab
    .command('make-disk')
    .description('make a large disk of real files, and a later state of it (root, network)')
    .option('--out <file>', 'raw image', '.cache/lab/debian.img')
    .option('--second <file>', 'the later state', '.cache/lab/debian-later.img')
    .option('--size <size>', 'for example 4GiB', bytesOf, 4 * 1024 ** 3)
    .action(async ({ out, second, size }: { out: string; second: string; size: number }) => {
      const log = (line: string): void => console.error(line);
      await makeDisk({ out, second, sizeBytes: size, cacheFolder: '.cache/lab', log }, stop.signal);
      console.log(`${resolve(out)}\n${resolve(second)}`);
    });
  lab
    .command('activity <vm>')
    .description('let the guest of a VM in the running lab change files on its disks')
    .option('--state <folder>', 'of the running lab', DEFAULT_STATE)
    .option('--amount <part>', 'of the data that changes, 0 to 1', Number, 0.01)
    .option('--seed <text>', 'the same seed does the same', '1')
    .action(async (vm: string, { state, amount, seed }: { state: string; amount: number; seed: string }) => {
      const answer = await askTools(await readHandle(resolve(state)), '/activity', { vm, amount, seed });
      console.log(JSON.stringify(answer, undefined, 2));
    });
  lab
    .command('boot-log <vm>')
    .description('what a VM in the running lab has printed')
    .option('--state <folder>', 'of the running lab', DEFAULT_STATE)
    .action(async (vm: string, { state }: { state: string }) => {
      const handle = await readHandle(resolve(state));
      const { log } = (await askTools(handle, `/boot-log?vm=${encodeURIComponent(vm)}`)) as { log: string };
      process.stdout.write(log);
    });
  return lab;
}

interface StartWords {
  readonly state: string;
  readonly estate: string;
  readonly port?: number;
  readonly blobPort?: number;
  readonly queuePort?: number;
  readonly diskPort?: number;
  readonly slow: boolean;
  readonly throttle: boolean;
}

async function start(words: StartWords): Promise<void> {
  if (words.estate !== 'small' && words.estate !== 'full') throw new Error('--estate is small or full');
  console.error('Starting the lab; the first time it builds its disks...');
  const lab = await startLab(
    {
      state: words.state,
      estate: words.estate,
      fast: !words.slow,
      ports: given({ arm: words.port, blob: words.blobPort, queue: words.queuePort, disk: words.diskPort }),
      control: { throttling: words.throttle },
    },
    stop.signal,
  );
  print(lab);
  await new Promise<void>((done) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => done());
  });
  await lab.close();
}

function given(ports: { readonly [name in keyof LabPorts]?: number | undefined }): Partial<LabPorts> {
  return Object.fromEntries(Object.entries(ports).filter(([, port]) => port !== undefined));
}

function print(lab: Lab): void {
  const { operator, user, admin } = lab;
  console.log(`Sign-in and Resource Manager  ${lab.armEndpoint}
Root certificate              ${lab.caFile}
Tenant                        ${lab.tenantId}
Key of its Key Vault          ${lab.keyVaultUrl}/keys/cairn-backup
Service principal             ${operator.clientId}, secret ${operator.clientSecret}
User (device code, browser)   ${user.userPrincipalName}, password ${user.password}
Admin (faults, device codes)  ${admin.adminOrigin}
Ctrl-C ends it.`);
}

function bytesOf(text: string): number {
  const match = /^(\d+)\s*(Ki|Mi|Gi|Ti)?B?$/i.exec(text.trim());
  if (match === null) throw new Error(`${text} is no size; 4GiB is one`);
  const unit = ['', 'ki', 'mi', 'gi', 'ti'].indexOf((match[2] ?? '').toLowerCase());
  return Number(match[1]) * 1024 ** unit;
}

try {
  await program().parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
