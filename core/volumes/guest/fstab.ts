import { fileNameFromBytes } from '../tree/index.ts';

/** One line of /etc/fstab that puts a device at a place. */
export interface MountedDevice {
  /** For looking up only: `UUID=...`, `LABEL=...`, `/dev/...`. */
  readonly device: string;
  /** Absolute path of safe texts. */
  readonly place: string;
}

const MOST_LINES = 1000;
const LONGEST = 1024;

/** The devices and their places, in the order of the file; what is no path (swap) is left out. See fstab(5). */
export function parseFstab(bytes: Uint8Array): MountedDevice[] {
  const lines = Buffer.from(bytes).toString('latin1').split('\n', MOST_LINES);
  return lines.flatMap((line) => {
    const [device = '#', place = '', , options = ''] = line.trim().split(/[ \t]+/, 4);
    if (device.startsWith('#') || !place.startsWith('/')) return [];
    if (device.length > LONGEST || place.length > LONGEST) return [];
    // A bind shows a folder of another file system a second time.
    if (options.split(',').some((option) => option === 'bind' || option === 'rbind')) return [];
    return [{ device: plain(device.replace(/["']/g, '')).toString('utf8'), place: safePath(place) }];
  });
}

function safePath(place: string): string {
  const parts = place.split('/').filter((part) => part !== '');
  return `/${parts.map((part) => fileNameFromBytes(plain(part)).text).join('/')}`;
}

/** The bytes meant: blanks and tabs are written in octal. */
function plain(text: string): Buffer {
  const meant = text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(meant, 'latin1');
}
