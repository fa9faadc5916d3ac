import { randomBytes } from 'node:crypto';
import { readPageFile } from '../server/index.ts';
import { isAppUrl } from './trusted-sender.ts';

/** Answers a request for `app://cairn/...` from the folder of the built console, with the policy as a header. */
export async function answerPage(pages: string, request: Pick<Request, 'url' | 'method'>): Promise<Response> {
  if (!isAppUrl(request.url) || request.method !== 'GET') return new Response(null, { status: 404 });
  const newNonce = () => randomBytes(18).toString('base64');
  const file = await readPageFile(pages, new URL(request.url).pathname, newNonce);
  return file === null
    ? new Response(null, { status: 404 })
    : new Response(file.body, { headers: file.headers });
}
