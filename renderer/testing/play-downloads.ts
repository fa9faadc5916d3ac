import { AppError, type Download } from '../../core/contract/index.ts';
import type { AnsweringCarrier, Answers } from './answering-carrier.ts';
import { ago, buildDownload } from './built-data.ts';

/** Downloads of the stand-in: they run by themselves, a few seconds each. */
export function downloadAnswers(carrier: () => AnsweringCarrier | undefined): Answers {
  let downloads: Download[] = [
    buildDownload('download-1', {
      title: 'nginx',
      state: 'paused',
      form: { kind: 'folder' },
      doneBytes: 81_000_000,
      totalBytes: 412_000_000,
      endedAt: null,
      sha256: null,
    }),
    buildDownload('download-0', {
      title: '4 items',
      problems: [{ path: 'deploy/control.fifo', reason: 'A pipe has no content.' }],
      renamed: [{ from: 'deploy/line\\x0Abreak', to: 'deploy/line_x0Abreak' }],
    }),
  ];
  const change = (id: string, changes: Partial<Download>) => {
    downloads = downloads.map((one) => (one.id === id ? { ...one, ...changes } : one));
    carrier()?.push({ type: 'changed', topic: 'download', id });
  };
  const find = (id: string): Download => {
    const found = downloads.find((one) => one.id === id);
    if (found === undefined)
      throw new AppError('not-found', { message: 'This download is no longer known.' });
    return found;
  };
  const run = (id: string) => {
    const timer = setInterval(() => {
      const one = downloads.find((download) => download.id === id);
      if (one?.state !== 'running') return clearInterval(timer);
      const doneBytes = Math.min(one.totalBytes, one.doneBytes + Math.ceil(one.totalBytes / 12));
      const over = doneBytes === one.totalBytes;
      change(id, {
        doneBytes,
        doneFiles: over ? one.totalFiles : Math.floor((doneBytes / one.totalBytes) * one.totalFiles),
        bytesPerSecond: over ? 0 : 42_000_000,
        secondsLeft: over ? null : (one.totalBytes - doneBytes) / 42_000_000,
        ...(over ? { state: 'done', endedAt: ago(0), sha256: 'c0ffee'.padEnd(64, '4') } : {}),
      });
    }, 600);
  };
  return {
    'download.list': ({ sessionId }) =>
      downloads.filter((one) => sessionId === undefined || one.sessionId === sessionId),
    'download.get': ({ downloadId }) => find(downloadId),
    'download.start': ({ sessionId, items, form, target }) => {
      if (target.kind === 'path' && target.path.endsWith('existing.zip') && !target.replace)
        throw new AppError('already-exists', {
          message: `${target.path} exists already.`,
          hint: 'Choose another name, or let it be replaced.',
        });
      const id = `download-${Date.now()}`;
      const name = items[0]?.path.split('/').at(-1) ?? '';
      const title = items.length === 1 ? name : `${items.length} items`;
      downloads = [
        buildDownload(id, {
          sessionId,
          title,
          form,
          target,
          state: 'running',
          createdAt: ago(0),
          endedAt: null,
          doneBytes: 0,
          totalBytes: 412_000_000,
          doneFiles: 0,
          sha256: null,
        }),
        ...downloads,
      ];
      run(id);
      return { downloadId: id, fileName: form.kind === 'archive' ? `${title}.${form.format}` : title };
    },
    'download.pause': ({ downloadId }) => {
      change(downloadId, { state: 'paused', bytesPerSecond: 0, secondsLeft: null });
      return {};
    },
    'download.resume': ({ downloadId }) => {
      change(downloadId, { state: 'running' });
      run(downloadId);
      return {};
    },
    'download.cancel': ({ downloadId }) => {
      change(downloadId, { state: 'cancelled', endedAt: ago(0) });
      return {};
    },
    'download.forget': ({ downloadId }) => {
      downloads = downloads.filter(({ id }) => id !== downloadId);
      carrier()?.push({ type: 'changed', topic: 'download', id: downloadId });
      return {};
    },
  };
}
