import { withImage } from './conformance.ts';
import { differences, judgedTree, ourTree } from './judged-tree.ts';
import { withDirectory, withMount } from './run-tool.ts';

/**
 * Compares our view of any raw image with that of a mounted judge, content included:
 * `compare-image.ts IMAGE mount -o loop,ro` (the image and the mount point are appended). Needs root.
 */
const [image, command, ...args] = process.argv.slice(2);
if (image === undefined || command === undefined) throw new Error('name an image and a mount command');
const judged = { accessed: false };
await withDirectory(async (point) => {
  const expected = await withMount([command, ...args, image], point, () => judgedTree(point, judged));
  const start = performance.now();
  const actual = await withImage([image], (volume, signal) => ourTree(volume, judged, signal));
  const seconds = (performance.now() - start) / 1000;
  const found = differences(expected, actual);
  process.stdout.write(`${JSON.stringify({ entries: expected.size, seconds, differences: found.length })}\n`);
  for (const line of found.slice(0, 50)) process.stdout.write(`${line}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
});
