import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../contract/index.ts';
import { readSample } from '../../volumes/conformance/samples.ts';
import { MemoryDisk } from '../../volumes/index.ts';
import type { FileService } from '../file-service.ts';
import { createFileService } from '../service/create-file-service.ts';
import { toldFiles } from '../testing/told-files.ts';
import { discardSave } from './discard-save.ts';
import { saveArchive } from './save-archive.ts';
import { saveFile } from './save-file.ts';
import type { SaveOptions, SaveProgress } from './save-options.ts';

const signal = new AbortController().signal;
const base: SaveOptions = { signal, id: 'download 1', existing: 'keep', platform: 'posix' };
let folder: string;
let service: FileService;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cairn-save-'));
  service = createFileService({ disks: [new MemoryDisk(await readSample('ext4'))] });
});
afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

/** Aborts once so many bytes are written. */
function stoppedAt(bytes: number): SaveOptions {
  const stopping = new AbortController();
  const onProgress = (progress: SaveProgress) => progress.bytes >= bytes && stopping.abort();
  return { ...base, signal: stopping.signal, onProgress };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const large = Uint8Array.from({ length: 3_000_000 }, (_, index) => ((index * 7) % 255) + 1);

describe('saving one file', () => {
  const target = () => path.join(folder, 'saved');

  it('writes it with its hash, time and permissions, and leaves nothing else', async () => {
    const report = await saveFile(service, { volumeId: 'disk0', path: '/pieces', target: target() }, base);
    const bytes = await readFile(target());
    expect([report.sha256, report.bytes, report.files]).toEqual([sha256(bytes), bytes.length, 1]);
    const details = await service.details({ volumeId: 'disk0', path: '/pieces' }, signal);
    expect((await stat(target())).mode & 0o777).toBe(details.mode);
    const whole = new Date(Math.floor((await stat(target())).mtimeMs));
    expect(whole.toISOString().slice(0, 23)).toBe(details.modified?.slice(0, 23));
    expect(await readdir(folder)).toEqual(['saved']);
  });

  it('goes on behind what it had written', async () => {
    const what = { volumeId: 'disk0', path: '/#0', target: target() };
    const first = saveFile(toldFiles([{ path: 'large', bytes: large }]), what, stoppedAt(2_000_000));
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    const again = toldFiles([{ path: 'large', bytes: large }]);
    const report = await saveFile(again, what, base);
    expect(again.handedOut.get('large')).toBeLessThanOrEqual(1_000_000);
    expect([report.sha256, report.bytes]).toEqual([sha256(large), large.length]);
    expect(sha256(await readFile(target()))).toBe(sha256(large));
  });

  it('starts anew when the file is another one now', async () => {
    const what = { volumeId: 'disk0', path: '/#0', target: target() };
    const first = saveFile(toldFiles([{ path: 'large', bytes: large }]), what, stoppedAt(2_000_000));
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    const other = large.toReversed();
    const changed = toldFiles([{ path: 'large', bytes: other, modified: '2025-01-01T00:00:00Z' }]);
    expect((await saveFile(changed, what, base)).sha256).toBe(sha256(other));
  });

  it('refuses what is there, what is damaged, and a place that is not', async () => {
    await writeFile(target(), 'mine');
    const what = { volumeId: 'disk0', path: '/#0', target: target() };
    const files = toldFiles([{ path: 'bad', bytes: large, damagedAt: 1000 }]);
    await expect(saveFile(files, what, base)).rejects.toMatchObject({ code: 'already-exists' });
    const replacing = saveFile(files, what, { ...base, existing: 'replace' });
    await expect(replacing).rejects.toMatchObject({ code: 'damaged' });
    expect(await readFile(target(), 'utf8')).toBe('mine');
    await discardSave(folder, base.id);
    expect(await readdir(folder)).toEqual(['saved']);
    const nowhere = saveFile(files, { ...what, target: path.join(folder, 'no', 'where') }, base);
    await expect(nowhere).rejects.toBeInstanceOf(AppError);
  });
});

describe('saving an archive', () => {
  const target = () => path.join(folder, 'saved.tar');
  const what = () => ({
    selection: [{ volumeId: 'disk0', path: '/' }],
    format: 'tar' as const,
    target: target(),
  });

  it('makes the same archive when it was interrupted', async () => {
    await expect(saveArchive(service, what(), stoppedAt(500_000))).rejects.toMatchObject({
      code: 'cancelled',
    });
    const report = await saveArchive(service, what(), base);
    const parts: Uint8Array[] = [];
    for await (const piece of service.archive(what().selection, 'tar', signal)) parts.push(piece);
    expect(sha256(await readFile(target()))).toBe(sha256(Buffer.concat(parts)));
    expect(report.sha256).toBe(sha256(Buffer.concat(parts)));
    expect(await readdir(folder)).toEqual(['saved.tar']);
  });

  it('starts anew when its beginning is not the same any more', async () => {
    await expect(saveArchive(service, what(), stoppedAt(500_000))).rejects.toMatchObject({
      code: 'cancelled',
    });
    const other = {
      async *archive() {
        for (let at = 0; at < large.length; at += 100_000) yield large.subarray(at, at + 100_000);
      },
    };
    expect((await saveArchive(other, what(), base)).sha256).toBe(sha256(large));
    expect(sha256(await readFile(target()))).toBe(sha256(large));
  });
});
