import { AppError, type ErrorCode } from '../../core/contract/index.ts';
import type { DownloadRange, DownloadStream } from '../../core/host.ts';
import type { HttpDoorOptions } from './http-door.ts';

/** A download of a running server, as its own core would open it. */
export async function fetchDownload(
  { address, token }: HttpDoorOptions,
  wanted: { readonly downloadId: string; readonly range: DownloadRange | null },
  signal: AbortSignal,
): Promise<DownloadStream> {
  const { downloadId, range } = wanted;
  const response = await fetch(new URL(`/api/downloads/${encodeURIComponent(downloadId)}`, address), {
    redirect: 'error',
    headers: {
      authorization: `Bearer ${token}`,
      ...(range === null ? {} : { range: `bytes=${range.start}-${range.end ?? ''}` }),
    },
    signal,
  });
  if (!response.ok || response.body === null) throw await refusalOf(response);
  const { headers, body } = response;
  const part = /^bytes (\d+)-(\d+)\//.exec(headers.get('content-range') ?? '');
  return {
    fileName: fileNameOf(headers.get('content-disposition') ?? ''),
    mediaType: headers.get('content-type') ?? 'application/octet-stream',
    size: sizeOf(headers),
    part: part === null ? null : { start: Number(part[1]), end: Number(part[2]) },
    version: headers.get('etag')?.replace(/^"|"$/g, '') ?? null,
    bytes: body,
  };
}

function sizeOf(headers: Headers): number | null {
  const whole = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? headers.get('content-length');
  return whole === null ? null : Number(whole);
}

function fileNameOf(disposition: string): string {
  const extended = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1];
  return extended === undefined ? 'download' : decodeURIComponent(extended);
}

const codes: Readonly<Record<number, ErrorCode>> = {
  401: 'not-signed-in',
  404: 'not-found',
  409: 'conflict',
  416: 'invalid-input',
  503: 'throttled',
};

/** The server says it in two lines: what happened, what can be done. */
async function refusalOf(response: Response): Promise<AppError> {
  const [message = '', hint = ''] = (await response.text()).split('\n\n');
  return new AppError(codes[response.status] ?? 'unreachable', {
    message: message.trim() || 'The download was refused.',
    hint: hint.trim(),
    details: { status: String(response.status) },
  });
}
