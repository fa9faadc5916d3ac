import type { FileDetails, FileKind } from '../../core/contract/index.ts';

/** A folder of the stand-in's file systems: what is in it is made when somebody looks. */
export interface PlayFile {
  readonly details: FileDetails;
  /** Beginning of the content; text, or base64 of a picture. */
  readonly content?: { readonly kind: 'text' | 'picture'; readonly value: string };
  readonly children?: () => readonly PlayFile[];
}

export interface FileShape {
  readonly kind?: FileKind;
  readonly size?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly sid?: string;
  readonly attributes?: readonly string[];
  readonly linkTarget?: string;
  readonly problem?: string;
  readonly modified?: string;
  readonly streams?: FileDetails['streams'];
  readonly text?: string;
  readonly picture?: string;
}

const base = Date.parse('2026-11-20T06:12:41Z');
/** Node numbers and times follow from the path, so that the same file looks the same each time. */
const seedOf = (path: string) =>
  [...path].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) >>> 0, 7);

export function file(parent: string, name: string, shape: FileShape = {}): PlayFile {
  const path = `${parent === '/' ? '' : parent}/${name}`;
  const seed = seedOf(path);
  const kind = shape.kind ?? 'file';
  const size = shape.size ?? shape.text?.length ?? 0;
  const time =
    shape.modified ?? new Date(base - (seed % 40_000_000) * 1000).toISOString().replace('Z', '417902Z');
  const windows = shape.sid !== undefined;
  return {
    details: {
      name,
      path,
      kind,
      sizeBytes: size,
      modified: time,
      mode: windows ? null : (shape.mode ?? (kind === 'directory' ? 0o755 : 0o644)),
      owner: windows ? null : { uid: shape.uid ?? 0, gid: shape.uid ?? 0 },
      sid: shape.sid ?? null,
      attributes: [...(shape.attributes ?? [])],
      linkTarget: shape.linkTarget ?? null,
      problem: shape.problem ?? null,
      node: seed % 2_000_000,
      allocatedBytes: shape.attributes?.includes('sparse') ? 65_536 : Math.ceil(size / 4096) * 4096,
      links: 1,
      accessed: '2026-11-22T05:58:11.104Z',
      changed: time,
      created: windows ? '2024-02-11T10:00:00.1234567Z' : null,
      device: kind.endsWith('device') ? { major: 8, minor: 1 } : null,
      streams: [...(shape.streams ?? [])],
    },
    ...(shape.text === undefined ? {} : { content: { kind: 'text' as const, value: shape.text } }),
    ...(shape.picture === undefined ? {} : { content: { kind: 'picture' as const, value: shape.picture } }),
  };
}

export function folder(
  parent: string,
  name: string,
  children: (path: string) => readonly PlayFile[],
  shape: FileShape = {},
): PlayFile {
  const own = file(parent, name, { size: 4096, ...shape, kind: 'directory' });
  let made: readonly PlayFile[] | undefined;
  return { ...own, children: () => (made ??= children(own.details.path)) };
}

export function root(children: (path: string) => readonly PlayFile[], shape: FileShape = {}): PlayFile {
  const { details } = file('/', '', { size: 4096, ...shape, kind: 'directory' });
  let made: readonly PlayFile[] | undefined;
  return { details: { ...details, name: '/', path: '/' }, children: () => (made ??= children('/')) };
}

/** Many files of one pattern. */
export function many(
  parent: string,
  count: number,
  name: (index: number) => string,
  shape: FileShape = {},
): PlayFile[] {
  return Array.from({ length: count }, (_, index) =>
    file(parent, name(index), { size: (index * 7919) % 3_000_000, ...shape }),
  );
}
