import { AppError, type Download } from '../../../core/contract/index.ts';
import type { SaveReport } from '../../../core/files/index.ts';
import type { Core } from '../../../core/host.ts';
import type { GlobalOptions, OpenCore } from '../command-context.ts';
import { consoleFiles } from './console-files.ts';
import { withConsoleSession } from './console-session.ts';
import type { FilesOptions, SaveWish, SourceKind } from './files-source.ts';

const pollMs = 200;

/**
 * A restore point that the console knows: of the server that runs on this data directory, or of a core for the length of the
 * command. What is taken is recorded there.
 */
export const consolePoint: SourceKind = {
  takes: ({ session, point, repo }, { io }) =>
    session !== undefined || (point !== undefined && repo === undefined && !io.environment['CAIRN_REPO']),
  async with(deps, options, work) {
    const { context, io } = deps;
    const open = await context.openCore(globalsOf(options), io.signal);
    const kept: OpenCore = { ...open, close: async () => undefined };
    const beside = { ...deps, context: { ...context, openCore: async () => kept } };
    try {
      return await withConsoleSession(open.core, options, io.signal, ({ sessionId, pointId }) =>
        work({
          service: consoleFiles(open.core, sessionId),
          key: JSON.stringify({ point: pointId }),
          deps: beside,
          save: (wish) => saveByConsole(open.core, sessionId, wish),
        }),
      );
    } finally {
      await open.close();
    }
  },
};

function globalsOf({ json, dataDirectory, cloud }: FilesOptions & Partial<GlobalOptions>): GlobalOptions {
  if (dataDirectory === undefined) throw new Error('The program declares --data-directory with a default.');
  return { json: json === true, dataDirectory, cloud };
}

/** Core writes the files itself; interrupted, what was written is removed again. */
async function saveByConsole(core: Core, sessionId: string, wish: SaveWish): Promise<SaveReport> {
  const { selection: items, form, target: path, replace, signal } = wish;
  const target = { kind: 'path', path, replace } as const;
  const { downloadId } = await core.call('download.start', { sessionId, items, form, target }, signal);
  for (;;) {
    const download = await core.call('download.get', { downloadId });
    if (download.state === 'done') return reportOf(download);
    if (download.state === 'failed' || download.state === 'cancelled') throw failureOf(download);
    wish.onProgress({ files: download.doneFiles, bytes: download.doneBytes });
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    if (signal.aborted) {
      await core.call('download.cancel', { downloadId });
      signal.throwIfAborted();
    }
  }
}

function reportOf({ doneFiles, doneBytes, sha256, problems, renamed }: Download): SaveReport {
  const counts = { problemCount: problems.length, renamedCount: renamed.length };
  return { files: doneFiles, bytes: doneBytes, sha256, problems, renamed, ...counts };
}

function failureOf({ error, state }: Download): AppError {
  if (error) return AppError.fromRecord(error);
  return new AppError('cancelled', { message: `The download was ${state}.` });
}
