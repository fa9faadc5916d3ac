import { AppError, type FileRead } from '../../contract/index.ts';
import { invalidInput } from '../file-errors.ts';
import type { OpenPoint } from './open-point.ts';

/**
 * The bytes of a file or of one of its named streams, in pieces of about 1 MiB with the next one under way.
 * @throws AppError `invalid-input` for what has no content, `not-supported` for what cannot be given out
 */
export async function* readFile(
  point: OpenPoint,
  request: FileRead,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { offset, length, stream } = request;
  const volume = point.readableVolume(request.volumeId);
  const node = await point.node(request, signal);
  const info = await volume.stat(node, signal);
  // A folder may have named streams too.
  if (info.kind !== 'file' && stream === '')
    throw invalidInput('path', `is a ${info.kind} and has no content`);
  if (info.unreadable !== undefined)
    throw new AppError('not-supported', { message: info.unreadable, details: { field: 'path' } });
  yield* volume.stream(node, { offset, stream, ...(length === undefined ? {} : { length }) }, signal);
}
