import type { FileDetails, FilePlace, FilePreview } from '../../contract/index.ts';
import type { FileService } from '../../files/index.ts';
import { pictureType } from './picture-type.ts';
import { decodeText } from './text-encoding.ts';

/** Text is shown up to so many bytes. */
const textBytes = 256 * 1024;
const pictureBytes = 4 * 1024 * 1024;
/** Of what is neither text nor a picture. */
const shownBytes = 4096;

/**
 * What of a file can be shown without taking it out. Decided by its bytes, never by its name; a picture only in a format whose
 * decoder runs no code of the picture (so no SVG).
 */
export async function previewFile(
  service: FileService,
  place: FilePlace,
  signal: AbortSignal,
): Promise<FilePreview> {
  const details = await service.details(place, signal);
  const reason = whyNot(details);
  if (reason !== null) return { kind: 'none', reason };
  const start = await readStart(service, place, textBytes, signal);
  const mediaType = pictureType(start);
  if (mediaType !== null) return picture(service, place, { mediaType, size: details.sizeBytes }, signal);
  const decoded = decodeText(start, start.length < details.sizeBytes);
  if (decoded !== null) return { kind: 'text', ...decoded, truncated: start.length < details.sizeBytes };
  return { kind: 'bytes', base64: base64(start.subarray(0, shownBytes)) };
}

function whyNot({ kind, problem, linkTarget }: FileDetails): string | null {
  if (problem !== null) return problem;
  if (kind === 'file') return null;
  if (kind === 'symlink') return `A symbolic link to ${linkTarget ?? 'an unknown place'}.`;
  return kind === 'directory' ? 'A folder.' : 'Not a file with content.';
}

async function picture(
  service: FileService,
  place: FilePlace,
  { mediaType, size }: { readonly mediaType: string; readonly size: number },
  signal: AbortSignal,
): Promise<FilePreview> {
  if (size > pictureBytes)
    return { kind: 'none', reason: 'This picture is larger than 4 MiB; download it to see it.' };
  return {
    kind: 'picture',
    mediaType,
    base64: base64(await readStart(service, place, pictureBytes, signal)),
  };
}

async function readStart(
  service: FileService,
  place: FilePlace,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of service.read({ ...place, offset: 0, length, stream: '' }, signal))
    pieces.push(piece);
  return Buffer.concat(pieces).subarray(0, length);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
