import { expect, it } from 'vitest';
import type { FileSelection, WalkedFile } from '../../contract/index.ts';
import type { FileService } from '../../files/index.ts';
import { createSelectionSizes } from './selection-sizes.ts';

const walked = (kind: WalkedFile['kind'], sizeBytes: number): WalkedFile => ({
  volumeId: 'v',
  path: '/a',
  name: 'a',
  relativePath: 'a',
  kind,
  sizeBytes,
  modified: null,
  mode: null,
  owner: null,
  sid: null,
  attributes: [],
  linkTarget: null,
  problem: null,
  links: 1,
  node: 1,
});
const items: FileSelection = [{ volumeId: 'v', path: '/a' }];
const other: FileSelection = [{ volumeId: 'v', path: '/b' }];

/** A service that walks through these batches, and waits before the last one until it is let go on. */
function walking(batches: readonly (readonly WalkedFile[])[], gate: Promise<void> = Promise.resolve()) {
  const signals: AbortSignal[] = [];
  const service: Pick<FileService, 'walk'> = {
    async *walk(_selection, signal) {
      signals.push(signal);
      for (const [index, batch] of batches.entries()) {
        if (index === batches.length - 1) await gate;
        signal.throwIfAborted();
        yield batch;
      }
    },
  };
  return { signals, recovery: { service: service as FileService, ended: new AbortController().signal } };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('counts what a selection takes along, and says meanwhile how far it is', async () => {
  const gate = Promise.withResolvers<void>();
  const { recovery, signals } = walking(
    [[walked('directory', 4096), walked('file', 10), walked('symlink', 7)], [walked('file', 5)]],
    gate.promise,
  );
  const sizes = createSelectionSizes();
  expect(sizes.of(recovery, items)).toEqual({ state: 'counting', files: 0, folders: 0, bytes: 0 });
  await settled();
  expect(sizes.of(recovery, items)).toEqual({ state: 'counting', files: 2, folders: 1, bytes: 10 });
  gate.resolve();
  await settled();
  expect(sizes.of(recovery, items)).toEqual({ state: 'done', files: 3, folders: 1, bytes: 15 });
  expect(signals).toHaveLength(1);
});

it('gives up a selection when another one is asked for, and everything when it is closed', async () => {
  const { recovery, signals } = walking(
    [[walked('file', 1)], [walked('file', 1)]],
    new Promise(() => undefined),
  );
  const sizes = createSelectionSizes();
  sizes.of(recovery, items);
  sizes.of(recovery, other);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});

it('says when it could not count to the end', async () => {
  const { recovery } = walking([[walked('file', 1)], []], Promise.reject(new Error('damaged')));
  const sizes = createSelectionSizes();
  sizes.of(recovery, items);
  await settled();
  expect(sizes.of(recovery, items)).toEqual({ state: 'failed', files: 1, folders: 0, bytes: 1 });
  await sizes.close();
});
