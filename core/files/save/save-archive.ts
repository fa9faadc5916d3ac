import { createHash } from 'node:crypto';
import type { ArchiveFormat, FileSelection } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import type { SaveOptions, SaveReport } from './save-options.ts';
import { type BegunFile, BegunOtherwise, saveStream } from './save-stream.ts';

export interface SavedArchive {
  readonly selection: FileSelection;
  readonly format: ArchiveFormat;
  /** An absolute path of this computer, in a folder that exists. */
  readonly target: string;
}

/**
 * Writes a selection as one archive. Interrupted, it is made again from its start, which gives the same bytes, and
 * written from where it stopped; if the bytes differ all the same, from its start.
 */
export function saveArchive(
  service: Pick<FileService, 'archive'>,
  what: SavedArchive,
  options: SaveOptions,
): Promise<SaveReport> {
  const { selection, format, target } = what;
  const content = (begun: BegunFile) => behind(begun, service.archive(selection, format, options.signal));
  const identity = JSON.stringify({ selection, format });
  return saveStream({ target, identity, content, dress: async () => undefined }, options);
}

/** The same bytes without those that are begun, after proving that they are the same. */
async function* behind(begun: BegunFile, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let left = begun.length;
  for await (const piece of pieces) {
    const skipped = piece.subarray(0, left);
    if (skipped.length > 0) {
      hash.update(skipped);
      left -= skipped.length;
      if (left === 0 && hash.digest('hex') !== begun.sha256) throw new BegunOtherwise();
    }
    if (skipped.length < piece.length) yield piece.subarray(skipped.length);
  }
  if (left > 0) throw new BegunOtherwise();
}
