import { describe, expect, it } from 'vitest';
import { MemoryDisk } from '../disk/index.ts';
import { openVolumes } from '../open-volumes.ts';
import type { Volume } from '../volume.ts';
import { differences, ourTree } from './judged-tree.ts';
import { readSample, readSampleTree, sampleNames } from './samples.ts';

const { signal } = new AbortController();

async function openSample(name: string): Promise<Volume> {
  const [volume, ...others] = await openVolumes([new MemoryDisk(await readSample(name))], { signal });
  if (volume === undefined || others.length > 0) throw new Error(`${name} is not one volume`);
  return volume;
}

describe('every reader shows the samples like their judges', () => {
  for (const name of sampleNames)
    it(name, async () => {
      const volume = await openSample(name);
      expect(volume.facts.state, volume.facts.note).toBe(name.endsWith('-dirty') ? 'replayed' : 'clean');
      const expected = await readSampleTree(name);
      expect(expected.size).toBeGreaterThan(150);
      expect(differences(expected, await ourTree(volume, {}, signal)).slice(0, 20)).toEqual([]);
    });
});

describe('every reader keeps the rules of reading', () => {
  for (const name of sampleNames)
    it(`${name}: ranges, ends, holes, errors`, async () => {
      const volume = await openSample(name);
      const folder = (await volume.list(volume.root, signal)).find(({ name: { text } }) => text === 'folder');
      const files = await volume.list(folder?.id ?? -1, signal);
      const file =
        files.find(({ info }) => info?.size === 12_000) ?? files.find(({ info }) => info?.size === 5000);
      if (file?.info === undefined) throw new Error('the sample lacks its file');
      const whole = await volume.read(file.id, { offset: 0, length: 100_000 }, signal);
      expect(whole.length).toBe(file.info.size);
      const part = await volume.read(file.id, { offset: 1021, length: 2050 }, signal);
      expect(Buffer.from(part).equals(whole.subarray(1021, 3071))).toBe(true);
      expect((await volume.read(file.id, { offset: file.info.size, length: 5 }, signal)).length).toBe(0);
      let end = 0;
      for await (const extent of volume.extents(file.id, '', signal)) {
        expect(extent.offset).toBe(end);
        end += extent.length;
      }
      expect(end).toBe(file.info.size);
      await expect(volume.read(file.id, { offset: -1, length: 5 }, signal)).rejects.toMatchObject({
        code: 'invalid-input',
      });
      await expect(
        volume.read(file.id, { offset: 0, length: 5, stream: 'none' }, signal),
      ).rejects.toMatchObject({ code: 'not-found' });
      await expect(volume.list(file.id, signal)).rejects.toMatchObject({ code: 'invalid-input' });
      await expect(volume.read(volume.root, { offset: 0, length: 5 }, signal)).rejects.toMatchObject({
        code: 'invalid-input',
      });
      await expect(volume.readlink(file.id, signal)).rejects.toMatchObject({ code: 'invalid-input' });
      for (const id of [-1, 1.5, Number.NaN, 2 ** 52, Number.MAX_SAFE_INTEGER])
        await expect(volume.stat(id, signal), String(id)).rejects.toMatchObject({ code: 'not-found' });
      await expect(volume.resolve('/folder/none', signal)).rejects.toMatchObject({ code: 'not-found' });
      await expect(volume.resolve('/folder/../folder', signal)).rejects.toMatchObject({
        code: 'invalid-input',
      });
      await expect(volume.list(volume.root, AbortSignal.abort())).rejects.toMatchObject({
        code: 'cancelled',
      });
    });
});

it('NTFS: streams beside the main content, compressed content, owners, label', async () => {
  const volume = await openSample('ntfs');
  expect(volume.facts).toMatchObject({ kind: 'ntfs', label: 'Sämple' });
  const id = await volume.resolve('/streams', signal);
  expect(await volume.stat(id, signal)).toMatchObject({ size: 4, streams: [{ name: 'second', size: 23 }] });
  const beside = await volume.read(id, { offset: 7, length: 100, stream: 'second' }, signal);
  expect(Buffer.from(beside).toString()).toBe('the main content');
  const packed = await volume.stat(await volume.resolve('/PACKED/Text', signal), signal);
  expect(packed.attributes).toContain('compressed');
  expect(packed.allocated).toBeLessThan(packed.size / 4);
  expect(packed.sid).toMatch(/^S-1-5-/);
});

it('holes are told apart from data', async () => {
  for (const name of ['ext4', 'ext2', 'xfs', 'ntfs']) {
    const volume = await openSample(name);
    const kinds = { data: 0, hole: 0 };
    for await (const extent of volume.extents(await volume.resolve('/pieces', signal), '', signal))
      kinds[extent.kind]++;
    expect(kinds.data, name).toBe(60);
    expect(kinds.hole, name).toBe(59);
  }
});
