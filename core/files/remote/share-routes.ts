import { z } from 'zod';
import { AppError, archiveFormatSchema, filePlaceSchema } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import type { AccessBook, ShareGrant } from './access-book.ts';
import { answerContent } from './content-answer.ts';
import { bearerToken, type Exchange, readBody, readQuery, sendJson } from './exchange.ts';
import { apiBodies } from './protocol.ts';
import { scopedFiles } from './scoped-files.ts';
import { sendStream } from './send-stream.ts';
import { pageHeaders, sharePage, sharePaths } from './share-page.ts';
import type { TakenOverLink } from './shared-item.ts';
import { taking } from './taking.ts';

export interface ShareSource {
  readonly service: FileService;
  readonly identity: string;
  readonly access: AccessBook;
  readonly onUse: () => void;
  readonly onTaken: (item: TakenOverLink) => void;
}

/** A visitor whom a link let in. */
interface Visit {
  readonly source: ShareSource;
  readonly share: ShareGrant;
  readonly service: FileService;
}

type Route = (exchange: Exchange, visit: Visit) => Promise<void>;

/**
 * Without a port: cookies know none. The prefix makes browsers refuse it over anything but https, and for other paths
 * or hosts.
 */
const cookieName = '__Host-cairn-share';
/** A path may have 65,536 characters, six bytes each when JSON escapes them; a link's page sends no more than one. */
const mostBodyBytes = 512 * 1024;
const contentQuerySchema = filePlaceSchema.extend({ stream: z.string().max(300).default('') });
const archiveQuerySchema = filePlaceSchema.extend({ format: archiveFormatSchema.default('zip') });

const routes: Readonly<Record<string, Route>> = {
  [`GET ${sharePaths.content}`]: content,
  [`GET ${sharePaths.archive}`]: archive,
  [`GET ${sharePaths.about}`]: async (exchange, { service, share }) =>
    sendJson(exchange, { scope: share.scope, volumes: await service.volumes(exchange.signal) }),
  [`POST ${sharePaths.list}`]: async (exchange, { service }) =>
    sendJson(exchange, await service.list(await readBody(exchange, apiBodies.list), exchange.signal)),
  [`POST ${sharePaths.details}`]: async (exchange, { service }) =>
    sendJson(exchange, await service.details(await readBody(exchange, apiBodies.details), exchange.signal)),
  [`POST ${sharePaths.search}`]: async (exchange, { service }) =>
    sendJson(exchange, await service.search(await readBody(exchange, apiBodies.search), exchange.signal)),
};

/** Whether a request is about links for colleagues. */
export function isSharePath(path: string): boolean {
  return path === sharePaths.page || path.startsWith(`${sharePaths.page}/`);
}

/** The page itself holds nothing and is for everybody; whatever it asks for needs the link's secret. */
export async function answerShare(exchange: Exchange, source: ShareSource): Promise<void> {
  const { request, response, url } = exchange;
  if (request.method === 'GET' && url.pathname === sharePaths.page) {
    response
      .writeHead(200, { ...pageHeaders, 'content-length': Buffer.byteLength(sharePage) })
      .end(sharePage);
    return;
  }
  refuseOtherSites(exchange);
  if (request.method === 'POST' && url.pathname === sharePaths.enter) return enter(exchange, source);
  const share = source.access.shareOf(cookieOf(exchange) ?? '');
  if (!share) throw linkEnded();
  const route = routes[`${request.method} ${url.pathname}`];
  if (!route) throw new AppError('not-found', { message: 'There is nothing at this address.' });
  source.onUse();
  const service = share.scope === null ? source.service : scopedFiles(source.service, share.scope);
  const ended = source.access.endOf(share.id);
  const signal = AbortSignal.any([exchange.signal, ended]);
  try {
    await route({ ...exchange, signal, bodyBytes: mostBodyBytes }, { source, share, service });
  } catch (thrown) {
    throw ended.aborted ? linkEnded() : thrown;
  }
}

/** The secret comes from the address's fragment, in a header; later requests carry it in a cookie no script can read. */
async function enter(exchange: Exchange, { access }: ShareSource): Promise<void> {
  const token = bearerToken(exchange.request);
  if (token === undefined || !access.shareOf(token)) throw linkEnded();
  exchange.response.setHeader(
    'set-cookie',
    `${cookieName}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict`,
  );
  sendJson(exchange, {});
}

function cookieOf({ request }: Exchange): string | undefined {
  const parts = (request.headers.cookie ?? '').split(';').map((part) => part.trim());
  return parts.find((part) => part.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
}

/** Another page may neither read nor start anything here; browsers say where a request comes from. */
function refuseOtherSites({ request }: Exchange): void {
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new AppError('permission-denied', { message: 'Another page may not ask for this.' });
}

function linkEnded(): AppError {
  return new AppError('not-signed-in', {
    message: 'This link does not work any more.',
    hint: 'Ask whoever sent it for a new one.',
  });
}

async function content(exchange: Exchange, { source, share, service }: Visit): Promise<void> {
  const asked = readQuery(exchange, contentQuerySchema);
  const { signal } = exchange;
  const item = { shareId: share.id, target: addressOf(exchange), volumeId: asked.volumeId, path: asked.path };
  await answerContent(
    exchange,
    {
      service,
      identity: source.identity,
      headers: { 'content-disposition': attachment(nameOf(asked.path)) },
      watch: (bytes, { from, to }, size) =>
        taking(bytes, {
          whole: from === 0 && to === size,
          signal,
          onEnd: (end) => source.onTaken({ ...item, files: 1, ...end }),
        }),
    },
    asked,
  );
}

async function archive(exchange: Exchange, { source, share, service }: Visit): Promise<void> {
  const { format, ...place } = readQuery(exchange, archiveQuerySchema);
  const { signal } = exchange;
  const item = { shareId: share.id, target: addressOf(exchange), ...place };
  let ended: Parameters<Parameters<typeof taking>[1]['onEnd']>[0] | undefined;
  const bytes = taking(service.archive([place], format, signal), {
    whole: true,
    signal,
    onEnd: (end) => {
      ended = end;
    },
  });
  const name = `${nameOf(place.path) || place.volumeId}.${format}`;
  const headers = {
    'content-type': format === 'zip' ? 'application/zip' : 'application/x-tar',
    'content-disposition': attachment(name),
  };
  try {
    await sendStream(exchange, { status: 200, headers, bytes });
  } finally {
    if (ended) source.onTaken({ ...item, files: await countFiles(service, place, ended.outcome), ...ended });
  }
}

/** How many files an archive held that was taken as a whole; 0 for one that was not. */
async function countFiles(
  service: FileService,
  place: { readonly volumeId: string; readonly path: string },
  outcome: TakenOverLink['outcome'],
): Promise<number> {
  if (outcome !== 'done') return 0;
  let files = 0;
  try {
    for await (const batch of service.walk([place], AbortSignal.timeout(60_000)))
      files += batch.filter(({ kind }) => kind === 'file').length;
  } catch {
    // Known that it was taken; not how many files it was.
  }
  return files;
}

function addressOf({ request }: Exchange): string {
  return request.socket.remoteAddress ?? '';
}

const nameOf = (path: string): string => path.split('/').filter(Boolean).at(-1) ?? '';

/** RFC 6266 with RFC 8187: nothing of the name can end the header or be taken for a path. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]/g, '_') || 'download';
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
