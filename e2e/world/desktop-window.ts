import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, chown, copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { electronForTests } from '../../scripts/electron-for-tests.ts';
import type { RunningConsole } from './running-console.ts';

const root = path.join(import.meta.dirname, '..', '..');
/** Electron's sandbox refuses to run as root. */
const nobody = 65_534;

export interface DesktopWindow {
  readonly application: ElectronApplication;
  readonly page: Page;
  close(): Promise<void>;
}

/** The built desktop shell in a real Electron, as an ordinary user, attached to a running console. */
export async function openDesktopWindow(running: RunningConsole): Promise<DesktopWindow> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'cairn-desktop-'));
  const display = await startDisplay();
  const close = async () => {
    await display.close();
    await rm(home, { recursive: true, force: true });
  };
  try {
    const program = await installApp(home, running.tokenFile);
    const application = await _electron.launch({
      executablePath: program,
      args: [
        '--attach',
        running.address,
        '--token-file',
        path.join(home, 'token'),
        '--data-directory',
        path.join(home, 'data'),
      ],
      env: { ...plainEnvironment(), DISPLAY: display.name },
      chromiumSandbox: true,
    });
    const page = await application.firstWindow();
    return {
      application,
      page,
      close: async () => {
        await application.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Electron with our app inside, and a program that starts it as an ordinary user. */
async function installApp(home: string, tokenFile: string): Promise<string> {
  const folder = path.join(home, 'electron');
  await cp(await electronForTests(path.join(root, '.cache', 'electron')), folder, { recursive: true });
  const app = path.join(folder, 'resources', 'app');
  for (const part of ['electron', 'renderer'])
    await cp(path.join(root, 'dist', part), path.join(app, 'dist', part), { recursive: true });
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const manifest = { name, version, type: 'module', main: 'dist/electron/main.js' };
  await writeFile(path.join(app, 'package.json'), JSON.stringify(manifest));
  await copyFile(tokenFile, path.join(home, 'token'));
  const electron = path.join(folder, 'electron');
  if (process.getuid?.() !== 0) return electron;
  for (const file of [home, path.join(home, 'token')]) await chown(file, nobody, nobody);
  const starter = path.join(home, 'start');
  const asNobody = `setpriv --reuid=${nobody} --regid=${nobody} --clear-groups env HOME='${home}'`;
  await writeFile(starter, `#!/bin/sh\nexec ${asNobody} '${electron}' "$@"\n`);
  await chmod(starter, 0o755);
  return starter;
}

interface Display {
  readonly name: string;
  close(): Promise<void>;
}

async function startDisplay(): Promise<Display> {
  const server: ChildProcess = spawn(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', '1440x960x24', '-nolisten', 'tcp', '-ac'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const number = await new Promise<string>((resolve, reject) => {
    server.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}.`)));
  });
  return {
    name: `:${number}`,
    close: () => {
      server.kill();
      return ended;
    },
  };
}

function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
