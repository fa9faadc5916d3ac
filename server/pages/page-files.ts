import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { contentSecurityPolicy, securityHeaders } from '../http/content-security-policy.ts';

/** One file of the built console, with the headers it must be given with. */
export interface PageFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** The marker that the console's index.html carries where the nonce of this response belongs. */
const nonceMarker = '__CSP_NONCE__';

/**
 * Reads the file of the console that a URL path names. A path without an extension is one of the console's own
 * pages and gets index.html. Null when there is no such file, or when the path leads out of the folder
 * (by `..`, an encoded separator or a symbolic link).
 */
export async function readPageFile(
  directory: string,
  urlPath: string,
  newNonce: () => string,
): Promise<PageFile | null> {
  const name = fileName(urlPath);
  if (name === null) return null;
  const content = await readInside(directory, name);
  if (content === null) return null;
  const extension = path.extname(name);
  const headers = {
    ...securityHeaders,
    'content-type': contentTypes[extension] ?? 'application/octet-stream',
  };
  if (extension !== '.html') {
    // Built assets carry a hash of their content in their names.
    const caching = name.startsWith('assets/') ? 'private, max-age=31536000, immutable' : 'no-cache';
    return { headers: { ...headers, 'cache-control': caching }, body: content };
  }
  const nonce = newNonce();
  const html = new TextDecoder().decode(content).replaceAll(nonceMarker, nonce);
  return {
    headers: {
      ...headers,
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(nonce),
    },
    body: new TextEncoder().encode(html),
  };
}

function fileName(urlPath: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  const segments = decoded.split('/').filter((segment) => segment !== '');
  const safe = segments.every((segment) => /^[\w@.+-]+$/.test(segment) && !segment.startsWith('.'));
  if (!safe) return null;
  const name = segments.join('/');
  return path.extname(name) === '' ? 'index.html' : name;
}

async function readInside(directory: string, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const root = await realpath(directory);
    const file = await realpath(path.join(root, name));
    if (!file.startsWith(root + path.sep)) return null;
    if (!(await stat(file)).isFile()) return null;
    return new Uint8Array(await readFile(file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null;
    throw error;
  }
}
