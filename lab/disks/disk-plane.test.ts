import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnonymousCredential, newPipeline, PageBlobClient } from '@azure/storage-blob';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FaultEffect } from '../ports.ts';
import { createLabAuthority } from '../tls/index.ts';
import { type LabDiskPlane, makeVhdFooter, openDiskPlane } from './index.ts';

const MIB = 1024 * 1024;
const signal = new AbortController().signal;
const authority = createLabAuthority(new Date());
const tls = authority.issue(['localhost', '127.0.0.1'], new Date());

let folder: string;
let plane: LabDiskPlane;
let defects: unknown[];
let now = Date.now();
let fault: FaultEffect | undefined;

async function open(durable = false): Promise<LabDiskPlane> {
  return openDiskPlane({
    folder: join(folder, 'disks'),
    durable,
    port: 0,
    tls,
    faults: { match: () => fault },
    images: async (name) =>
      name === 'seed' ? { path: join(folder, 'seed.img'), sizeBytes: 8 * MIB } : undefined,
    now: () => now,
    newId: randomUUID,
    randomBytes,
    onDefect: (error) => defects.push(error),
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-disks-'));
  defects = [];
  fault = undefined;
  now = Date.now();
  const image = Buffer.alloc(8 * MIB);
  image.fill(0xa1, 0, 64 * 1024);
  image.fill(0xb2, 4 * MIB, 4 * MIB + 12_288);
  await writeFile(join(folder, 'seed.img'), image);
  plane = await open();
});

afterEach(async () => {
  await plane.close();
  await rm(folder, { recursive: true, force: true });
  expect(defects).toEqual([]);
});

function client(url: string): PageBlobClient {
  const pipeline = newPipeline(new AnonymousCredential(), { retryOptions: { maxTries: 1 } });
  // The pipeline takes transport options only through this field.
  Object.assign(pipeline.options, { tlsOptions: { ca: authority.certificatePem } });
  return new PageBlobClient(url, pipeline);
}

async function seeded(): Promise<string> {
  const disk = await plane.createDisk(
    { sizeBytes: 8 * MIB, source: { kind: 'image', image: 'seed' } },
    signal,
  );
  return disk.uniqueId;
}

async function readSas(uniqueId: string): Promise<string> {
  return (await plane.grantAccess(uniqueId, { access: 'Read', durationInSeconds: 600 }, signal)).accessSas;
}

async function snapshot(sourceUniqueId: string): Promise<string> {
  return (await plane.createSnapshot({ sourceUniqueId, incremental: true }, signal)).uniqueId;
}

/** Changes the disk as its guest would. */
async function change(uniqueId: string, edit: (bytes: Buffer) => void): Promise<void> {
  const size = plane.get(uniqueId)?.sizeBytes ?? 0;
  const bytes = Buffer.alloc(size);
  await plane.readBytes(uniqueId, 0, bytes);
  edit(bytes);
  await plane.importDifferences(
    uniqueId,
    {
      read: async (offset, target) => {
        bytes.copy(target, 0, offset);
      },
    },
    signal,
  );
}

async function listed(url: string): Promise<{ start: number; end: number }[]> {
  const ranges: { start: number; end: number }[] = [];
  for await (const range of client(url).listPageRanges()) ranges.push({ start: range.start, end: range.end });
  return ranges;
}

/** [first byte, byte after the last]: the SDK's own `count` is one too small. */
const spans = (ranges: readonly { offset: number; count?: number }[] = []): number[][] =>
  ranges.map((range) => [range.offset, range.offset + (range.count ?? 0) + 1]);

test('a snapshot shows the disk as a fixed VHD with only its allocated ranges', async () => {
  const sas = await readSas(await snapshot(await seeded()));
  const properties = await client(sas).getProperties();
  expect(properties.contentLength).toBe(8 * MIB + 512);
  expect(properties.blobType).toBe('PageBlob');
  expect(await listed(sas)).toEqual([
    { start: 0, end: 65_535 },
    { start: 4 * MIB, end: 4 * MIB + 12_287 },
    { start: 8 * MIB, end: 8 * MIB + 511 },
  ]);
  const bytes = await client(sas).downloadToBuffer(4 * MIB - 100, 300);
  expect(bytes.subarray(0, 100)).toEqual(Buffer.alloc(100));
  expect(bytes.subarray(100)).toEqual(Buffer.alloc(200, 0xb2));
  const footer = await client(sas).downloadToBuffer(8 * MIB, 512);
  expect(footer.toString('latin1', 0, 8)).toBe('conectix');
});

test('a later snapshot tells exactly what changed and what was cleared, the earlier one keeps its bytes', async () => {
  const disk = await seeded();
  const first = await snapshot(disk);
  await change(disk, (bytes) => {
    bytes.fill(0xcc, 8192, 12_288);
    bytes.fill(0xdd, 6 * MIB, 6 * MIB + 4096);
    bytes.fill(0, 4 * MIB, 4 * MIB + 12_288);
  });
  const second = await snapshot(disk);
  const firstSas = await readSas(first);
  const secondSas = await readSas(second);
  const diff = await client(secondSas).getPageRangesDiffForManagedDisks(0, 8 * MIB + 512, firstSas);
  expect(spans(diff.pageRange)).toEqual([
    [8192, 12_288],
    [6 * MIB, 6 * MIB + 4096],
  ]);
  expect(spans(diff.clearRange)).toEqual([[4 * MIB, 4 * MIB + 12_288]]);
  expect((await client(firstSas).downloadToBuffer(8192, 4096))[0]).toBe(0xa1);
  expect((await client(secondSas).downloadToBuffer(8192, 4096))[0]).toBe(0xcc);
});

test('comparisons outside the family, backwards or without a valid SAS are refused', async () => {
  const disk = await seeded();
  const older = await snapshot(disk);
  const newer = await snapshot(disk);
  const foreign = await snapshot(await seeded());
  const olderSas = await readSas(older);
  const newerSas = await readSas(newer);
  const compare = (url: string, previous: string) =>
    client(url).getPageRangesDiffForManagedDisks(0, 8 * MIB, previous);
  await expect(compare(newerSas, await readSas(foreign))).rejects.toMatchObject({
    statusCode: 409,
    code: 'PreviousSnapshotOperationNotSupported',
  });
  await expect(compare(olderSas, newerSas)).rejects.toMatchObject({ code: 'PreviousSnapshotCannotBeNewer' });
  await plane.revokeAccess(older, signal);
  await expect(compare(newerSas, olderSas)).rejects.toMatchObject({ statusCode: 403 });
});

test('a SAS ends when it is revoked, when it expires, and when it is tampered with', async () => {
  const disk = await snapshot(await seeded());
  const sas = await readSas(disk);
  const forged = new URL(sas);
  forged.searchParams.set('sig', Buffer.alloc(32, 7).toString('base64'));
  await expect(client(forged.href).downloadToBuffer(0, 512)).rejects.toMatchObject({ statusCode: 403 });
  now += 601_000;
  await expect(client(sas).downloadToBuffer(0, 512)).rejects.toMatchObject({ statusCode: 403 });
  const again = await readSas(disk);
  await client(again).downloadToBuffer(0, 512);
  await plane.revokeAccess(disk, signal);
  await expect(client(again).downloadToBuffer(0, 512)).rejects.toMatchObject({ statusCode: 403 });
});

test('a snapshot cannot be written', async () => {
  const sas = await readSas(await snapshot(await seeded()));
  await expect(client(sas).uploadPages(Buffer.alloc(512), 0, 512)).rejects.toMatchObject({
    statusCode: 403,
    code: 'AuthorizationPermissionMismatch',
  });
});

async function uploadDisk(sizeBytes: number): Promise<{ uniqueId: string; sas: string }> {
  const { uniqueId } = await plane.createDisk({ sizeBytes, source: { kind: 'upload' } }, signal);
  const grant = await plane.grantAccess(uniqueId, { access: 'Write', durationInSeconds: 600 }, signal);
  return { uniqueId, sas: grant.accessSas };
}

test('a direct upload with its footer becomes a usable disk with the bytes that were sent', async () => {
  const { uniqueId, sas } = await uploadDisk(20 * MIB);
  const blob = client(sas);
  expect((await blob.getProperties()).contentLength).toBe(20 * MIB + 512);
  const bytes = randomBytes(4 * MIB);
  await blob.uploadPages(bytes, 8 * MIB, bytes.byteLength);
  await blob.uploadPages(Buffer.alloc(512, 5), 512, 512);
  await blob.clearPages(8 * MIB, 4096 + 512);
  await blob.uploadPages(makeVhdFooter(20 * MIB, uniqueId), 20 * MIB, 512);
  await plane.revokeAccess(uniqueId, signal);
  const read = Buffer.alloc(20 * MIB);
  await plane.readBytes(uniqueId, 0, read);
  const expected = Buffer.alloc(20 * MIB);
  expected.fill(5, 512, 1024);
  bytes.copy(expected, 8 * MIB);
  expected.fill(0, 8 * MIB, 8 * MIB + 4608);
  expect(read.equals(expected)).toBe(true);
  const sasAfter = await readSas(uniqueId);
  expect((await listed(sasAfter))[0]).toEqual({ start: 0, end: 4095 });
});

test('writes beyond the rules of the service are refused', async () => {
  const { sas } = await uploadDisk(20 * MIB);
  const put = (bytes: Buffer, offset: number) => client(sas).uploadPages(bytes, offset, bytes.byteLength);
  await expect(put(Buffer.alloc(513), 0)).rejects.toMatchObject({ statusCode: 416 });
  await expect(put(Buffer.alloc(512), 100)).rejects.toMatchObject({ statusCode: 416 });
  await expect(put(Buffer.alloc(4 * MIB + 512), 0)).rejects.toMatchObject({ statusCode: 413 });
  await expect(put(Buffer.alloc(1024), 20 * MIB)).rejects.toMatchObject({ statusCode: 416 });
});

test('an upload without a correct footer leaves an unusable disk', async () => {
  const { uniqueId } = await uploadDisk(20 * MIB);
  await expect(plane.revokeAccess(uniqueId, signal)).rejects.toMatchObject({ code: 'InvalidVhd' });
  await expect(readSas(uniqueId)).rejects.toMatchObject({ code: 'InvalidVhd' });
});

test('more than 10,000 ranges come in pages', async () => {
  const size = 96 * MIB;
  const { uniqueId } = await plane.createDisk({ sizeBytes: size, source: { kind: 'empty' } }, signal);
  await plane.importDifferences(
    uniqueId,
    {
      read: async (_offset, target) => {
        target.fill(0);
        for (let at = 0; at < target.byteLength; at += 8192) target[at] = 1;
      },
    },
    signal,
  );
  const blob = client(await readSas(await snapshot(uniqueId)));
  const pages: number[] = [];
  for await (const page of blob.listPageRanges(0, size).byPage()) pages.push(page.pageRange?.length ?? 0);
  expect(pages).toEqual([10_000, 2288]);
});

test('a 32 TiB disk costs nothing until it is written', async () => {
  const size = 32 * 1024 ** 4;
  const { uniqueId } = await plane.createDisk({ sizeBytes: size, source: { kind: 'upload' } }, signal);
  const grant = await plane.grantAccess(uniqueId, { access: 'Write', durationInSeconds: 60 }, signal);
  await client(grant.accessSas).uploadPages(Buffer.alloc(512, 9), size - 512, 512);
  expect(await listed(grant.accessSas)).toEqual([{ start: size - 4096, end: size - 1 }]);
});

test('disks, families and access survive a restart', async () => {
  await plane.close();
  plane = await open(true);
  const disk = await seeded();
  const first = await snapshot(disk);
  await change(disk, (bytes) => bytes.fill(0xee, 0, 4096));
  const second = await snapshot(disk);
  const path = new URL(await readSas(first)).href.replace(plane.origin, '');
  await rm(join(folder, 'seed.img'));
  await plane.close();
  plane = await open(true);
  const firstSas = `${plane.origin}${path}`;
  const diff = await client(await readSas(second)).getPageRangesDiffForManagedDisks(0, 8 * MIB, firstSas);
  expect(spans(diff.pageRange)).toEqual([[0, 4096]]);
  expect((await client(firstSas).downloadToBuffer(0, 1))[0]).toBe(0xa1);
  await change(disk, (bytes) => bytes.fill(0x11, 0, 4096));
  expect((await client(await readSas(second)).downloadToBuffer(0, 1))[0]).toBe(0xee);
});

test('faults answer, cut before, or lose only the answer', async () => {
  const { uniqueId, sas } = await uploadDisk(20 * MIB);
  const put = () => client(sas).uploadPages(Buffer.alloc(4096, 3), 0, 4096);
  fault = { delayMs: 0, respond: { status: 503, code: 'ServerBusy', message: 'busy', headers: {} } };
  await expect(put()).rejects.toMatchObject({ statusCode: 503, code: 'ServerBusy' });
  fault = { delayMs: 0, drop: 'before' };
  await expect(put()).rejects.toThrow();
  expect([...plane.allocatedRanges(uniqueId)]).toEqual([]);
  fault = { delayMs: 0, drop: 'after' };
  await expect(put()).rejects.toThrow();
  expect([...plane.allocatedRanges(uniqueId)]).toEqual([{ start: 0, end: 4096, kind: 'data' }]);
});

test('bytes that no disk needs any more are used again', async () => {
  const { uniqueId } = await plane.createDisk({ sizeBytes: 8 * MIB, source: { kind: 'empty' } }, signal);
  const used = async (): Promise<number> => {
    const names = await readdir(join(folder, 'disks'));
    const sizes = await Promise.all(
      names.map(async (name) => (await stat(join(folder, 'disks', name))).size),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  for (let round = 0; round < 8; round += 1) {
    await plane.writeBytes(uniqueId, 0, randomBytes(4 * MIB));
    const kept = await snapshot(uniqueId);
    await plane.delete(kept, signal);
  }
  expect(await used()).toBeLessThan(13 * MIB);
  await plane.delete(uniqueId, signal);
  expect(await used()).toBe(0);
});

test('many reads at once get each its own bytes, whatever memory is used again', {
  timeout: 60_000,
}, async () => {
  const uniqueId = await seeded();
  const bytes = randomBytes(8 * MIB);
  await change(uniqueId, (all) => bytes.copy(all));
  const blob = client(await readSas(await snapshot(uniqueId)));
  const spans = Array.from({ length: 48 }, (_, index) => ({
    offset: (index * 700_001) % (6 * MIB),
    count: 1 + ((index * 300_007) % (2 * MIB)),
  }));
  await Promise.all(
    spans.map(async ({ offset, count }) => {
      const read = await blob.downloadToBuffer(offset, count);
      expect(read.equals(bytes.subarray(offset, offset + count))).toBe(true);
    }),
  );
});
