import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { ArchiveFormat, FilePlace, FileSelection } from '../../../core/contract/index.ts';
import type { FileService, SaveReport } from '../../../core/files/index.ts';
import { formatBytes, printable } from '../format.ts';
import { printResult } from '../repo/print-result.ts';
import { refused } from './amounts.ts';
import {
  type FilesCommandDeps,
  type FilesOptions,
  type FilesSource,
  type SaveWish,
  withFiles,
  withSourceOptions,
} from './files-source.ts';
import { MachineRoot } from './machine-root.ts';
import { savingProgress } from './saving-progress.ts';

interface GetOptions extends FilesOptions {
  readonly format?: string;
  readonly force?: boolean;
}

export function registerGetCommand(files: Command, deps: FilesCommandDeps): void {
  withSourceOptions(
    files.command('get').argument('<paths...>', 'files and folders, and at the end where they go'),
  )
    .description('brings files out: to a folder, as one file, or as an archive')
    .option(
      '--format <format>',
      'zip or tar: one archive; the last path is its file, or - for standard output',
    )
    .option('--force', 'replaces files that are there already')
    .addHelpText('after', '\nInterrupted, the same command goes on where it stopped.')
    .action((paths: string[], _options, command: Command) => get(deps, paths, command.optsWithGlobals()));
}

async function get(deps: FilesCommandDeps, paths: readonly string[], options: GetOptions): Promise<void> {
  const target = paths.at(-1);
  const wanted = paths.slice(0, -1);
  if (target === undefined || wanted.length === 0)
    throw refused('paths', 'are what to get, and where it goes');
  const format = archiveFormat(options);
  await withFiles(deps, options, async (source) => {
    const root = await MachineRoot.of(source.service, options.all === true, deps.io.signal);
    const selection = await selected(source.service, root, { wanted, io: deps.io });
    if (format !== undefined && target === '-') return writeArchive(deps, source, { selection, format });
    const report = await save(deps, source, { selection, format, target, options });
    printResult(deps.io, options, report, () => summary(report, target));
    warn(deps, report);
  });
}

function archiveFormat({ format }: GetOptions): ArchiveFormat | undefined {
  if (format === undefined || format === 'zip' || format === 'tar') return format;
  throw refused('format', 'is zip or tar');
}

/** The root stands for everything in it: all volumes, or all entries of the only one. */
async function selected(
  service: FileService,
  root: MachineRoot,
  { wanted, io }: { wanted: readonly string[]; io: FilesCommandDeps['io'] },
): Promise<FileSelection> {
  const { folderEntries } = await import('../../../core/files/index.ts');
  const selection: FilePlace[] = [];
  const unread = (problem: string) => io.stderr(`warning: ${problem}\n`);
  for (const each of wanted) {
    const place = root.place(each);
    if (place.kind === 'volumes') {
      const readable = root.volumes.filter(({ volume }) => volume.readable);
      selection.push(...readable.map(({ volume }) => ({ volumeId: volume.id, path: '/' })));
    } else if (place.path === '/' && root.only !== undefined) {
      const { volumeId } = place;
      for await (const entry of folderEntries({ service, volumeId }, '/', io.signal, unread))
        selection.push({ volumeId, path: entry.path });
    } else selection.push({ volumeId: place.volumeId, path: place.path });
  }
  return selection;
}

interface Saving {
  readonly selection: FileSelection;
  readonly format: ArchiveFormat | undefined;
  readonly target: string;
  readonly options: GetOptions;
}

async function save(
  { io }: FilesCommandDeps,
  { service, key, save: saveThere }: FilesSource,
  saving: Saving,
): Promise<SaveReport> {
  const { selection, format, options } = saving;
  const target = path.resolve(saving.target);
  const progress = savingProgress(io);
  const existing = options.force === true ? 'replace' : 'keep';
  const id = JSON.stringify({ key, selection, format, target });
  const common = { id, existing, signal: io.signal, onProgress: progress.update } as const;
  try {
    const file = format === undefined ? await onlyFile(service, saving, io.signal) : undefined;
    if (saveThere !== undefined) {
      const form = formOf(format, file);
      const replace = options.force === true;
      return await saveThere({
        selection,
        form,
        target,
        replace,
        signal: io.signal,
        onProgress: progress.update,
      });
    }
    const { saveArchive, saveFile, saveSelection } = await import('../../../core/files/index.ts');
    if (format !== undefined) return await saveArchive(service, { selection, format, target }, common);
    if (file === undefined) return await saveSelection(service, { selection, folder: target }, common);
    return await saveFile(service, { ...file, target }, common);
  } finally {
    progress.done();
  }
}

function formOf(format: ArchiveFormat | undefined, file: FilePlace | undefined): SaveWish['form'] {
  if (format !== undefined) return { kind: 'archive', format };
  return { kind: file === undefined ? 'folder' : 'file' };
}

/** One file goes to the very path, unless that is a folder or ends like one. */
async function onlyFile(
  service: FileService,
  { selection, target }: Saving,
  signal: AbortSignal,
): Promise<FilePlace | undefined> {
  const [only] = selection;
  if (only === undefined || selection.length > 1 || /[/\\]$/.test(target)) return undefined;
  if ((await stat(target).catch(() => undefined))?.isDirectory()) return undefined;
  return (await service.details(only, signal)).kind === 'file' ? only : undefined;
}

async function writeArchive(
  { io }: FilesCommandDeps,
  { service }: FilesSource,
  { selection, format }: { selection: FileSelection; format: ArchiveFormat },
): Promise<void> {
  for await (const piece of service.archive(selection, format, io.signal)) await io.stdoutBytes(piece);
}

function summary({ files, bytes, sha256 }: SaveReport, target: string): string {
  const hash = sha256 === null ? '' : `SHA-256 ${sha256}\n`;
  return `Saved ${files === 1 ? 'one file' : `${files} files`}, ${formatBytes(bytes)}, to ${target}.\n${hash}`;
}

function warn({ io }: FilesCommandDeps, report: SaveReport): void {
  const { problems, problemCount, renamed, renamedCount } = report;
  for (const { path: place, reason } of problems) io.stderr(`warning: ${printable(`${place}: ${reason}`)}\n`);
  if (problemCount > problems.length) io.stderr(`warning: and ${problemCount - problems.length} more\n`);
  for (const { from, to } of renamed) io.stderr(`note: ${printable(from)} is saved as ${printable(to)}\n`);
  if (renamedCount > renamed.length) io.stderr(`note: and ${renamedCount - renamed.length} more names\n`);
}
