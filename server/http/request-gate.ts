import type { IncomingMessage } from 'node:http';
import type { BrowserSessions } from './browser-sessions.ts';

/** Why a request is refused, and with which status. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly message: string;
  readonly hint: string;
}

/**
 * A page on the web can make the operator's browser send requests to this port, and a DNS name can be made to
 * point here. So: the Host header must be one of ours (421), a request with an Origin must come from our own
 * pages (403), and it must carry the cookie of a redeemed start token or the bearer token (401).
 */
export function refusalOf(
  request: IncomingMessage,
  gate: { readonly port: number; readonly sessions: BrowserSessions },
): Refusal | null {
  const host = request.headers.host ?? '';
  if (!isOurHost(host, gate.port))
    return {
      status: 421,
      message: 'This request was meant for another host.',
      hint: 'Open the address exactly as it was printed.',
    };
  if (gate.sessions.isBearer(request.headers.authorization)) return null;
  if (request.headers.authorization !== undefined)
    return {
      status: 401,
      message: 'This token is not the one of the running server.',
      hint: 'The server was started again: read its token file again.',
    };
  if (!isOurOrigin(request, host))
    return {
      status: 403,
      message: 'This request comes from another site.',
      hint: 'Use the console only from its own address.',
    };
  if (!gate.sessions.isSession(cookieOf(request, gate.port)))
    return {
      status: 401,
      message: 'This browser is not signed in to the console.',
      hint: 'Run `cairn open` for a new address and open that.',
    };
  return null;
}

export function isOurHost(host: string, port: number): boolean {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host.toLowerCase());
}

function isOurOrigin(request: IncomingMessage, host: string): boolean {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin !== undefined) return origin.toLowerCase() === `http://${host.toLowerCase()}`;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  // Browsers send Origin with every POST; without one, a POST with a cookie is not from our pages.
  return isRead && (site === undefined || site === 'same-origin' || site === 'none');
}

/** Cookies are not kept apart by port, so the name carries it: two consoles on one computer do not collide. */
export function cookieName(port: number): string {
  return `cairn-${port}`;
}

function cookieOf(request: IncomingMessage, port: number): string | null {
  const prefix = `${cookieName(port)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length) ?? null;
}
