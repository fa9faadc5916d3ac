import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MemoryDisk } from '../../volumes/index.ts';
import { folderEntries } from '../compare/folder-entries.ts';
import { createFileService } from './create-file-service.ts';

const signal = new AbortController().signal;

/** An ext4 image whose folder `many` has one block that its checksum does not fit. */
function damagedImage(): Uint8Array {
  const place = mkdtempSync(join(tmpdir(), 'cairn-damaged-'));
  try {
    const many = join(place, 'tree', 'many');
    mkdirSync(many, { recursive: true });
    for (let index = 0; index < 500; index++) writeFileSync(join(many, `n-${index}-${'x'.repeat(60)}`), '');
    const image = join(place, 'image');
    writeFileSync(image, '');
    truncateSync(image, 16 * 1024 * 1024);
    execFileSync('mke2fs', ['-q', '-t', 'ext4', '-d', join(place, 'tree'), image]);
    const bytes = readFileSync(image);
    bytes.write('N', bytes.indexOf('n-123-'));
    return new Uint8Array(bytes);
  } finally {
    rmSync(place, { recursive: true });
  }
}

test('a folder of which a part is damaged lists the rest and says so', async () => {
  const service = createFileService({ disks: [new MemoryDisk(damagedImage())] });
  const [volume] = await service.volumes(signal);
  const place = { volumeId: volume?.id ?? '', path: '/many' };
  const query = { ...place, offset: 0, limit: 1000, order: 'name', descending: false, filter: '' } as const;
  const listing = await service.list(query, signal);
  expect(listing.problem).toContain('1 of its blocks');
  expect(listing.total).toBeGreaterThan(300);
  expect(listing.total).toBeLessThan(500);
  expect(listing.entries.some(({ name }) => name.startsWith('N-'))).toBe(false);
  expect((await service.list(query, signal)).problem).toBe(listing.problem);
  expect((await service.list({ ...query, path: '/' }, signal)).problem).toBeNull();
  // What compares folders must not take what is missing for deleted.
  const whole = folderEntries({ service, volumeId: place.volumeId }, '/many', signal);
  await expect(whole.next()).rejects.toMatchObject({ code: 'damaged' });
  await service.close();
});
