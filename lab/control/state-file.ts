import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreContents } from '../arm/index.ts';
import type { PrincipalSeed } from '../ports.ts';

/** What the control plane keeps over a restart. */
export interface ControlState {
  readonly version: 1;
  readonly signingKeyPem: string;
  readonly identities: readonly PrincipalSeed[];
  readonly store: StoreContents;
}

const fileName = 'control-plane.json';
const settleMs = 50;

/** The kept state; undefined when there is none yet. */
export async function readState(directory: string): Promise<ControlState | undefined> {
  let text: string;
  try {
    text = await readFile(join(directory, fileName), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const state = JSON.parse(text) as ControlState;
  if (state.version !== 1) throw new Error(`The lab's state in ${directory} was written by another version.`);
  return state;
}

export interface StateWriter {
  /** Something changed: write soon. */
  touch(): void;
  /** Writes what is outstanding. */
  close(): Promise<void>;
}

/** Writes the state a moment after each change, whole files only, never two at once. */
export function createStateWriter(
  directory: string | undefined,
  contents: () => ControlState,
  onDefect: (error: unknown) => void,
): StateWriter {
  if (directory === undefined) return { touch: () => {}, close: async () => {} };
  let wanted = false;
  let loop: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    await mkdir(directory, { recursive: true });
    const path = join(directory, fileName);
    await writeFile(`${path}.new`, JSON.stringify(contents()), { mode: 0o600 });
    await rename(`${path}.new`, path);
  };
  const run = async (): Promise<void> => {
    while (wanted) {
      await sleep(settleMs);
      wanted = false;
      await write();
    }
  };
  return {
    touch: () => {
      wanted = true;
      loop ??= run()
        .catch(onDefect)
        .finally(() => {
          loop = undefined;
        });
    },
    close: async () => {
      await loop;
      await write();
    },
  };
}
