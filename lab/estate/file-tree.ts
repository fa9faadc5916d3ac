import { chown, link, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RandomSource } from './random-source.ts';
import { isRoot } from './run-tool.ts';

/** What one kind of server keeps on its disk. */
export type TreeKind = 'linux-root' | 'database' | 'web-content' | 'logs' | 'windows-root' | 'office-files';

const MIB = 1024 * 1024;
/** All files are younger than this and older than the lab. */
const EPOCH_SECONDS = Date.UTC(2025, 0, 6) / 1000;

const words =
  'account alert archive backup billing cache client cluster commit config contract customer data delivery disk draft engine error event export factory field final header image import index invoice job journal key ledger list log mail map market memory meter model notice order page part patch plan policy port price project query queue record region report request result route sample schema search server session shard ship signal site snapshot source stage state stock store stream table task team tenant ticket token trace transfer update user value vault version volume warehouse window worker zone'.split(
    ' ',
  );

interface Tree {
  readonly root: string;
  readonly random: RandomSource;
}

/** Fills `root` with files of one kind, always the same for the same random source; about `mebibytes` MiB of data. */
export async function growTree(
  root: string,
  options: { readonly kind: TreeKind; readonly mebibytes: number; readonly random: RandomSource },
): Promise<void> {
  const tree: Tree = { root, random: options.random };
  const budget = options.mebibytes * MIB;
  switch (options.kind) {
    case 'linux-root':
      return growLinuxRoot(tree, budget);
    case 'database':
      return growDatabase(tree, budget);
    case 'web-content':
      return growFolders(tree, { top: 'srv/www', budget, extensions: ['html', 'css', 'js', 'jpg', 'json'] });
    case 'logs':
      return growLogs(tree, 'app', budget);
    case 'windows-root':
      return growWindowsRoot(tree, budget);
    case 'office-files':
      return growFolders(tree, {
        top: 'Shares/Finance',
        budget,
        extensions: ['xlsx', 'docx', 'pdf', 'csv', 'txt'],
      });
  }
}

/** One image is the root of several machines, so data disks are named by label, and a missing one does not matter. */
const fstab = `# <file system> <mount point> <type> <options> <dump> <pass>
LABEL=cloudimg-rootfs / ext4 defaults 0 1
LABEL=UEFI /boot/efi vfat umask=0077,nofail 0 1
LABEL=logs /srv/logs ext4 defaults,nofail 0 2
LABEL=pgdata /var/lib/pgdata xfs defaults,nofail 0 2
LABEL=app /srv/app ext4 defaults,nofail 0 2
LABEL=data /srv/data\\040files xfs defaults,nofail 0 2
`;

async function growLinuxRoot(tree: Tree, budget: number): Promise<void> {
  const etc: Record<string, string> = {
    'etc/hostname': 'cairn-lab\n',
    'etc/fstab': fstab,
    'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nazureuser:x:1000:1000::/home/azureuser:/bin/bash\n',
    'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
    'etc/ssh/sshd_config': 'PasswordAuthentication no\nSubsystem sftp /usr/lib/openssh/sftp-server\n',
    'home/azureuser/.bashrc': 'alias ll="ls -l"\n',
    'home/azureuser/notes/ünïcode – naïve.txt': 'names are bytes\n',
  };
  for (const [path, text] of Object.entries(etc)) await put(tree, path, Buffer.from(text));
  for (let i = 0; i < 120; i += 1)
    await put(tree, `etc/${tree.random.pick(words)}.d/${i}.conf`, configText(tree.random));
  await growLogs(tree, 'var/log', budget * 0.15);
  await growFolders(tree, { top: 'usr/share', budget: budget * 0.45, extensions: ['so', 'txt', 'gz', 'py'] });
  await growFolders(tree, {
    top: 'home/azureuser/work',
    budget: budget * 0.4,
    extensions: ['csv', 'json', 'bin', 'md'],
  });
  await symlink('usr/share', join(tree.root, 'share'));
  await symlink('../etc/hostname', join(tree.root, 'home/hostname'));
  await link(join(tree.root, 'etc/passwd'), join(tree.root, 'etc/passwd-'));
}

async function growDatabase(tree: Tree, budget: number): Promise<void> {
  const { random } = tree;
  const base = 'pgdata';
  await put(tree, `${base}/PG_VERSION`, Buffer.from('15\n'));
  await put(tree, `${base}/postgresql.conf`, configText(random));
  const segment = 4 * MIB;
  for (let used = 0, i = 0; used < budget; used += segment, i += 1) {
    const name = i % 4 === 3 ? `${base}/pg_wal/${hexName(i)}` : `${base}/base/16384/${24_576 + i}`;
    await put(tree, name, databasePages(random, segment));
  }
}

async function growLogs(tree: Tree, top: string, budget: number): Promise<void> {
  const services = ['nginx', 'api', 'worker', 'audit'];
  const each = Math.floor(budget / (services.length * 4));
  for (const service of services) {
    for (let age = 0; age < 4; age += 1) {
      // Rotated logs are compressed, and look like noise.
      const [name, content] =
        age === 0 ? ['log', logText(tree.random, each)] : [`log.${age}.gz`, tree.random.bytes(each)];
      await put(tree, `${top}/${service}/${service}.${name}`, content);
    }
  }
}

