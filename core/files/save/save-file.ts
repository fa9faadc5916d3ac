import { AppError, type FileRead } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import type { SaveOptions, SaveReport } from './save-options.ts';
import { type BegunFile, saveStream } from './save-stream.ts';
import { dress } from './target-tree.ts';

/** One file, or one of its named streams, and where it goes. */
export interface SavedContent extends Pick<FileRead, 'volumeId' | 'path'> {
  readonly stream?: string;
  /** An absolute path of this computer, in a folder that exists. */
  readonly target: string;
}

/**
 * Writes one file to this computer, with its time and permissions. Interrupted, it goes on where it stopped.
 * @throws AppError `already-exists`, `damaged` when not all of it can be read, and those of the computer
 */
export async function saveFile(
  service: Pick<FileService, 'read' | 'details'>,
  what: SavedContent,
  options: SaveOptions,
): Promise<SaveReport> {
  const { volumeId, path, stream = '', target } = what;
  const { signal } = options;
  const details = await service.details({ volumeId, path }, signal);
  const size =
    stream === '' ? details.sizeBytes : details.streams.find(({ name }) => name === stream)?.sizeBytes;
  async function* content({ length: offset }: BegunFile): AsyncGenerator<Uint8Array> {
    let at = offset;
    for await (const piece of service.read({ volumeId, path, stream, offset }, signal)) {
      at += piece.length;
      yield piece;
    }
    if (size !== undefined && at < size) throw shorter(path, at, size);
  }
  const identity = JSON.stringify({ volumeId, path, stream, size, modified: details.modified });
  return saveStream({ target, identity, content, dress: (file) => dress(file, details) }, options);
}

function shorter(path: string, at: number, size: number): AppError {
  return new AppError('damaged', {
    message: `The content of ${path} ends after ${at} of ${size} bytes.`,
    hint: 'An older restore point may hold an intact copy.',
  });
}
