import type { ProcedureInput } from '../../../core/contract/index.ts';
import { useApi, useCommand } from '../../api/index.ts';

/** Starts a download; one that is streamed is handed to the browser's own downloads. */
export function useDownloadStart(onStarted: () => void) {
  const { downloadAddress } = useApi().client;
  const start = useCommand('download.start');
  const submit = (input: ProcedureInput<'download.start'>) =>
    start.mutate(input, {
      onSuccess: ({ downloadId, fileName }) => {
        if (input.target.kind === 'stream' && downloadAddress !== undefined)
          fetchInBrowser(downloadAddress(downloadId), fileName);
        onStarted();
      },
    });
  return { submit, busy: start.isPending, error: start.error };
}

function fetchInBrowser(address: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
}
