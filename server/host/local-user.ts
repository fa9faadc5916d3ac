import { readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The user whom the operating system runs this process for; with the domain where Windows has one. */
export function operatorName(environment: Environment): string {
  const domain = environment['USERDOMAIN'];
  const name = userName() ?? environment['USER'] ?? environment['USERNAME'] ?? 'unknown user';
  return process.platform === 'win32' && domain ? `${domain}\\${name}` : name;
}

/** A process in a container may run for a number without a name. */
function userName(): string | null {
  try {
    return os.userInfo().username;
  } catch {
    return null;
  }
}

/** This user's downloads folder as the desktop has it; null when there is none (a server's service user). */
export async function downloadsFolder(environment: Environment): Promise<string | null> {
  const home = os.homedir();
  const folder = (await xdgDownloads(home, environment)) ?? path.join(home, 'Downloads');
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() ? folder : null;
}

/** XDG user directories: `XDG_DOWNLOAD_DIR="$HOME/..."` in user-dirs.dirs. */
async function xdgDownloads(home: string, environment: Environment): Promise<string | null> {
  const configuration = environment['XDG_CONFIG_HOME'] || path.join(home, '.config');
  const text = await readFile(path.join(configuration, 'user-dirs.dirs'), 'utf8').catch(() => '');
  const value = /^XDG_DOWNLOAD_DIR="([^"\n]+)"/m.exec(text)?.[1]?.replace(/^\$HOME(?=\/|$)/, home);
  return value !== undefined && path.isAbsolute(value) && value !== home ? value : null;
}
