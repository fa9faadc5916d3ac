import type { downloadProcedures } from '../contract/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';

export function downloadHandlers({ downloads }: HandlerContext): Handlers<keyof typeof downloadProcedures> {
  return {
    'download.start': (input, signal) => downloads.start(input, signal),
    'download.list': (filter) => downloads.list(filter),
    'download.get': ({ downloadId }) => downloads.get(downloadId),
    async 'download.pause'({ downloadId }) {
      await downloads.pause(downloadId);
      return {};
    },
    'download.resume'({ downloadId }) {
      downloads.resume(downloadId);
      return {};
    },
    async 'download.cancel'({ downloadId }) {
      await downloads.cancel(downloadId);
      return {};
    },
    async 'download.forget'({ downloadId }) {
      await downloads.forget(downloadId);
      return {};
    },
  };
}
