import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyVersion } from './key-version.ts';
import { deletedButRecoverable, keyNotFound } from './vault-error.ts';

/** A key with all its versions, the newest last. */
export interface VaultKey {
  readonly name: string;
  readonly versions: readonly KeyVersion[];
  /** Seconds since the epoch; undefined while the key lives. */
  readonly deletedAt?: number;
}

/** The keys of one vault. Names are compared without letter case, as Key Vault does. */
export interface KeyBook {
  list(kind: 'live' | 'deleted'): readonly VaultKey[];
  /** Throws the 404 of a key that is not there or deleted. */
  live(name: string): VaultKey;
  deleted(name: string): VaultKey;
  /** A version by id, or the newest one; throws the 404. */
  version(name: string, id: string | undefined): KeyVersion;
  /** A new newest version. Throws the 409 of a name that a deleted key still holds. */
  add(name: string, version: KeyVersion): Promise<void>;
  replace(name: string, version: KeyVersion): Promise<void>;
  setDeleted(name: string, deletedAt: number | undefined): Promise<void>;
  purge(name: string): Promise<void>;
}

/** With a file the keys survive a restart of the lab; every change is on the disk when its promise resolves. */
export async function openKeyBook(file: string | undefined): Promise<KeyBook> {
  const keys = new Map<string, VaultKey>();
  for (const key of await readKeys(file)) keys.set(key.name.toLowerCase(), key);
  let writing = Promise.resolve();
  const put = (key: VaultKey): Promise<void> => {
    keys.set(key.name.toLowerCase(), key);
    return save();
  };
  const save = (): Promise<void> => {
    writing = writing.then(() => writeKeys(file, [...keys.values()]));
    return writing;
  };
  const find = (name: string, deleted: boolean): VaultKey => {
    const key = keys.get(name.toLowerCase());
    if (key === undefined || (key.deletedAt !== undefined) !== deleted) throw keyNotFound(name);
    return key;
  };
  const live = (name: string): VaultKey => find(name, false);
  return {
    live,
    deleted: (name) => find(name, true),
    list: (kind) =>
      [...keys.values()].filter((key) => (key.deletedAt !== undefined) === (kind === 'deleted')),
    version(name, id) {
      const { versions } = live(name);
      const found = id === undefined ? versions.at(-1) : versions.find((each) => each.id === id);
      if (found === undefined) throw keyNotFound(`${name}/${id ?? ''}`);
      return found;
    },
    add(name, version) {
      const known = keys.get(name.toLowerCase());
      if (known?.deletedAt !== undefined) throw deletedButRecoverable(name);
      return put({ name: known?.name ?? name, versions: [...(known?.versions ?? []), version] });
    },
    replace(name, version) {
      const key = live(name);
      return put({ ...key, versions: key.versions.map((each) => (each.id === version.id ? version : each)) });
    },
    setDeleted(name, deletedAt) {
      const { deletedAt: _before, ...key } = find(name, deletedAt === undefined);
      return put(deletedAt === undefined ? key : { ...key, deletedAt });
    },
    purge(name) {
      keys.delete(find(name, true).name.toLowerCase());
      return save();
    },
  };
}

async function readKeys(file: string | undefined): Promise<readonly VaultKey[]> {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? [] : (JSON.parse(text) as readonly VaultKey[]);
}

async function writeKeys(file: string | undefined, keys: readonly VaultKey[]): Promise<void> {
  if (file === undefined) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(keys), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