async function growWindowsRoot(tree: Tree, budget: number): Promise<void> {
  const fixed: Record<string, string> = {
    'Windows/System32/drivers/etc/hosts': '127.0.0.1 localhost\r\n',
    'Windows/win.ini': '; for 16-bit app support\r\n[fonts]\r\n',
    'Users/azureuser/Documents/Read me.txt': 'Kept by the lab.\r\n',
    'Users/azureuser/Documents/Übersicht.txt': 'Umlaut\r\n',
    'inetpub/wwwroot/iisstart.htm': '<html><body>It works</body></html>\r\n',
  };
  for (const [path, text] of Object.entries(fixed)) await put(tree, path, Buffer.from(text));
  await growFolders(tree, {
    top: 'Windows/System32',
    budget: budget * 0.5,
    extensions: ['dll', 'exe', 'mui'],
  });
  await growFolders(tree, {
    top: 'Program Files/Contoso',
    budget: budget * 0.2,
    extensions: ['dll', 'config', 'xml'],
  });
  await growFolders(tree, {
    top: 'Users/azureuser/Documents',
    budget: budget * 0.3,
    extensions: ['docx', 'xlsx', 'txt'],
  });
}

async function growFolders(
  tree: Tree,
  options: { readonly top: string; readonly budget: number; readonly extensions: readonly string[] },
): Promise<void> {
  const { random } = tree;
  let used = 0;
  for (let i = 0; used < options.budget; i += 1) {
    const extension = random.pick(options.extensions);
    const path = `${options.top}/${random.pick(words)}/${random.pick(words)}-${i}.${extension}`;
    const content = contentOf(random, extension, fileSize(random, options.budget - used));
    await put(tree, path, content);
    used += content.byteLength;
  }
}

/** Many small files, few large ones. */
function fileSize(random: RandomSource, room: number): number {
  const scale = random.pick([600, 4000, 12_000, 60_000, 400_000, 2_000_000]);
  return Math.min(1 + random.below(scale), Math.max(1, Math.ceil(room)));
}

const textual = new Set(['html', 'css', 'js', 'json', 'txt', 'py', 'csv', 'md', 'config', 'xml']);

function contentOf(random: RandomSource, extension: string, size: number): Buffer {
  return textual.has(extension) ? prose(random, size) : binary(random, size);
}

/** Half noise, half structure, as programs and documents are. */
function binary(random: RandomSource, size: number): Buffer {
  const bytes = random.bytes(size);
  for (let at = 0; at < size; at += 8192) bytes.fill(random.below(256), at, Math.min(at + 3000, size));
  return bytes;
}

/** Sentences of the word list; long texts repeat passages in another order, as real ones do. */
function prose(random: RandomSource, size: number): Buffer {
  const passages = Array.from({ length: Math.min(12, 1 + Math.ceil(size / 2000)) }, () => passage(random));
  const parts: Buffer[] = [];
  for (let length = 0; length < size; ) {
    const part = Buffer.from(`${random.pick(passages)} ${random.below(1e6)}.\n`);
    parts.push(part);
    length += part.byteLength;
  }
  return Buffer.concat(parts).subarray(0, size);
}

function passage(random: RandomSource): string {
  return Array.from({ length: 40 }, () => random.pick(words)).join(' ');
}

/** Log lines; also what guest activity appends to logs. */
export function logText(random: RandomSource, size: number): Buffer {
  const lines: string[] = [];
  let at = EPOCH_SECONDS * 1000;
  for (let length = 0; length < size; ) {
    at += random.below(4000);
    const address = `10.${random.below(4)}.${random.below(256)}.${random.below(256)}`;
    const line = `${new Date(at).toISOString()} ${address} ${random.pick(words)} /${random.pick(words)}/${random.below(9999)} ${random.pick(['200', '200', '304', '404', '500'])} ${random.below(60_000)}\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join('').slice(0, Math.max(1, Math.floor(size))));
}

function configText(random: RandomSource): Buffer {
  const lines = Array.from(
    { length: 20 },
    () => `${random.pick(words)}_${random.pick(words)} = ${random.below(1000)}`,
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** 8 KiB pages, a third of them still empty at the end. */
function databasePages(random: RandomSource, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 8192) {
    const filled = 1000 + random.below(7000);
    random.bytes(filled).copy(bytes, at);
    prose(random, 1000).copy(bytes, at + 24);
  }
  return bytes;
}

const hexName = (i: number): string => i.toString(16).toUpperCase().padStart(24, '0');

async function put(tree: Tree, path: string, content: Buffer): Promise<void> {
  const target = join(tree.root, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
  const when = EPOCH_SECONDS + tree.random.below(300 * 86_400);
  await utimes(target, when, when);
  if (isRoot() && path.startsWith('home/azureuser')) await chown(target, 1000, 1000);
}
