import type { Command } from 'commander';
import type { FileRead } from '../../../core/contract/index.ts';
import type { FileService } from '../../../core/files/index.ts';
import { parseRange } from './amounts.ts';
import { type FilesCommandDeps, type FilesOptions, withFiles, withSourceOptions } from './files-source.ts';
import { MachineRoot } from './machine-root.ts';

interface CatOptions extends FilesOptions {
  readonly range?: string;
  readonly stream: string;
}

export function registerCatCommand(files: Command, deps: FilesCommandDeps): void {
  withSourceOptions(files.command('cat').argument('<path>', 'file'))
    .description('writes the content of a file to standard output')
    .option('--range <bytes>', 'START-END, START-, -LAST or START+LENGTH')
    .option('--stream <name>', 'a named data stream instead (NTFS)', '')
    .action((path: string, _options, command: Command) => cat(deps, path, command.optsWithGlobals()));
}

async function cat(deps: FilesCommandDeps, path: string, options: CatOptions): Promise<void> {
  const { io } = deps;
  await withFiles(deps, options, async ({ service }) => {
    const root = await MachineRoot.of(service, options.all === true, io.signal);
    const place = { ...root.fileOrFolder(path), stream: options.stream };
    const range = await wantedRange(service, place, { options, signal: io.signal });
    for await (const piece of service.read({ ...place, ...range }, io.signal)) await io.stdoutBytes(piece);
  });
}

async function wantedRange(
  service: FileService,
  { volumeId, path, stream }: Omit<FileRead, 'offset'>,
  { options, signal }: { options: CatOptions; signal: AbortSignal },
): Promise<{ offset: number; length?: number }> {
  const { offset = 0, length, last } = options.range === undefined ? {} : parseRange(options.range);
  if (last === undefined) return { offset, ...(length === undefined ? {} : { length }) };
  const { sizeBytes, streams } = await service.details({ volumeId, path }, signal);
  const size = stream === '' ? sizeBytes : (streams.find(({ name }) => name === stream)?.sizeBytes ?? 0);
  return { offset: Math.max(0, size - last) };
}
