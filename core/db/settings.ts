import type { Connection } from './connection.ts';

/** Small single values of this installation. Never a secret. */
export interface SettingStore {
  get(key: SettingKey): string | null;
  set(key: SettingKey, value: string): void;
  /** The stored value, or the one made now and stored. */
  getOrMake(key: SettingKey, make: () => string): string;
}

/** `installation-id` marks everything this installation makes in Azure; `synced-at` is the last sync's time. */
export type SettingKey = 'installation-id' | 'synced-at';

export function settingStore(connection: Connection): SettingStore {
  const get = (key: SettingKey): string | null => {
    const value = connection.get('SELECT value FROM settings WHERE key = ?', key)?.['value'];
    return typeof value === 'string' ? value : null;
  };
  const set = (key: SettingKey, value: string): void => {
    connection.run(
      'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      value,
    );
  };
  return {
    get,
    set,
    getOrMake: (key, make) =>
      connection.transaction(() => {
        const known = get(key);
        if (known !== null) return known;
        const made = make();
        set(key, made);
        return made;
      }),
  };
}
