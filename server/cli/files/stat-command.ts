import type { Command } from 'commander';
import type { FileDetails } from '../../../core/contract/index.ts';
import { formatPairs } from '../format.ts';
import { printResult } from '../repo/print-result.ts';
import { type FilesCommandDeps, type FilesOptions, withFiles, withSourceOptions } from './files-source.ts';
import { MachineRoot } from './machine-root.ts';

export function registerStatCommand(files: Command, deps: FilesCommandDeps): void {
  withSourceOptions(files.command('stat').argument('<path>', 'file or folder'))
    .description('everything that is known of a file or folder')
    .action((path: string, _options, command: Command) => stat(deps, path, command.optsWithGlobals()));
}

async function stat(deps: FilesCommandDeps, path: string, options: FilesOptions): Promise<void> {
  const { io } = deps;
  await withFiles(deps, options, async ({ service }) => {
    const root = await MachineRoot.of(service, options.all === true, io.signal);
    const place = root.fileOrFolder(path);
    const details = await service.details(place, io.signal);
    const shown = { volumeId: place.volumeId, ...details };
    printResult(io, options, shown, () => formatPairs(pairs(root.path(place), details)));
  });
}

function pairs(path: string, details: FileDetails): (readonly [string, string])[] {
  const { mode, owner, device, streams } = details;
  const known: readonly (readonly [string, string | null])[] = [
    ['Path', path],
    ['Kind', details.kind],
    ['Target', details.linkTarget],
    ['Size', `${details.sizeBytes} bytes`],
    ['On disk', `${details.allocatedBytes} bytes`],
    ['Modified', details.modified],
    ['Accessed', details.accessed],
    ['Changed', details.changed],
    ['Created', details.created],
    ['Mode', mode === null ? null : mode.toString(8).padStart(4, '0')],
    ['Owner', owner === null ? null : `${owner.uid}:${owner.gid}`],
    ['Owner', details.sid],
    ['Attributes', details.attributes.join(', ') || null],
    ['Names', String(details.links)],
    ['Node', String(details.node)],
    ['Device', device === null ? null : `${device.major}:${device.minor}`],
    ...streams.map(({ name, sizeBytes }) => ['Stream', `${name} (${sizeBytes} bytes)`] as const),
    ['Problem', details.problem],
  ];
  return known.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}
