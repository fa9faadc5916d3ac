import { z } from 'zod';
import { AppError } from '../../core/contract/index.ts';
import type { SecretStore } from '../../core/host.ts';
import { readIfPresent, writePrivateFile } from './private-file.ts';

/** Makes a secret unreadable outside this host, bound to its key: a key file on servers, the keychain on desktops. */
export interface Sealer {
  seal(key: string, secret: string): Promise<string>;
  /** Rejects when the text was not sealed here, for this key, or has been changed. */
  unseal(key: string, sealed: string): Promise<string>;
}

const fileSchema = z.object({ version: z.literal(1), entries: z.record(z.string(), z.string()) });

/** Secrets in one file, each sealed by itself. Writes follow each other and replace the file atomically. */
export function createSealedSecretStore(file: string, sealer: Sealer): SecretStore {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const change = (edit: (entries: Map<string, string>) => Promise<void>) =>
    inTurn(async () => {
      const entries = await readEntries(file);
      await edit(entries);
      await writePrivateFile(
        file,
        `${JSON.stringify({ version: 1, entries: Object.fromEntries(entries) })}\n`,
      );
    });
  return {
    get: (key) =>
      inTurn(async () => {
        const sealed = (await readEntries(file)).get(key);
        return sealed === undefined ? null : await sealer.unseal(key, sealed);
      }),
    set: (key, value) =>
      change(async (entries) => {
        entries.set(key, await sealer.seal(key, value));
      }),
    delete: (key) =>
      change(async (entries) => {
        entries.delete(key);
      }),
  };
}

async function readEntries(file: string): Promise<Map<string, string>> {
  const text = await readIfPresent(file);
  if (text === null) return new Map();
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(text)).entries));
  } catch (cause) {
    throw new AppError('damaged', {
      message: `The secret store ${file} cannot be read.`,
      hint: 'Restore the file from a copy, or move it away and sign in again.',
      cause,
    });
  }
}
