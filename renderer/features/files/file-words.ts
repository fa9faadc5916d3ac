import type { FileEntry, FileKind, FileVolume } from '../../../core/contract/index.ts';
import type { Tone } from '../../ui/index.ts';

export const kindWords: Record<FileKind, string> = {
  file: 'File',
  directory: 'Folder',
  symlink: 'Link',
  fifo: 'Pipe',
  socket: 'Socket',
  'character-device': 'Character device',
  'block-device': 'Block device',
  other: 'Other',
};

export const volumeStates: Record<FileVolume['state'], { readonly text: string; readonly tone: Tone }> = {
  clean: { text: 'Clean', tone: 'good' },
  replayed: { text: 'Journal replayed', tone: 'good' },
  dirty: { text: 'Not cleanly unmounted', tone: 'warning' },
  unsupported: { text: 'Not supported', tone: 'quiet' },
  damaged: { text: 'Damaged', tone: 'bad' },
};

const letters = 'rwxrwxrwx';

/** The twelve permission bits as `ls` writes them, without the kind in front: `rwsr-xr-t`. */
export function modeText(mode: number): string {
  const signs = [...letters].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  const special = (bit: number, at: number, letter: string) => {
    if (mode & bit) signs[at] = signs[at] === 'x' ? letter : letter.toUpperCase();
  };
  special(0o4000, 2, 's');
  special(0o2000, 5, 's');
  special(0o1000, 8, 't');
  return signs.join('');
}

/** `uid:gid` or the end of a security identifier, which is what differs; empty where there is no owner. */
export function ownerText({ owner, sid }: Pick<FileEntry, 'owner' | 'sid'>): string {
  if (owner !== null) return `${owner.uid}:${owner.gid}`;
  return sid === null ? '' : (wellKnown[sid] ?? `…-${sid.split('-').slice(-1)}`);
}

const wellKnown: Readonly<Record<string, string>> = {
  'S-1-5-18': 'SYSTEM',
  'S-1-5-19': 'LOCAL SERVICE',
  'S-1-5-20': 'NETWORK SERVICE',
  'S-1-5-32-544': 'Administrators',
  'S-1-5-32-545': 'Users',
};

/** Permissions where the file system has them, else its attributes. */
export function modeOrAttributes({ mode, attributes }: Pick<FileEntry, 'mode' | 'attributes'>): string {
  return mode === null ? attributes.join(', ') : modeText(mode);
}
