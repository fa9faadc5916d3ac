import { open } from 'node:fs/promises';

/** Names that were made in or taken out of a folder are on its drive. Windows has no call for it and needs none. */
export async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
