import { mkdir, open, rename, rm, stat, truncate } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { installDebianPackages } from './debian-packages.ts';
import { isRoot, runTool } from './run-tool.ts';

export interface MakeDiskOptions {
  /** Raw image with a real Debian on it. */
  readonly out: string;
  /** A later state of the same disk, about 1 % changed; undefined leaves it out. */
  readonly second: string | undefined;
  /** Of the disk; at least 3 GiB. */
  readonly sizeBytes: number;
  readonly cacheFolder: string;
  readonly log: (line: string) => void;
}

const MIB = 1024 * 1024;
const ROOT_START = 16 * MIB;
const packages = [
  'linux-image-cloud-amd64',
  'openssh-server',
  'nginx-light',
  'git',
  'python3',
  'rsync',
  'vim',
];

/**
 * Makes a large disk of real files for measurements: Debian's own packages by mmdebstrap on GPT and ext4. The first run
 * takes a minute and the network; the result is cached. Needs root. Existing images at the places given are replaced.
 */
export async function makeDisk(options: MakeDiskOptions, signal: AbortSignal): Promise<void> {
  if (!isRoot()) throw new Error('make-disk needs root: it unpacks a system and mounts its disk.');
  if (options.sizeBytes < 3 * 1024 * MIB) throw new Error('make-disk needs at least 3 GiB.');
  await installDebianPackages(['lab', 'makeDisk'], signal);
  const root = await debianRoot(options, signal);
  await replaced(options.out, async (file) => {
    options.log('making the file system');
    await layOut(file, { root, sizeBytes: options.sizeBytes }, signal);
  });
  const { second } = options;
  if (second === undefined) return;
  await replaced(second, async (file) => {
    options.log('making the second state');
    await runTool('cp', ['--sparse=always', '--', options.out, file], { signal });
    await withMounted(file, laterState, signal);
  });
}

/** The system as a tar archive, from the cache or the network. */
async function debianRoot({ cacheFolder, log }: MakeDiskOptions, signal: AbortSignal): Promise<string> {
  const tar = join(resolve(cacheFolder), 'debian-bookworm.tar');
  if (await stat(tar).catch(() => undefined)) return tar;
  log('fetching Debian (about a minute)');
  await replaced(tar, async (file) => {
    const words = ['--quiet', '--variant=important', `--include=${packages.join(',')}`, '--format=tar'];
    await runTool('mmdebstrap', [...words, 'bookworm', file], { signal });
  });
  return tar;
}

async function layOut(
  file: string,
  of: { readonly root: string; readonly sizeBytes: number },
  signal: AbortSignal,
): Promise<void> {
  await (await open(file, 'w')).close();
  await truncate(file, of.sizeBytes);
  const start = ROOT_START / 512;
  const table = `label: gpt\nunit: sectors\nstart=2048, size=8192, type=21686148-6449-6E6F-744E-656564454649\nstart=${start}, type=L\n`;
  await runTool('sfdisk', ['--quiet', file], { signal, input: table });
  // The last mebibyte belongs to the copy of the partition table.
  const sizeKib = (of.sizeBytes - ROOT_START - MIB) / 1024;
  const features = `offset=${ROOT_START},nodiscard,lazy_itable_init=1`;
  await runTool('mkfs.ext4', ['-q', '-F', '-L', 'root', '-E', features, file, `${sizeKib}k`], { signal });
  await withMounted(file, `tar -C "$root" --numeric-owner -xpf '${of.root}'`, signal);
}

/** Runs a shell script with the disk's root file system at `$root`, in a mount namespace that ends with it. */
async function withMounted(file: string, script: string, signal: AbortSignal): Promise<void> {
  const root = `${file}.mnt`;
  await mkdir(root, { recursive: true });
  const whole = `set -e
root="$2"
mount -t ext4 -o loop,offset=${ROOT_START},noatime,noinit_itable "$1" "$root"
trap 'umount "$root"' EXIT
${script}
sync --file-system "$root"
fstrim "$root"
`;
  try {
    const words = ['--pdeathsig', 'KILL', 'unshare', '--mount', 'sh', '-c', whole, 'make-disk', file, root];
    await runTool('setpriv', words, { signal });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/**
 * A quiet day on a server, the same in every run: logs, a few new files, some edited in place, some gone; about 1 % of
 * a 600 MB system.
 */
const laterState = `(
cd "$root"
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "2025-02-03T%02d:%02d:%02d web-01 nginx: 10.0.%d.%d GET /item/%d %d\\n", i/3600%24, i/60%60, i%60, i%4, i%251, i*7919%100003, (i%17 ? 200 : 404) }' >> var/log/syslog
cp -r usr/share/zoneinfo/Europe srv/europe
mkdir -p srv/upload
for i in 1 2 3 4; do
  awk -v seed=$i 'BEGIN { srand(seed); for (i = 0; i < 150000; i++) printf "%d", rand() * 1e9 }' | gzip -n > srv/upload/$i.gz
done
find usr/share/doc -type f | sort | head -n 300 | while read -r each; do rm "$each"; done
find usr/lib/python3 -type f -name '*.py' | sort | head -n 20 | while read -r each; do echo '# touched' >> "$each"; done
)`;

/** Builds beside the target and renames, so that a half-made image is never taken for a whole one. */
async function replaced(target: string, build: (file: string) => Promise<void>): Promise<void> {
  const path = resolve(target);
  const building = `${path}.building`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await build(building);
    await rename(building, path);
  } finally {
    await rm(building, { force: true });
  }
}
