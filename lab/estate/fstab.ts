/** A line of /etc/fstab. */
export interface FileSystemEntry {
  /** `LABEL=...`, `UUID=...` or a device. */
  readonly source: string;
  /** Absolute mount point. */
  readonly place: string;
}

/** The mounts that a Linux makes when it boots, parents before children (fstab(5)). */
export function readFstab(text: string): FileSystemEntry[] {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([source, place]) => {
      if (source === undefined || place === undefined || !place.startsWith('/')) return [];
      return [{ source, place: place.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => character(octal)) }];
    })
    .sort((a, b) => a.place.length - b.place.length);
}

const character = (octal: string): string => String.fromCharCode(Number.parseInt(octal, 8));

export function findEntry(
  entries: readonly FileSystemEntry[],
  identity: { readonly label: string; readonly uuid: string },
): FileSystemEntry | undefined {
  const names = [identity.label && `LABEL=${identity.label}`, identity.uuid && `UUID=${identity.uuid}`];
  return entries.find(({ source }) => names.includes(source));
}
