import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError, fileListQuerySchema, fileReadSchema } from '../../contract/index.ts';
import { type BlobStore, countingStore, memoryStore } from '../../engine/index.ts';
import { readSample } from '../../volumes/conformance/samples.ts';
import { MemoryDisk, type ReadableDisk } from '../../volumes/index.ts';
import { describeFileService } from '../testing/file-service-conformance.ts';
import { repositoryOfImages } from '../testing/repository-of-images.ts';
import { openFilesThread } from './open-files-thread.ts';

const signal = new AbortController().signal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cairn-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

describeFileService('on a thread, over images', async (images) => {
  const paths = images.map((_, index) => path.join(folder, `${images.length}-${index}.img`));
  for (const [index, image] of images.entries()) await writeFile(paths[index] ?? '', image);
  return openFilesThread({ source: { kind: 'images', paths } });
});

describeFileService('on a thread, over a restore point', async (images) => {
  const store = memoryStore();
  const point = await repositoryOfImages(store, images);
  return openFilesThread({ source: { kind: 'repository', store, ...point } });
});

const listing = fileListQuerySchema.parse({ volumeId: 'disk0', path: '/folder' });
const large = fileReadSchema.parse({ volumeId: 'disk0', path: '/pieces' });

/** A thread that does this instead of answering. */
const threadThat = (does: string) => new URL(`data:text/javascript,${encodeURIComponent(does)}`);

describe('a thread for files', () => {
  it('reads a restore point with few requests, and never writes', async () => {
    const store = countingStore(memoryStore());
    const point = await repositoryOfImages(store, [await readSample('ext4')]);
    store.reset();
    const service = openFilesThread({ source: { kind: 'repository', store, ...point } });
    await service.list(listing, signal);
    const { reads, others, lists, writes } = store.counts();
    expect(reads + others + lists).toBeLessThan(25);
    await service.close();
    expect([writes, store.counts().writes]).toEqual([0, 0]);
  });

  it.each([
    ['dies of an error', 'setTimeout(() => { throw new Error("broken") }, 20)', 'broken'],
    ['ends', 'setTimeout(() => process.exit(3), 20)', 'it ended'],
    ['takes too much memory', 'const all = []; for (;;) all.push(new Array(10000).fill({}))', 'memory'],
  ])('answers every call with an error when it %s', async (_, does, reason) => {
    const service = openFilesThread({
      source: { kind: 'images', paths: [] },
      threadUrl: threadThat(does),
      memoryMib: 24,
    });
    const volumes = service.volumes(signal);
    const read = service.read(large, signal)[Symbol.asyncIterator]().next();
    for (const answer of await Promise.allSettled([volumes, read])) {
      const error = answer.status === 'rejected' ? answer.reason : undefined;
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: 'internal', retryable: true });
      expect(error.details.reason).toContain(reason);
    }
    await expect(service.list(listing, signal)).rejects.toMatchObject({ code: 'internal' });
    await service.close();
  });

  it('hands the errors of the store on, field by field', async () => {
    const inner = memoryStore();
    const point = await repositoryOfImages(inner, [await readSample('ext4')]);
    const refusal = new AppError('permission-denied', {
      message: 'No.',
      hint: 'Ask.',
      details: { requestId: '7' },
    });
    const store: BlobStore = { ...inner, get: () => Promise.reject(refusal) };
    const service = openFilesThread({ source: { kind: 'repository', store, ...point } });
    const thrown = await service.volumes(signal).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject(refusal.toRecord());
    await service.close();
  });

  it('stops reading when its caller stops, and reads no further than a little ahead', async () => {
    const image = await readSample('ext4');
    const asked = { reads: 0 };
    const inner = new MemoryDisk(image);
    const disk: ReadableDisk = {
      size: inner.size,
      read: async (offset, length) => {
        asked.reads++;
        return inner.read(offset, length);
      },
    };
    const service = openFilesThread({ source: { kind: 'disks', disks: [disk] } });
    await service.volumes(signal);
    const stopping = new AbortController();
    const archive = service.archive([{ volumeId: 'disk0', path: '/' }], 'tar', stopping.signal);
    const pieces = archive[Symbol.asyncIterator]();
    await pieces.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = asked.reads;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(asked.reads).toBe(before);
    stopping.abort();
    await expect(pieces.next()).rejects.toMatchObject({ code: 'cancelled' });
    expect((await service.list(listing, signal)).total).toBeGreaterThan(0);
    await service.close();
  });

  it('does not keep the process alive, nor wait for a thread that does not answer', async () => {
    const service = openFilesThread({
      source: { kind: 'images', paths: [] },
      threadUrl: threadThat('setInterval(() => {}, 1000)'),
    });
    const stopping = new AbortController();
    const volumes = service.volumes(stopping.signal);
    stopping.abort();
    await expect(volumes).rejects.toMatchObject({ code: 'cancelled' });
  });
});
