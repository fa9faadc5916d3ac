import { spawn } from 'node:child_process';
import { isRoot, runTool } from './run-tool.ts';

/** Debian packages by what needs them; each name with a program that it brings. */
export const debianPackages = {
  /** Disk images of the estate, guest activity, VMs that boot. */
  lab: {
    'ca-certificates': undefined,
    curl: 'curl',
    dosfstools: 'mkfs.vfat',
    e2fsprogs: 'mkfs.ext4',
    fdisk: 'sfdisk',
    mount: 'losetup',
    mtools: 'mcopy',
    'ntfs-3g': 'mkntfs',
    'util-linux': 'unshare',
    xfsprogs: 'mkfs.xfs',
  },
  /** `npm run lab -- make-disk`. */
  makeDisk: { mmdebstrap: 'mmdebstrap' },
  /** Judges of the file system readers and of the formats that tests compare with. */
  judges: {
    'exfat-fuse': 'mount.exfat-fuse',
    exfatprogs: 'mkfs.exfat',
    'forensics-samples-btrfs': undefined,
    'forensics-samples-exfat': undefined,
    'forensics-samples-ext2': undefined,
    'forensics-samples-ext4': undefined,
    'forensics-samples-multiple': undefined,
    'forensics-samples-ntfs': undefined,
    'forensics-samples-vfat': undefined,
    'libwin-hivex-perl': 'hivexregedit',
    lvm2: 'pvcreate',
    openssl: 'openssl',
    python3: 'python3',
    'qemu-utils': 'qemu-img',
    sleuthkit: 'fls',
    wimtools: 'wimcapture',
    'xz-utils': 'xz',
  },
  /** End-to-end tests in a browser and in an Electron window. */
  endToEnd: {
    chromium: 'chromium',
    xvfb: 'Xvfb',
    xauth: 'xauth',
    'fonts-liberation': undefined,
    unzip: 'unzip',
  },
} as const;

export type PackageSet = keyof typeof debianPackages;

/** Packages of these sets that dpkg does not know as installed; all of them where there is no dpkg. */
export async function missingPackages(
  sets: readonly PackageSet[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const wanted = [...new Set(sets.flatMap((set) => Object.keys(debianPackages[set])))].sort();
  const listed = await runTool('dpkg', ['--get-selections', ...wanted], { signal }).catch(() => '');
  const installed = new Set(
    [...listed.matchAll(/^([^\s:]+)(?::\S+)?\s+(?:install|hold)$/gm)].map(([, name]) => name),
  );
  return wanted.filter((name) => !installed.has(name));
}

/**
 * Installs what is missing with apt-get (root only) and gives its names. Throws with the command to run when this
 * process may not, or when apt-get fails.
 */
export async function installDebianPackages(
  sets: readonly PackageSet[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const missing = await missingPackages(sets, signal);
  if (missing.length === 0) return [];
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!isRoot()) throw new Error(`Debian packages are missing. Run as root: ${command}`);
  await aptGet(['update'], signal);
  await aptGet(['install', '-y', '--no-install-recommends', ...missing], signal);
  return missing;
}

/** apt-get's own words go to standard error; another apt-get that is at work is waited for. */
function aptGet(words: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...words], {
      signal,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT';
      reject(missing ? new Error('There is no apt-get here: the lab needs Debian or Ubuntu.') : error);
    });
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`apt-get ${words.join(' ')} ended with ${code}`));
    });
  });
}
