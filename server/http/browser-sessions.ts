import { createHash } from 'node:crypto';
import type { RandomBytes } from '../../core/host.ts';

/** Unused start tokens that may exist at once; an older one is forgotten. */
const maximumStartTokens = 20;

/**
 * Who may use the browser console: a start token is good for exactly one sign-in and becomes a session cookie;
 * the bearer token is for attached shells and the command line on this computer. Only hashes are kept, so looking
 * a token up tells nothing by its timing.
 */
export interface BrowserSessions {
  newStartToken(): string;
  /** The cookie's value, or null when the token was used before or never given out. */
  redeem(startToken: string): string | null;
  isSession(cookieValue: string | null): boolean;
  isBearer(authorization: string | undefined): boolean;
}

export function createBrowserSessions(random: RandomBytes, bearerToken: string): BrowserSessions {
  const startTokens = new Set<string>();
  const sessions = new Set<string>();
  const bearer = hash(`Bearer ${bearerToken}`);
  const newToken = (known: Set<string>) => {
    const token = Buffer.from(random(32)).toString('base64url');
    known.add(hash(token));
    return token;
  };
  return {
    newStartToken() {
      const [oldest] = startTokens;
      if (oldest !== undefined && startTokens.size >= maximumStartTokens) startTokens.delete(oldest);
      return newToken(startTokens);
    },
    redeem: (startToken) => (startTokens.delete(hash(startToken)) ? newToken(sessions) : null),
    isSession: (cookieValue) => cookieValue !== null && sessions.has(hash(cookieValue)),
    isBearer: (authorization) => authorization !== undefined && hash(authorization) === bearer,
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
