import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AppError,
  type FileEntry,
  type FileListQuery,
  type FileSearchResult,
  fileDetailsSchema,
  fileEntrySchema,
  fileListingSchema,
  fileListQuerySchema,
  fileReadSchema,
  fileSearchQuerySchema,
  fileVolumeSchema,
  type WalkedFile,
  walkedFileSchema,
} from '../../contract/index.ts';
import { readSample, readSampleTree } from '../../volumes/conformance/samples.ts';
import { MemoryDisk } from '../../volumes/index.ts';
import { createFileService, type FileService } from '../index.ts';
import { fileTimeText } from '../service/file-time.ts';

/** Opens a service over disk images, the way that is to be proven. */
export type OpenImages = (images: readonly Uint8Array[]) => Promise<FileService>;

const signal = new AbortController().signal;

/** Every road to the files of a restore point must pass this. `ext4` is disk 0, `ntfs` disk 1, `fat32` disk 2. */
export function describeFileService(name: string, open: OpenImages): void {
  describe(`file service ${name}`, () => {
    let service: FileService;
    beforeAll(async () => {
      service = await open(await Promise.all(['ext4', 'ntfs', 'fat32'].map(readSample)));
    });
    afterAll(() => service.close());

    const list = (query: Partial<FileListQuery>) =>
      service.list(fileListQuerySchema.parse({ volumeId: 'disk0', path: '/', ...query }), signal);
    const names = async (query: Partial<FileListQuery>) =>
      (await list(query)).entries.map((entry: FileEntry) => entry.name);

    it('says what volumes there are', async () => {
      const volumes = await service.volumes(signal);
      for (const volume of volumes) fileVolumeSchema.parse(volume);
      expect(volumes.map(({ id, kind }) => [id, kind])).toEqual([
        ['disk0', 'ext4'],
        ['disk1', 'ntfs'],
        ['disk2', 'fat32'],
      ]);
      expect(volumes.map(({ caseSensitive, localTimes }) => [caseSensitive, localTimes])).toEqual([
        [true, false],
        [false, false],
        [false, true],
      ]);
    });

    it('lists folders in pages, folders first, numbers by their value', async () => {
      const all = await names({ path: '/many', limit: 1000 });
      const first = await list({ path: '/many', limit: 3 });
      const second = await list({ path: '/many', limit: 3, offset: 3 });
      fileListingSchema.parse(first);
      expect([...first.entries, ...second.entries].map((entry) => entry.name)).toEqual(all.slice(0, 6));
      expect([first.total, first.unfiltered]).toEqual([all.length, all.length]);
      expect(await names({ path: '/many', limit: 3, descending: true })).toEqual(
        all.toReversed().slice(0, 3),
      );
      const sizes = await names({ path: '/folder', filter: 'size *' });
      const numbers = sizes.map((size) => Number(size.slice('size '.length)));
      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
      const root = await list({});
      const kinds = root.entries.map(({ kind }) => kind === 'directory');
      expect(kinds).toEqual(kinds.toSorted((left, right) => Number(right) - Number(left)));
      expect((await list({ offset: 5000 })).entries).toEqual([]);
    });

    it('filters by part of a name and by pattern, whatever the case', async () => {
      const part = await list({ path: '/folder', filter: 'SIZE' });
      expect(part.total).toBe(part.entries.length);
      expect(part.total).toBeGreaterThan(0);
      expect(part.total).toBeLessThan(part.unfiltered);
      expect(part.entries.every((entry) => entry.name.includes('size'))).toBe(true);
      expect(await names({ path: '/folder', filter: 'size ?' })).toEqual(['size 1']);
      expect(await names({ path: '/folder', filter: '*nothing like this*' })).toEqual([]);
    });

    it('orders by size and by time', async () => {
      const bySize = (await list({ path: '/folder', order: 'size', limit: 1000 })).entries;
      const files = bySize.filter(({ kind }) => kind !== 'directory').map(({ sizeBytes }) => sizeBytes);
      expect(files).toEqual(files.toSorted((left, right) => left - right));
      const newest = await list({ path: '/folder', order: 'modified', descending: true, limit: 1000 });
      const times = newest.entries
        .filter(({ kind }) => kind !== 'directory')
        .map((entry) => entry.modified ?? '');
      expect(times.map((time) => time.slice(0, 19))).toEqual(
        times
          .map((time) => time.slice(0, 19))
          .toSorted()
          .toReversed(),
      );
    });

    it('walks everything with the metadata that the judge of the image saw', async () => {
      for (const [volumeId, sample] of [
        ['disk0', 'ext4'],
        ['disk1', 'ntfs'],
        ['disk2', 'fat32'],
      ] as const) {
        const tree = await readSampleTree(sample);
        const walked = new Map(
          (await walkAll(service, [{ volumeId, path: '/' }])).map((file) => [file.path, file]),
        );
        for (const [path, node] of tree) {
          const file = walked.get(path);
          expect(file?.kind).toBe(node.kind);
          if (node.size !== undefined && node.kind === 'file') expect(file?.sizeBytes).toBe(node.size);
          if (node.modified !== undefined) expect(file?.modified).toBe(fileTimeText(node.modified));
        }
      }
    });

    it('walks parents before children, and gives every item a place of its own', async () => {
      const files = await walkAll(service, [
        { volumeId: 'disk0', path: '/folder' },
        { volumeId: 'disk0', path: '/folder/deeper' },
        { volumeId: 'disk0', path: '/folder' },
        { volumeId: 'disk2', path: '/folder' },
      ]);
      const paths = files.map(({ relativePath }) => relativePath);
      expect(new Set(paths).size).toBe(paths.length);
      expect(paths).toContain('folder (2)');
      expect(paths.filter((path) => path.startsWith('deeper'))).toEqual([]);
      for (const [index, path] of paths.entries()) {
        const parent = path.slice(0, path.lastIndexOf('/'));
        if (path.includes('/')) expect(paths.indexOf(parent)).toBeLessThan(index);
      }
      for (const file of files.slice(0, 20)) walkedFileSchema.parse(file);
    });

    it('gives details of one entry', async () => {
      const details = await service.details({ volumeId: 'disk1', path: '/streams' }, signal);
      fileDetailsSchema.parse(details);
      expect(details.streams.length).toBeGreaterThan(0);
      expect(details.created).not.toBeNull();
      const link = await service.details({ volumeId: 'disk0', path: '/folder/short link' }, signal);
      fileEntrySchema.parse(link);
      expect(link.linkTarget).not.toBeNull();
    });

    it('reads files, ranges of them, and named streams', async () => {
      const tree = await readSampleTree('ext4');
      for (const [path, node] of tree) {
        if (node.kind !== 'file' || node.sha256 === undefined) continue;
        const bytes = await readAll(service, { volumeId: 'disk0', path });
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(node.sha256);
      }
      const whole = await readAll(service, { volumeId: 'disk0', path: '/pieces' });
      const range = await readAll(service, {
        volumeId: 'disk0',
        path: '/pieces',
        offset: 4095,
        length: 70_000,
      });
      expect(range.equals(whole.subarray(4095, 74_095))).toBe(true);
      const behind = { volumeId: 'disk0', path: '/pieces', offset: whole.length + 5 };
      expect((await readAll(service, behind)).length).toBe(0);
      const { streams } = await service.details({ volumeId: 'disk1', path: '/streams' }, signal);
      for (const { name: stream, sizeBytes } of streams)
        expect((await readAll(service, { volumeId: 'disk1', path: '/streams', stream })).length).toBe(
          sizeBytes,
        );
    });

    it('reads many files at once', async () => {
      const { entries } = await list({ path: '/folder', limit: 1000 });
      const files = entries.filter(({ kind }) => kind === 'file');
      const read = await Promise.all(files.map(({ path }) => readAll(service, { volumeId: 'disk0', path })));
      expect(read.map(({ length }) => length)).toEqual(files.map(({ sizeBytes }) => sizeBytes));
    });

    it('searches one volume and all, and narrows', async () => {
      const one = await searchReady(service, { volumeId: 'disk0', text: 'größe' });
      expect(one.hits.map(({ path }) => path)).toEqual(['/folder/deeper/still deeper/größe']);
      expect(one.indexes).toEqual([
        expect.objectContaining({ volumeId: 'disk0', state: 'ready', unread: 0, problem: null }),
      ]);
      const all = await searchReady(service, { text: 'number 1' });
      expect(new Set(all.hits.map(({ volumeId }) => volumeId)).size).toBe(3);
      const below = await searchReady(service, { text: '', below: '/folder/deeper', volumeId: 'disk0' });
      expect(below.hits.length).toBeGreaterThan(1);
      expect(below.hits.every(({ path }) => path.startsWith('/folder/deeper'))).toBe(true);
      const few = await searchReady(service, { text: 'number', limit: 5 });
      expect([few.hits.length, few.more]).toEqual([5, true]);
      const large = await searchReady(service, {
        text: '',
        minBytes: 900_000,
        kind: 'file',
        volumeId: 'disk0',
      });
      expect(large.hits.map(({ path }) => path)).toContain('/pieces');
    });

    it('makes archives that are the same each time', async () => {
      const selection = [
        { volumeId: 'disk0', path: '/folder' },
        { volumeId: 'disk0', path: '/pieces' },
      ];
      const images = await Promise.all(['ext4', 'ntfs', 'fat32'].map(readSample));
      const local = createFileService({ disks: images.map((image) => new MemoryDisk(image)) });
      for (const format of ['zip', 'tar'] as const) {
        const made = await collect(service.archive(selection, format, signal));
        expect(made.equals(await collect(local.archive(selection, format, signal)))).toBe(true);
      }
      await local.close();
    });

    it('refuses what is not there with errors of its own', async () => {
      const details = (volumeId: string, path: string) => service.details({ volumeId, path }, signal);
      await expect(details('disk9', '/')).rejects.toMatchObject({ code: 'not-found' });
      await expect(details('disk0', '/no such file')).rejects.toMatchObject({ code: 'not-found' });
      await expect(details('disk0', '/folder/../folder')).rejects.toMatchObject({ code: 'invalid-input' });
      await expect(details('disk0', '/no such file')).rejects.toBeInstanceOf(AppError);
      await expect(list({ path: '/pieces' })).rejects.toBeInstanceOf(AppError);
      await expect(readAll(service, { volumeId: 'disk0', path: '/folder' })).rejects.toMatchObject({
        code: 'invalid-input',
      });
      const noStream = { volumeId: 'disk1', path: '/streams', stream: 'none such' };
      await expect(readAll(service, noStream)).rejects.toBeInstanceOf(AppError);
      await expect(walkAll(service, [{ volumeId: 'disk0', path: '/none' }])).rejects.toMatchObject({
        code: 'not-found',
      });
    });

    it('stops when asked to, and goes on serving', async () => {
      await expect(service.volumes(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
      const stopping = new AbortController();
      const walk = service.walk(
        [
          { volumeId: 'disk0', path: '/' },
          { volumeId: 'disk1', path: '/' },
        ],
        stopping.signal,
      );
      const pieces = walk[Symbol.asyncIterator]();
      await pieces.next();
      stopping.abort();
      await expect(drain(pieces)).rejects.toMatchObject({ code: 'cancelled' });
      for await (const piece of service.archive([{ volumeId: 'disk0', path: '/' }], 'tar', signal)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      expect(await names({})).toContain('pieces');
    });

    it('takes no calls once it is closed', async () => {
      const other = await open([await readSample('ext4')]);
      expect(await other.volumes(signal)).toHaveLength(1);
      await other.close();
      await other.close();
      await expect(other.volumes(signal)).rejects.toBeInstanceOf(AppError);
    });
  });
}

async function walkAll(
  service: FileService,
  selection: readonly { volumeId: string; path: string }[],
): Promise<WalkedFile[]> {
  const files: WalkedFile[] = [];
  for await (const batch of service.walk([...selection], signal)) files.push(...batch);
  return files;
}

function readAll(
  service: FileService,
  request: { volumeId: string; path: string; offset?: number; length?: number; stream?: string },
): Promise<Buffer> {
  return collect(service.read(fileReadSchema.parse(request), signal));
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function drain(pieces: AsyncIterator<unknown>): Promise<void> {
  for (let step = await pieces.next(); !step.done; ) step = await pieces.next();
}

/** Asks again until every index that is concerned has been built. */
async function searchReady(service: FileService, query: object): Promise<FileSearchResult> {
  for (;;) {
    const result = await service.search(fileSearchQuerySchema.parse(query), signal);
    if (result.indexes.every(({ state }) => state !== 'building')) return result;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
