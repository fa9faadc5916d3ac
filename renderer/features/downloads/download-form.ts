import type { DownloadForm, FileKind } from '../../../core/contract/index.ts';

export type FormChoice = 'file' | 'zip' | 'tar' | 'folder';
export type WhereTo = 'browser' | 'path';

export interface NamedItem {
  readonly name: string;
  readonly kind: FileKind;
}

/** How a selection can be taken along. A folder as it is needs a file system to be written to. */
export function formChoices(single: NamedItem | null, where: WhereTo): readonly FormChoice[] {
  return [
    ...(single?.kind === 'file' ? (['file'] as const) : []),
    'zip',
    'tar',
    ...(where === 'path' && single?.kind !== 'file' ? (['folder'] as const) : []),
  ];
}

export function formOf(choice: FormChoice): DownloadForm {
  return choice === 'zip' || choice === 'tar' ? { kind: 'archive', format: choice } : { kind: choice };
}

/** Signs that some system does not allow in a name, or gives a meaning of its own. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const forbidden = /[<>:"/\\|?*\u0000-\u001f\u007f]/g;

export interface Naming {
  readonly choice: FormChoice;
  readonly single: NamedItem | null;
  readonly resourceName: string;
  readonly takenAt: string;
}

/** What the target is called unless somebody says otherwise; a whole machine's time keeps two of them apart. */
export function suggestedName({ choice, single, resourceName, takenAt }: Naming): string {
  const time = takenAt.slice(0, 16).replace('T', ' ').replace(':', '');
  const plain = single === null || single.name === '/' ? `${resourceName} ${time}` : single.name;
  const name = plain.replaceAll(forbidden, '_').replace(/[. ]+$/, '') || 'files';
  return choice === 'zip' || choice === 'tar' ? `${name}.${choice}` : name;
}

/** A name below a folder of the computer that Cairn runs on, in that computer's way of writing. */
export function pathBelow(folder: string, name: string): string {
  if (folder === '') return name;
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(separator) ? `${folder}${name}` : `${folder}${separator}${name}`;
}

/** The same path with another name at its end: the form was changed after the folder was. */
export function withName(path: string, name: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return end === -1 ? name : `${path.slice(0, end + 1)}${name}`;
}
