import { expect, it } from 'vitest';
import { readSample } from '../../volumes/conformance/samples.ts';
import { MemoryDisk, openVolumes, type ReadableDisk } from '../../volumes/index.ts';
import { VolumeIndex } from './volume-index.ts';

const { signal } = new AbortController();
const query = { text: 'number', limit: 1000 };

/** A disk whose reads wait from the moment on that it is held. */
function heldDisk(bytes: Uint8Array): { disk: ReadableDisk; hold(): () => void } {
  const inner = new MemoryDisk(bytes);
  let gate = Promise.resolve();
  return {
    disk: {
      size: inner.size,
      async read(offset, length) {
        await gate;
        return inner.read(offset, length);
      },
    },
    hold() {
      let release: () => void = () => undefined;
      gate = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
  };
}

it('goes from building to ready, and says why it failed', async () => {
  const { disk, hold } = heldDisk(await readSample('xfs'));
  const [volume] = await openVolumes([disk], { signal });
  if (volume === undefined) throw new Error('no volume');
  const release = hold();
  const index = new VolumeIndex(volume, { signal, limit: 10_000 });
  const built = index.build();
  expect([index.state.state, index.index]).toEqual(['building', undefined]);
  release();
  await built;
  expect(index.state).toMatchObject({ state: 'ready', unread: 0, problem: null });
  expect((await index.index?.search(query, signal))?.hits.length).toBeGreaterThan(100);
  const small = new VolumeIndex(volume, { signal, limit: 20 });
  await small.build();
  expect(small.state.state).toBe('failed');
  expect([small.state.problem, small.worthAnotherTry]).toEqual([
    expect.stringContaining('more entries'),
    false,
  ]);
});
