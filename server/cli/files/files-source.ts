import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError, type FileSelection, type ParsedInput } from '../../../core/contract/index.ts';
import type { FileService, SaveProgress, SaveReport } from '../../../core/files/index.ts';
import type { CommandContext } from '../command-context.ts';
import { type RepoCommandDeps, type RepoOptions, withRepoOptions } from '../repo/repo-options.ts';
import { consolePoint } from './console-source.ts';

/** What `cairn files` needs from the program. */
export interface FilesCommandDeps extends RepoCommandDeps {
  /** For sources that need a console. */
  readonly context: CommandContext;
  /** Where the thread for files is, in a bundle. */
  readonly filesThreadUrl: URL | undefined;
}

/** Where the files come from, as the options of a command say it. */
export interface FilesOptions extends RepoOptions {
  readonly image?: readonly string[];
  readonly point?: string;
  /** An open session of the console. */
  readonly session?: string;
  /** Also volumes that hold no files of anybody. */
  readonly all?: boolean;
}

/** An open source; `key` is the same for the same disks at the same time. */
export interface FilesSource {
  readonly service: FileService;
  readonly key: string;
  /** For a second source beside this one: of a data directory only one core can be open. */
  readonly deps?: FilesCommandDeps;
  /** Where the source saves files by itself. */
  readonly save?: (wish: SaveWish) => Promise<SaveReport>;
}

/** What is to be saved, and where. */
export interface SaveWish {
  readonly selection: FileSelection;
  readonly form: ParsedInput<'download.start'>['form'];
  /** An absolute path. */
  readonly target: string;
  readonly replace: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SaveProgress) => void;
}

/** A way to open a source. The first that takes the options is used. */
export interface SourceKind {
  takes(options: FilesOptions, deps: FilesCommandDeps): boolean;
  /** Runs `work` with the source and closes it whatever happens. */
  with<Result>(
    deps: FilesCommandDeps,
    options: FilesOptions,
    work: (source: FilesSource) => Promise<Result>,
  ): Promise<Result>;
}

export function withSourceOptions(command: Command): Command {
  return withRepoOptions(
    command
      .option('--image <files>', 'raw disk images of one machine, separated by commas', imageList)
      .option(
        '--point <id>',
        'restore point of the console (or VM@latest), or of --repo (or `latest`): its id or its beginning',
      )
      .option('--session <id>', 'restore point that is open in the console'),
  ).option('--all', 'also volumes without files: swap space, parts of volume groups');
}

/** Opens what the options name and runs `work` with it. */
export function withFiles<Result>(
  deps: FilesCommandDeps,
  options: FilesOptions,
  work: (source: FilesSource) => Promise<Result>,
): Promise<Result> {
  const kind = sourceKinds.find((candidate) => candidate.takes(options, deps));
  if (kind !== undefined) return kind.with(deps, options, work);
  throw new AppError('invalid-input', {
    message: 'No source of files was named.',
    hint: 'Give --image FILE, --point ID of the console, or --repo ADDRESS with --point ID.',
    details: { field: 'source' },
  });
}

const images: SourceKind = {
  takes: ({ image }) => image !== undefined,
  async with(deps, { image = [] }, work) {
    const { openFilesThread } = await import('../../../core/files/index.ts');
    const paths = image.map((file) => resolve(file));
    const service = openFilesThread({ source: { kind: 'images', paths }, ...threadOf(deps) });
    return closing({ service, key: JSON.stringify({ images: paths }) }, work);
  },
};

const repositoryPoint: SourceKind = {
  takes: ({ repo, point }) => repo !== undefined || point !== undefined,
  async with(deps, options, work) {
    const { openFilesThread } = await import('../../../core/files/index.ts');
    const { withRepository } = await import('../repo/repo-context.ts');
    const { findPoint } = await import('../repo/find-point.ts');
    return withRepository(deps, options, async (repository) => {
      const { id: pointId } = await findPoint(repository, options.point ?? 'latest');
      const { store, header } = repository;
      const dataKey = header.encrypted ? { dataKey: repository.exportDataKey() } : {};
      const service = openFilesThread({
        source: { kind: 'repository', store, pointId, ...dataKey },
        ...threadOf(deps),
      });
      return closing({ service, key: JSON.stringify({ repository: header.id, pointId }) }, work);
    });
  },
};

/** In the order in which they are asked. */
const sourceKinds: readonly SourceKind[] = [images, consolePoint, repositoryPoint];

async function closing<Result>(
  source: FilesSource,
  work: (source: FilesSource) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(source);
  } finally {
    await source.service.close();
  }
}

function threadOf({ filesThreadUrl }: FilesCommandDeps): { threadUrl?: URL } {
  return filesThreadUrl === undefined ? {} : { threadUrl: filesThreadUrl };
}

function imageList(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...value.split(',').filter((file) => file !== '')];
}
