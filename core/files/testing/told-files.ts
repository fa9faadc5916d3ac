import { AppError, type FileKind, type WalkedFile } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';

/** An entry of a walk as a test tells it. */
export interface ToldFile {
  readonly path: string;
  readonly kind?: FileKind;
  readonly bytes?: Uint8Array;
  /** Reading fails behind so many bytes. */
  readonly damagedAt?: number;
  readonly linkTarget?: string;
  readonly mode?: number;
  readonly modified?: string;
  readonly problem?: string;
  readonly node?: number;
  readonly links?: number;
}

export interface ToldFiles extends Pick<FileService, 'walk' | 'read' | 'details' | 'archive'> {
  /** Bytes handed out so far, by path. */
  readonly handedOut: ReadonlyMap<string, number>;
}

/** A service that walks through exactly these entries, however hostile; files are found by their place in the list. */
export function toldFiles(told: readonly ToldFile[], piece = 1000): ToldFiles {
  const handedOut = new Map<string, number>();
  const walked = told.map(walkedFile);
  const indexOf = (path: string) => Number(/^\/#(\d+)$/.exec(path)?.[1]);
  return {
    handedOut,
    async *walk() {
      yield walked;
    },
    async *read({ path, offset, length }, signal) {
      const file = told[indexOf(path)];
      const bytes = file?.bytes ?? new Uint8Array(0);
      const end = Math.min(bytes.length, offset + (length ?? bytes.length));
      for (let at = offset; at < end; at += piece) {
        if (signal.aborted) throw new AppError('cancelled', { message: 'Stopped.' });
        if (file?.damagedAt !== undefined && at >= file.damagedAt)
          throw new AppError('damaged', { message: 'The disk says nothing of it.' });
        const part = bytes.subarray(at, Math.min(end, at + piece));
        handedOut.set(file?.path ?? '', (handedOut.get(file?.path ?? '') ?? 0) + part.length);
        yield part;
      }
    },
    async details({ path }) {
      const file = walked[indexOf(path)];
      if (file === undefined) throw new AppError('not-found', { message: 'Not told.' });
      return {
        ...file,
        ...{ allocatedBytes: 0, accessed: null, changed: null, created: null, streams: [] },
        device: file.kind.endsWith('device') ? { major: 1, minor: 3 } : null,
      };
    },
    archive() {
      throw new Error('Not told.');
    },
  };
}

function walkedFile(told: ToldFile, index: number): WalkedFile {
  const { path, kind = 'file', bytes, linkTarget, mode, modified, problem, node, links } = told;
  return {
    volumeId: 'disk0',
    path: `/#${index}`,
    relativePath: path,
    name: path.slice(path.lastIndexOf('/') + 1),
    kind,
    sizeBytes: bytes?.length ?? 0,
    modified: modified ?? '2024-02-29T12:34:56.123456789Z',
    mode: mode ?? null,
    owner: null,
    sid: null,
    attributes: [],
    linkTarget: linkTarget ?? null,
    problem: problem ?? null,
    links: links ?? 1,
    node: node ?? index + 100,
  };
}
