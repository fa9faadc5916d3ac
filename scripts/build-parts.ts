import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { contentHash } from './content-hash.ts';
import { runProgram } from './run-program.ts';

/** What `vite build` makes of which files. */
interface Part {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly configs: readonly string[];
  /** Folder under dist/ that belongs to this part alone. */
  readonly output: string;
}

const always = ['package-lock.json', 'core/contract'];

export const parts = {
  renderer: {
    name: 'console',
    inputs: [...always, 'renderer'],
    configs: ['renderer/vite.config.ts'],
    output: 'renderer',
  },
  electron: {
    name: 'desktop shell',
    inputs: [...always, 'electron', 'server', 'core'],
    configs: ['electron/vite.main.config.ts', 'electron/vite.preload.config.ts'],
    output: 'electron',
  },
  server: {
    name: 'command line',
    inputs: [...always, 'server', 'core'],
    configs: ['server/vite.config.ts'],
    output: 'server',
  },
} as const satisfies Record<string, Part>;

/** Builds a part unless dist/ holds it already, made from the same inputs. */
export async function buildPart(root: string, part: Part): Promise<void> {
  const output = path.join(root, 'dist', part.output);
  const mark = path.join(root, '.cache', 'build', `${part.output}.sha256`);
  const hash = await contentHash(root, part.inputs);
  if ((await readFile(mark, 'utf8').catch(() => '')) === hash && existsSync(output)) return;
  process.stderr.write(`Building the ${part.name}...\n`);
  await rm(mark, { force: true });
  await rm(output, { recursive: true, force: true });
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  for (const config of part.configs)
    await runProgram(process.execPath, [vite, 'build', '--logLevel', 'warn', '-c', config], { cwd: root });
  await mkdir(path.dirname(mark), { recursive: true });
  await writeFile(mark, hash);
}
