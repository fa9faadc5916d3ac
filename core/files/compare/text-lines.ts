import { AppError, type FileComparison } from '../../contract/index.ts';
import type { ComparedPlace } from './compare-places.ts';
import { diffLines } from './diff-lines.ts';

/** Larger files are not compared line by line. */
const LARGEST = 1024 * 1024;

/** The lines of two text files side by side; null when one of them is too large, no text or cannot be read. */
export async function textLines(
  left: ComparedPlace,
  right: ComparedPlace,
  signal: AbortSignal,
): Promise<FileComparison['lines']> {
  const [one, other] = await Promise.all([textOf(left, signal), textOf(right, signal)]);
  return one === undefined || other === undefined ? null : diffLines(linesOf(one), linesOf(other));
}

async function textOf(
  { service, volumeId, path }: ComparedPlace,
  signal: AbortSignal,
): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  try {
    const request = { volumeId, path, offset: 0, length: LARGEST + 1, stream: '' };
    for await (const piece of service.read(request, signal)) pieces.push(piece);
  } catch (error) {
    if (error instanceof AppError && ['damaged', 'not-supported'].includes(error.code)) return undefined;
    throw error;
  }
  const bytes = Buffer.concat(pieces);
  return bytes.length > LARGEST ? undefined : decoded(bytes);
}

/** UTF-16 with its mark, else UTF-8; zero bytes are no text. */
function decoded(bytes: Buffer): string | undefined {
  const marks: Readonly<Record<string, string>> = { fffe: 'utf-16le', feff: 'utf-16be' };
  const encoding = marks[bytes.toString('hex', 0, 2)] ?? 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
