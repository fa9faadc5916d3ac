import { execFile } from 'node:child_process';
import { constants, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a system tool to its end and gives its standard output; fails with what it said. */
export async function runTool(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(command, args, { maxBuffer: 256 * 1024 * 1024 });
  return stdout;
}

/** Runs `work` with a new temporary directory and removes that afterwards. */
export async function withDirectory<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-volumes-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Mounts an image with the given mount command for the time of `work`; always unmounts. The option `loop`
 * means a loop device of our own: mount's own ones outlive an unmount by a moment and then stand in the way.
 * FUSE file systems want one too: of a mounted file an unmount does not wait for what is yet to be written.
 */
export async function withMount<Result>(
  mount: readonly [command: string, ...args: string[]],
  point: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const [command, ...args] = mount;
  const image = args.at(-1) ?? '';
  const loop = args.findIndex((option) => option.split(',').includes('loop'));
  if (loop < 0) return withMounted([command, ...args], point, work);
  const options = (args[loop] ?? '').split(',').filter((option) => option !== 'loop');
  const rest = args.slice(0, -1).with(loop, ['defaults', ...options].join(','));
  return withLoop(image, (device) => withMounted([command, ...rest, device], point, work));
}

async function withMounted<Result>(
  [command, ...args]: readonly [command: string, ...args: string[]],
  point: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await runTool('mkdir', '-p', point);
  await patiently(() => runTool(command, ...args, point));
  try {
    return await work();
  } finally {
    await patiently(() => runTool('umount', point));
  }
}

/** A loop device that another process lets go of, or a FUSE file system, can be busy for a moment. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (problem) {
      if (attempt === 300 || !/busy/.test(String(problem))) throw problem;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Gives an image as a block device to `work`, for tools that take nothing else; always detaches. */
export async function withLoop<Result>(
  image: string,
  work: (device: string) => Promise<Result>,
): Promise<Result> {
  const device = (await runTool('losetup', '-f', '--show', image)).trim();
  try {
    return await work(device);
  } finally {
    await released(device);
    await runTool('blockdev', '--flushbufs', device);
    await runTool('losetup', '-d', device);
  }
}

/**
 * Waits until no file system uses the device. An unmounted one lives on in mount namespaces that were made meanwhile, such
 * as a machine of a lab that is just booting, or in a FUSE program that still writes.
 */
async function released(device: string): Promise<void> {
  await patiently(async () => (await open(device, constants.O_RDONLY | constants.O_EXCL)).close());
}
