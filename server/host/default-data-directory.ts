import path from 'node:path';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Where the database and the secrets of this user live: CAIRN_DATA, else the platform's own place. */
export function defaultDataDirectory({ platform, home, environment }: Surroundings): string {
  const given = environment['CAIRN_DATA'];
  if (given !== undefined && given !== '') return path.resolve(given);
  if (platform === 'win32')
    return path.join(environment['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'Cairn');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Cairn');
  return path.join(environment['XDG_DATA_HOME'] || path.join(home, '.local', 'share'), 'cairn');
}
