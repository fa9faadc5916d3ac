import { createHash } from 'node:crypto';
import type { BlobStore } from '../blob-store.ts';
import type { BackupDisk, DiskRange, DiskSink, EngineDeps, Repository, RestoreOptions } from '../model.ts';
import { restoreDisk } from '../read/restore-disk.ts';
import { createRepository } from '../repository/create-repository.ts';

export const testPassword = 'correct horse battery staple';
/** The least that the format allows, to keep tests quick. */
export const testCost = 14;
export const testBlock = 64 * 1024;

/** Repeatable surroundings: the clock advances a second a call, random bytes follow from the seed. */
export function testDeps(seed = 'seed'): EngineDeps {
  let time = Date.UTC(2026, 0, 1);
  let calls = 0;
  return {
    clock: () => {
      time += 1000;
      return time;
    },
    random: (length) => seededBytes(`${seed}/${calls++}`, length),
  };
}

/** Incompressible, repeatable bytes. */
export function seededBytes(seed: string, length: number): Uint8Array {
  return createHash('shake256', { outputLength: length }).update(seed).digest();
}

export function testRepository(store: BlobStore, options: { threads?: number } = {}): Promise<Repository> {
  return createRepository(store, {
    unlock: { kind: 'password', password: testPassword },
    deps: testDeps(),
    blockSize: testBlock,
    passwordCost: testCost,
    threads: options.threads ?? 0,
  });
}

/** A disk in memory that can be read from and, for the next point, written to. */
export class TestDisk {
  readonly bytes: Buffer;
  readonly id: string;
  #changes: DiskRange[] = [];

  constructor(size: number, id = 'os') {
    this.bytes = Buffer.alloc(size);
    this.id = id;
  }

  write(offset: number, content: Uint8Array): void {
    this.bytes.set(content, offset);
    this.#changes.push({ offset, length: content.length });
  }

  clear(offset: number, length: number): void {
    this.bytes.fill(0, offset, offset + length);
    this.#changes.push({ offset, length, cleared: true });
  }

  /** For the backup; `changes` must be ascending and apart. */
  asBackup(ranges?: readonly DiskRange[]): BackupDisk {
    return {
      id: this.id,
      name: this.id,
      size: this.bytes.length,
      source: {
        read: async (offset, length) => new Uint8Array(this.bytes.subarray(offset, offset + length)),
      },
      ranges,
    };
  }

  /** What was written since the last call. */
  takeChanges(): DiskRange[] {
    const changes = this.#changes.sort((left, right) => left.offset - right.offset);
    this.#changes = [];
    return changes;
  }
}

/** The whole disk of a point, restored into memory. */
export async function restored(
  repository: Repository,
  point: string,
  options: Partial<RestoreOptions> = {},
): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  const writes: { offset: number; content: Uint8Array }[] = [];
  const sink: DiskSink = {
    write: async (offset, content) => {
      writes.push({ offset, content: new Uint8Array(content) });
    },
  };
  const result = await restoreDisk(repository, { point, diskIndex: 0, sink, ...options });
  bytes = Buffer.alloc(result.diskBytes);
  for (const { offset, content } of writes) bytes.set(content, offset);
  return bytes;
}

export const testResource = { workload: 'azure-vm', id: '/vm/one', name: 'one' };
