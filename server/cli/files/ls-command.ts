import type { Command } from 'commander';
import type { FileEntry, FilePlace, FileVolume } from '../../../core/contract/index.ts';
import type { FileService } from '../../../core/files/index.ts';
import { formatBytes, formatTable } from '../format.ts';
import { printResult } from '../repo/print-result.ts';
import { entryLine } from './entry-lines.ts';
import { type FilesCommandDeps, type FilesOptions, withFiles, withSourceOptions } from './files-source.ts';
import { MachineRoot, type NamedVolume } from './machine-root.ts';

export function registerLsCommand(files: Command, deps: FilesCommandDeps): void {
  withSourceOptions(files.command('ls').argument('[path]', 'folder or file', '/'))
    .description('volumes, or what is in a folder')
    .action((path: string, _options, command: Command) => ls(deps, path, command.optsWithGlobals()));
}

async function ls(deps: FilesCommandDeps, path: string, options: FilesOptions): Promise<void> {
  const { io } = deps;
  await withFiles(deps, options, async ({ service }) => {
    const root = await MachineRoot.of(service, options.all === true, io.signal);
    const place = root.place(path);
    if (place.kind === 'volumes') {
      const volumes = root.volumes.map(({ name, volume }) => ({ path: `/${name}`, ...volume }));
      printResult(io, options, volumes, () => volumeTable(root.volumes));
      return;
    }
    if (root.only !== undefined) note(deps, root.only);
    const entries = await entriesOf(service, place, io);
    printResult(io, options, entries, () => entries.map((entry) => entryLine(entry)).join(''));
  });
}

async function entriesOf(
  service: FileService,
  place: FilePlace,
  { signal, stderr }: FilesCommandDeps['io'],
): Promise<FileEntry[]> {
  const details = await service.details(place, signal);
  if (details.kind !== 'directory') return [details];
  const { folderEntries } = await import('../../../core/files/index.ts');
  const entries: FileEntry[] = [];
  const folder = { service, volumeId: place.volumeId };
  const warn = (problem: string) => stderr(`warning: ${problem}\n`);
  for await (const entry of folderEntries(folder, place.path, signal, warn)) entries.push(entry);
  return entries;
}

/** What has to be known about the only volume, which no table shows. */
function note({ io }: FilesCommandDeps, volume: FileVolume): void {
  if (volume.note !== '') io.stderr(`note: ${volume.note}\n`);
}

function volumeTable(volumes: readonly NamedVolume[]): string {
  if (volumes.length === 0) return 'There are no volumes with files.\n';
  return formatTable(
    ['Path', 'Label', 'Kind', 'Size#', 'State', 'Id', 'Note'],
    volumes.map(({ name, volume }) => [
      `/${name}`,
      volume.label,
      volume.kindName,
      formatBytes(volume.sizeBytes),
      volume.state,
      volume.id,
      volume.note,
    ]),
  );
}
