import { PartFile } from './part-file.ts';
import { targetError } from './target-errors.ts';

/** After so many bytes what is written is put on the disk, and the journal learns of it. */
const FLUSH_EVERY = 32 * 1024 * 1024;
/** Files up to this size are not put on the disk one by one; a resumed save checks them instead. */
export const CHECKED_SIZE = 1024 * 1024;

export interface ContentTarget {
  readonly path: string;
  /** Of an earlier run; then `content` starts behind its bytes. */
  readonly part: PartFile | undefined;
  readonly onBytes: (bytes: number) => void;
  /** What is written so far is safe. */
  readonly onFlushed: (length: number) => Promise<void>;
}

export interface WrittenContent {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes a content into the part file. When the content cannot be read to its end, what is written is flushed first,
 * so that the next run goes on there.
 */
export async function saveContent(
  content: AsyncIterable<Uint8Array>,
  target: ContentTarget,
): Promise<WrittenContent> {
  const part = target.part ?? (await written(PartFile.create(target.path), target.path));
  let flushed = part.length;
  try {
    for await (const piece of content) {
      await written(part.write(piece), target.path);
      target.onBytes(piece.length);
      if (part.length - flushed < FLUSH_EVERY) continue;
      await written(part.flush(), target.path);
      flushed = part.length;
      await target.onFlushed(flushed);
    }
    const sha256 = part.digest();
    await written(part.finish(part.length > CHECKED_SIZE), target.path);
    return { bytes: part.length, sha256 };
  } catch (thrown) {
    await stopped(part, target);
    throw thrown;
  }
}

async function stopped(part: PartFile, target: ContentTarget): Promise<void> {
  try {
    await part.flush();
    await target.onFlushed(part.length);
  } catch {
    // The error that ended the content counts; the next run starts at the flush before.
  } finally {
    await part.close().catch(() => undefined);
  }
}

async function written<Result>(work: Promise<Result>, path: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw targetError(error, path);
  }
}
