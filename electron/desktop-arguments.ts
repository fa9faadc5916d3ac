import { parseArgs } from 'node:util';

/** What the desktop shell takes on its command line. */
export interface DesktopArguments {
  readonly dataDirectory: string | undefined;
  readonly cloud: string | undefined;
  /** A running server to attach to, with the file that holds its token; null to look in the data directory. */
  readonly attach: { readonly address: string; readonly tokenFile: string } | null;
}

/** Unknown switches belong to Chromium and are left alone. Throws when --attach and --token-file do not come together. */
export function readDesktopArguments(args: readonly string[]): DesktopArguments {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      'data-directory': { type: 'string' },
      cloud: { type: 'string' },
      attach: { type: 'string' },
      'token-file': { type: 'string' },
    },
  });
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const [address, tokenFile] = [text('attach'), text('token-file')];
  if ((address === undefined) !== (tokenFile === undefined))
    throw new Error('--attach ADDRESS and --token-file FILE belong together.');
  return {
    dataDirectory: text('data-directory'),
    cloud: text('cloud'),
    attach: address === undefined || tokenFile === undefined ? null : { address, tokenFile },
  };
}
