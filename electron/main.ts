import os from 'node:os';
import path from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, protocol, safeStorage, session, shell } from 'electron';
import { toAppError } from '../core/contract/index.ts';
import type { Core, CoreHost } from '../core/host.ts';
import { defaultDataDirectory, fileServiceFrom } from '../server/index.ts';
import { answerCall } from './answer-call.ts';
import { answerPage } from './app-pages.ts';
import { callChannel, chooseTargetChannel, eventChannel } from './channels.ts';
import { chooseTarget } from './choose-target.ts';
import { type DesktopArguments, readDesktopArguments } from './desktop-arguments.ts';
import { createKeychainSealer } from './keychain-sealer.ts';
import { lockDownContents, lockDownSession } from './lock-down.ts';
import { openMainWindow } from './main-window.ts';
import { openCore } from './open-core.ts';
import { appScheme } from './trusted-sender.ts';

/**
 * The desktop shell's entry. Nothing here awaits at the top level: Electron is ready only after this module has been
 * evaluated (electron#40719).
 */
const folder = import.meta.dirname;
const pages = path.join(folder, '..', 'renderer');
const preload = path.join(folder, 'preload.cjs');

function start(args: DesktopArguments): void {
  const surroundings = { platform: process.platform, home: os.homedir(), environment: process.env };
  const dataDirectory = path.resolve(args.dataDirectory ?? defaultDataDirectory(surroundings));
  // Beside the data, so that the single-instance lock is one per data directory.
  app.setPath('userData', path.join(dataDirectory, 'window'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  app.on('second-instance', focusWindow);
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents, shell));
  app.on('window-all-closed', () => app.quit());
  app
    .whenReady()
    .then(() => run(args, dataDirectory))
    .catch(refuseToStart);
}

async function run(args: DesktopArguments, dataDirectory: string): Promise<void> {
  const core = await openCore({
    dataDirectory,
    args,
    workerFolder: path.join(folder, '..', 'worker').replace('app.asar', 'app.asar.unpacked'),
    sealer: createKeychainSealer(safeStorage, process.platform),
    loadCore,
    log: (level, text) => void process.stderr.write(`${level}: ${text}\n`),
  });
  closeBeforeQuit(core);
  lockDownSession(session.defaultSession);
  protocol.handle(appScheme, (request) => answerPage(pages, request));
  ipcMain.handle(callChannel, (event, name: unknown, input: unknown) =>
    answerCall(core, { sender: event.senderFrame, name, input }),
  );
  core.subscribe((event) => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.send(eventChannel, event);
  });
  const window = openMainWindow(preload);
  const startFolder = app.getPath('downloads');
  ipcMain.handle(chooseTargetChannel, (event, wish: unknown) =>
    chooseTarget({ dialog, window, startFolder }, event.senderFrame, wish),
  );
}

async function loadCore(): Promise<(host: CoreHost) => Core> {
  const { createCore } = await import('../core/index.ts');
  const filesThread = new URL('./files-thread.js', import.meta.url);
  return (host) => createCore(host, { filesThread, fileService: fileServiceFrom(process.env) });
}

/** Running sessions are left to be resumed at the next start; their workers go on meanwhile. */
function closeBeforeQuit(core: Core): void {
  app.on('will-quit', (event) => {
    event.preventDefault();
    void core.close().finally(() => app.exit());
  });
}

function focusWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

function refuseToStart(error: unknown): void {
  const { message, hint, details } = toAppError(error);
  dialog.showErrorBox(
    'Cairn cannot start',
    [message, hint, details['reason'] ?? ''].filter(Boolean).join('\n'),
  );
  app.exit(1);
}

start(readDesktopArguments(process.argv.slice(1)));
