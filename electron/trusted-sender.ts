import type { WebFrameMain } from 'electron';

/** Scheme and host of our own pages; everything else is a stranger. */
export const appScheme = 'app';
export const appHost = 'cairn';
export const appOrigin = `${appScheme}://${appHost}`;

export function isAppUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === `${appScheme}:` && url.host === appHost && url.username === '';
}

/** Only the top frame of one of our own pages may talk to core. A frame that is being torn down is null. */
export function isTrustedSender(frame: Pick<WebFrameMain, 'url' | 'parent'> | null): boolean {
  return frame !== null && frame.parent === null && isAppUrl(frame.url);
}
