/** An answer of the Blob service that is an error: `x-ms-error-code` and an XML body. */
export class BlobError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'BlobError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The XML body Azure Storage sends with an error. */
export function blobErrorXml(error: { code: string; message: string }, requestId: string, now: Date): string {
  const message = `${error.message}\nRequestId:${requestId}\nTime:${now.toISOString()}`;
  return `\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
