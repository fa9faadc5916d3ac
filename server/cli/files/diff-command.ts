import type { Command } from 'commander';
import type { PlaceComparison } from '../../../core/files/index.ts';
import { printable } from '../format.ts';
import { printResult } from '../repo/print-result.ts';
import {
  type FilesCommandDeps,
  type FilesOptions,
  type FilesSource,
  withFiles,
  withSourceOptions,
} from './files-source.ts';
import { MachineRoot } from './machine-root.ts';

interface DiffOptions extends FilesOptions {
  readonly point2?: string;
  readonly image2?: string;
  readonly content?: boolean;
}

export function registerDiffCommand(files: Command, deps: FilesCommandDeps): void {
  withSourceOptions(
    files
      .command('diff')
      .argument('[left]', 'file or folder', '/')
      .argument('[right]', 'default: the same path'),
  )
    .description('what differs between two places, or between two restore points')
    .option('--point2 <id>', 'restore point of the right side')
    .option('--image2 <files>', 'raw disk images of the right side')
    .option('--content', 'reads files of the same size and time too')
    .action((left: string, right: string | undefined, _options, command: Command) =>
      diff(deps, { left, right: right ?? left }, command.optsWithGlobals()),
    );
}

async function diff(
  deps: FilesCommandDeps,
  paths: { readonly left: string; readonly right: string },
  options: DiffOptions,
): Promise<void> {
  await withBoth(deps, options, async (left, right) => {
    const { signal } = deps.io;
    const sides = [
      { service: left.service, ...(await placeIn(left, paths.left, { options, signal })) },
      { service: right.service, ...(await placeIn(right, paths.right, { options, signal })) },
    ] as const;
    const { comparePlaces } = await import('../../../core/files/index.ts');
    const content = options.content === true ? 'always' : 'where-times-differ';
    const result = await comparePlaces(...sides, { signal, content });
    printResult(deps.io, options, result, () => differenceLines(result));
    if (result.more) deps.io.stderr('warning: there are more differences\n');
  });
}

function withBoth(
  deps: FilesCommandDeps,
  options: DiffOptions,
  work: (left: FilesSource, right: FilesSource) => Promise<void>,
): Promise<void> {
  const { point2, image2 } = options;
  return withFiles(deps, options, (left) => {
    if (point2 === undefined && image2 === undefined) return work(left, left);
    const { session: _, ...rest } = options;
    const other = image2 === undefined ? { point: point2 } : { image: image2.split(',') };
    return withFiles(left.deps ?? deps, { ...rest, ...other }, (right) => work(left, right));
  });
}

async function placeIn(
  { service }: FilesSource,
  path: string,
  { options, signal }: { options: DiffOptions; signal: AbortSignal },
): Promise<{ volumeId: string; path: string }> {
  return (await MachineRoot.of(service, options.all === true, signal)).fileOrFolder(path);
}

const MARKS = { added: '+', removed: '-', changed: '*', metadata: '.' } as const;
const SIDES = { both: ' ', left: '-', right: '+' } as const;

function differenceLines({ differences, lines }: PlaceComparison): string {
  if (lines !== null) return lines.map(({ side, text }) => `${SIDES[side]} ${printable(text)}\n`).join('');
  const rows = differences.map(({ change, path, left, right }) => {
    const folder = (left ?? right)?.kind === 'directory' ? '/' : '';
    return `${MARKS[change]} ${printable(path === '' ? '.' : path)}${folder}\n`;
  });
  return rows.length === 0 ? 'No difference.\n' : rows.join('');
}
