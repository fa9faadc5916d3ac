import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withImage } from './conformance.ts';
import { differences, type JudgedTree, judgedTree, ourTree } from './judged-tree.ts';
import { runTool, withDirectory, withMount } from './run-tool.ts';
import { storm } from './storm.ts';

/**
 * Copies disks in the middle of a storm of changes and compares our replay with the kernel's, for as many
 * seeds as wanted: `soak.ts SEEDS mkfs.xfs -q -f -b size=1024`. Needs root. The copy is not made at one
 * moment, so the kernel may refuse one now and then; such a copy is passed over.
 */
const [seeds = '1', command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error('name the number of seeds and a command that formats');
const judged = { accessed: false };

for (let seed = 0; seed < Number(seeds); seed++)
  await withDirectory(async (directory) => {
    const copy = join(directory, 'copy');
    const point = join(directory, 'mount');
    await copyInStorm({ live: join(directory, 'live'), copy, point, seed: `soak${seed}` });
    const ours: { tree: JudgedTree; note: string } = await withImage([copy], async (volume, signal) => ({
      tree: await ourTree(volume, judged, signal),
      note: `${volume.facts.state}: ${volume.facts.note}`,
    }));
    const kernel = await withMount(['mount', '-o', 'loop', copy], point, () =>
      judgedTree(point, judged),
    ).catch(() => undefined);
    const found = kernel === undefined ? [] : differences(kernel, ours.tree);
    const line = {
      seed,
      entries: kernel?.size ?? 'the kernel refuses the copy',
      differences: found.length,
      note: ours.note,
    };
    process.stdout.write(`${[JSON.stringify(line), ...found.slice(0, 10)].join('\n')}\n`);
    if (found.length > 0) process.exitCode = 1;
  });

async function copyInStorm(options: {
  live: string;
  copy: string;
  point: string;
  seed: string;
}): Promise<void> {
  const { live, copy, point, seed } = options;
  await writeFile(live, '');
  await truncate(live, 400 * 1024 * 1024);
  await runTool(command ?? '', ...args, live);
  await withMount(['mount', '-o', 'loop', live], point, async () => {
    for (const name of ['a', 'b']) await mkdir(join(point, name));
    await storm(join(point, 'a'), { seed: `${seed}a`, steps: 2500 });
    const running = storm(join(point, 'b'), { seed: `${seed}b`, steps: 1500 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await runTool('cp', '--sparse=always', live, copy);
    await running;
  });
}
