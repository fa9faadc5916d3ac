import { open, stat } from 'node:fs/promises';
import type { LabDiskPlane } from '../disks/index.ts';
import { runTool } from './run-tool.ts';

const WINDOW_BYTES = 4 * 1024 * 1024;

/** Writes a managed disk into a sparse file. */
export async function writeDiskFile(
  disks: LabDiskPlane,
  uniqueId: string,
  file: string,
  signal: AbortSignal,
): Promise<{ sizeBytes: number; dataBytes: number }> {
  const sizeBytes = disks.get(uniqueId)?.sizeBytes ?? 0;
  const handle = await open(file, 'w');
  let dataBytes = 0;
  try {
    await handle.truncate(sizeBytes);
    for (const range of disks.allocatedRanges(uniqueId)) {
      dataBytes += range.end - range.start;
      for (let at = range.start; at < range.end; at += WINDOW_BYTES) {
        signal.throwIfAborted();
        const window = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, range.end - at));
        await disks.readBytes(uniqueId, at, window);
        await handle.write(window, 0, window.byteLength, at);
      }
    }
  } finally {
    await handle.close();
  }
  return { sizeBytes, dataBytes };
}

/** Brings what has changed in the file back onto the managed disk. */
export async function importDiskFile(
  disks: LabDiskPlane,
  from: { readonly uniqueId: string; readonly file: string },
  signal: AbortSignal,
): Promise<{ changedBytes: number; clearedBytes: number }> {
  const handle = await open(from.file, 'r');
  try {
    const read = async (offset: number, target: Buffer): Promise<void> => {
      const { bytesRead } = await handle.read(target, 0, target.byteLength, offset);
      target.fill(0, bytesRead);
    };
    const dataRanges = await fileDataRanges(from.file, signal);
    return await disks.importDifferences(from.uniqueId, { read, dataRanges }, signal);
  } finally {
    await handle.close();
  }
}

/** Where a sparse file holds data, asked of its file system; undefined when that does not tell. */
async function fileDataRanges(
  file: string,
  signal: AbortSignal,
): Promise<{ start: number; end: number }[] | undefined> {
  const text = await runTool('xfs_io', ['-r', '-c', 'seek -a -r 0', file], { signal }).catch(() => undefined);
  if (text === undefined) return undefined;
  const { size } = await stat(file);
  const marks = [...text.matchAll(/^(DATA|HOLE)\t(\d+)/gm)];
  return marks.flatMap(([, kind, start], index) =>
    kind === 'DATA' ? [{ start: Number(start), end: Number(marks[index + 1]?.[2] ?? size) }] : [],
  );
}
