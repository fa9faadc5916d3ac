import type { Session, Shell, WebContents } from 'electron';
import { isAppUrl } from './trusted-sender.ts';

/** Pages may copy text they show, and nothing else that a permission guards. */
const allowedPermissions: readonly string[] = ['clipboard-sanitized-write'];

export function lockDownSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide) =>
    decide(allowedPermissions.includes(permission) && isAppUrl(contents.getURL())),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => allowedPermissions.includes(permission) && isAppUrl(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

/** No page leaves our origin, opens a window or embeds another page; https links go to the operator's browser. */
export function lockDownContents(contents: WebContents, shell: Pick<Shell, 'openExternal'>): void {
  const stay = (event: { readonly url: string; preventDefault(): void }) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const external = externalAddress(url);
    if (external !== null) void shell.openExternal(external);
    return { action: 'deny' };
  });
}

/** The address as the operator's browser may be given it: https without user name or password, else null. */
export function externalAddress(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null;
}
