import path from 'node:path';
import type { BrowserWindow, Dialog, WebFrameMain } from 'electron';
import { AppError } from '../core/contract/index.ts';
import { isTrustedSender } from './trusted-sender.ts';

export interface ChooseTargetDeps {
  readonly dialog: Pick<Dialog, 'showSaveDialog' | 'showOpenDialog'>;
  readonly window: BrowserWindow;
  /** Where the dialog starts. */
  readonly startFolder: string;
}

/**
 * Asks the operator where a download goes: a file to save as, or a folder to put files into. Answers its path, null
 * when the operator thinks better of it. Rejects with an AppError unless our own top frame asks.
 */
export async function chooseTarget(
  deps: ChooseTargetDeps,
  sender: Pick<WebFrameMain, 'url' | 'parent'> | null,
  wish: unknown,
): Promise<string | null> {
  if (!isTrustedSender(sender))
    throw new AppError('permission-denied', { message: 'This frame may not talk to Cairn.' });
  const { kind, fileName } = readWish(wish);
  return kind === 'folder' ? chooseFolder(deps) : chooseFile(deps, fileName);
}

interface Wish {
  readonly kind: 'file' | 'folder';
  readonly fileName: string;
}

function readWish(wish: unknown): Wish {
  const { kind, fileName } = (typeof wish === 'object' && wish !== null ? wish : {}) as Record<
    string,
    unknown
  >;
  if (kind !== 'file' && kind !== 'folder')
    throw new AppError('invalid-input', { message: 'The kind must be file or folder.' });
  const name = typeof fileName === 'string' ? fileName.slice(0, 255) : '';
  // Only a name: a page cannot make the dialog start in a folder of its choice.
  return { kind, fileName: path.posix.basename(path.win32.basename(name)) };
}

async function chooseFile(
  { dialog, window, startFolder }: ChooseTargetDeps,
  name: string,
): Promise<string | null> {
  const answer = await dialog.showSaveDialog(window, {
    title: 'Save as',
    defaultPath: path.join(startFolder, name),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return answer.canceled || answer.filePath === '' ? null : answer.filePath;
}

async function chooseFolder({ dialog, window, startFolder }: ChooseTargetDeps): Promise<string | null> {
  const answer = await dialog.showOpenDialog(window, {
    title: 'Save into a folder',
    defaultPath: startFolder,
    properties: ['openDirectory', 'createDirectory', 'promptToCreate'],
  });
  return answer.canceled ? null : (answer.filePaths[0] ?? null);
}
