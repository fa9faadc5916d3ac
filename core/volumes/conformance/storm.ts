import { createHash } from 'node:crypto';
import { chmod, link, mkdir, open, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noise } from './fill-tree.ts';

/** The same series of numbers for the same seed. */
class Dice {
  #count = 0;
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  below(limit: number): number {
    const digest = createHash('sha256')
      .update(`${this.#seed}:${this.#count++}`)
      .digest();
    return digest.readUInt32LE(0) % limit;
  }
}

/**
 * Creates, grows, cuts, renames, links and removes files in a tree, the same way for the same seed, with an
 * fsync now and then: what a busy machine does before its disk is copied.
 */
export async function storm(root: string, options: { seed: string; steps: number }): Promise<void> {
  const dice = new Dice(options.seed);
  const directories = [root];
  const files: string[] = [];
  const pick = (from: string[]): string => from[dice.below(from.length)] ?? root;
  const actions: readonly ((name: string) => Promise<void>)[] = [
    async (name) => {
      const path = join(pick(directories), `${name}${'-long'.repeat(dice.below(12))}`);
      await writeFile(path, noise(name, dice.below(20_000)));
      files.push(path);
    },
    async (name) => {
      const path = join(pick(directories), `dir-${name}`);
      await mkdir(path);
      directories.push(path);
    },
    async () => grow(pick(files), dice),
    async () => truncate(pick(files), dice.below(40_000)),
    async (name) => {
      const at = dice.below(files.length);
      const target = join(pick(directories), `moved-${name}`);
      await rename(files[at] ?? '', target);
      files[at] = target;
    },
    async () => {
      const at = dice.below(files.length);
      await rm(files[at] ?? '');
      files.splice(at, 1);
    },
    async (name) => {
      const path = join(pick(directories), `linked-${name}`);
      await link(pick(files), path);
      files.push(path);
    },
    async (name) => symlink(`${name}/`.repeat(1 + dice.below(60)), join(pick(directories), `sym-${name}`)),
    async () => chmod(pick(files), dice.below(0o7777)),
  ];
  const [create] = actions;
  for (let step = 0; step < options.steps; step++) {
    const action = files.length < 20 || dice.below(3) === 0 ? create : actions[dice.below(actions.length)];
    await action?.(`n${step}`);
    if (step % 97 === 0) await syncFile(pick(files));
  }
  await syncFile(pick(files));
}

/** Pieces far apart, so that layouts of many extents come and go. */
async function grow(path: string, dice: Dice): Promise<void> {
  const file = await open(path, 'r+');
  const pieces = 1 + dice.below(40);
  for (let piece = 0; piece < pieces; piece++)
    await file.write(noise(`${path}${piece}`, 3000), 0, 3000, dice.below(200) * 8192);
  await file.close();
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}
