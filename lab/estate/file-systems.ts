import { mkdir, open, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isRoot, runTool } from './run-tool.ts';

export type FileSystemKind = 'ext4' | 'xfs' | 'ntfs' | 'vfat';

export interface FileSystemOptions {
  readonly kind: FileSystemKind;
  /** File that becomes the file system; made here. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly label: string;
  /** Folder whose content goes in; undefined leaves it empty. */
  readonly tree: string | undefined;
  /** Where the file system will lie on its disk, for those who write that down. */
  readonly startSector: number;
  /** GUID-like text that makes identifiers repeatable. */
  readonly uuid: string;
  readonly signal: AbortSignal;
}

/** Makes a file system of real files without mounting it on this machine's kernel where its tools allow that. */
export async function makeFileSystem(options: FileSystemOptions): Promise<void> {
  await (await open(options.file, 'w')).close();
  await truncate(options.file, options.sizeBytes);
  const make = { ext4: makeExt4, xfs: makeXfs, ntfs: makeNtfs, vfat: makeVfat }[options.kind];
  await make(options);
}

async function makeExt4({ file, sizeBytes, label, tree, uuid, signal }: FileSystemOptions): Promise<void> {
  const content = tree === undefined ? [] : ['-d', tree];
  const features = `hash_seed=${uuid},lazy_itable_init=1,nodiscard`;
  await runTool(
    'mkfs.ext4',
    [
      '-q',
      '-F',
      '-L',
      label,
      '-U',
      uuid,
      '-E',
      features,
      ...content,
      file,
      `${Math.floor(sizeBytes / 1024)}k`,
    ],
    { signal },
  );
}

/** mkfs.xfs takes files from a protofile; it knows no spaces in names, and no size below 300 MiB. */
async function makeXfs({ file, label, tree, uuid, signal }: FileSystemOptions): Promise<void> {
  const proto = `${file}.proto`;
  const lines = ['/', '0 0', 'd--755 0 0', ...(tree === undefined ? [] : await protoLines(tree)), '$'];
  const words = ['-q', '-f', '-L', label, '-m', `uuid=${uuid}`, '-p', proto, file];
  await writeFile(proto, `${lines.join('\n')}\n`);
  await runTool('mkfs.xfs', words, { signal });
  await rm(proto, { force: true });
}

async function protoLines(folder: string): Promise<string[]> {
  const lines: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) lines.push(`${entry.name} d--755 0 0`, ...(await protoLines(path)), '$');
    else if (entry.isFile()) lines.push(`${entry.name} ---644 0 0 ${path}`);
  }
  return lines;
}

/** Folders need a mount (ntfs-3g, in a mount namespace of its own); without root only the top-level files are copied. */
async function makeNtfs({ file, label, tree, startSector, signal }: FileSystemOptions): Promise<void> {
  const geometry = ['-s', '512', '-p', String(startSector), '-H', '255', '-S', '63'];
  await runTool('mkntfs', ['-q', '-Q', '-F', '-L', label, ...geometry, file], { signal });
  if (tree === undefined) return;
  if (isRoot()) {
    const mountPoint = `${file}.mnt`;
    await mkdir(mountPoint, { recursive: true });
    const script = 'set -e; ntfs-3g -o streams_interface=xattr "$1" "$2"; cp -rp "$3/." "$2/"; umount "$2"';
    await runTool('unshare', ['--mount', 'sh', '-c', script, 'ntfs', file, mountPoint, tree], { signal });
    await rm(mountPoint, { recursive: true, force: true });
    return;
  }
  for (const path of await filesBelow(tree)) {
    await runTool('ntfscp', ['-f', file, path, basename(path)], { signal });
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function makeVfat({ file, label, tree, uuid, signal }: FileSystemOptions): Promise<void> {
  const serial = uuid.replaceAll('-', '').slice(0, 8);
  await runTool('mkfs.vfat', ['-F', '32', '-n', label.toUpperCase().slice(0, 11), '-i', serial, file], {
    signal,
  });
  if (tree === undefined) return;
  const entries = (await readdir(tree)).map((name) => join(tree, name));
  if (entries.length > 0)
    await runTool('mcopy', ['-i', file, '-s', '-p', '-m', ...entries, '::/'], { signal });
}
