import { AppError, type FilePlace, type FileVolume } from '../../../core/contract/index.ts';
import type { FileService } from '../../../core/files/index.ts';

/** A volume and how it is called in paths. */
export interface NamedVolume {
  readonly name: string;
  readonly volume: FileVolume;
}

/** Where a path leads: to the list of volumes, or into one. */
export type CommandPlace = { readonly kind: 'volumes' } | ({ readonly kind: 'place' } & FilePlace);

/**
 * The root that paths of a command start at: the volumes, or the files themselves where there is one volume only. A
 * volume is called what the guest calls it (`C:`, `var`) or by its id; both are taken.
 */
export class MachineRoot {
  readonly volumes: readonly NamedVolume[];

  private constructor(volumes: readonly NamedVolume[]) {
    this.volumes = volumes;
  }

  /** `all`: also volumes that hold no files of anybody. */
  static async of(service: FileService, all: boolean, signal: AbortSignal): Promise<MachineRoot> {
    const shown = (await service.volumes(signal)).filter((volume) => all || !volume.incidental);
    const names = new Map<string, FileVolume>();
    for (const volume of shown) {
      const [name = volume.id] = [guestName(volume), volume.id].filter((free) => free && !names.has(free));
      names.set(name, volume);
    }
    return new MachineRoot([...names].map(([name, volume]) => ({ name, volume })));
  }

  /** The only volume, whose files are at the root. */
  get only(): FileVolume | undefined {
    return this.volumes.length === 1 ? this.volumes[0]?.volume : undefined;
  }

  /** @throws AppError `not-found` when the path starts with no volume */
  place(path: string): CommandPlace {
    const parts = partsOf(path);
    const [first, ...below] = parts;
    const named = this.volumes.find(({ name, volume }) => first === name || first === volume.id);
    if (named !== undefined && (this.only === undefined || first === named.volume.id))
      return { kind: 'place', volumeId: named.volume.id, path: `/${below.join('/')}` };
    if (this.only !== undefined)
      return { kind: 'place', volumeId: this.only.id, path: `/${parts.join('/')}` };
    if (first === undefined) return { kind: 'volumes' };
    throw new AppError('not-found', {
      message: `There is no volume "${first}".`,
      hint: `There are: ${this.volumes.map(({ name }) => name).join(', ')}.`,
      details: { field: 'path' },
    });
  }

  /** A place in one volume; the list of volumes is none. */
  fileOrFolder(path: string): FilePlace {
    const place = this.place(path);
    if (place.kind === 'place') return { volumeId: place.volumeId, path: place.path };
    throw new AppError('invalid-input', {
      message: 'The path names no volume.',
      hint: `It starts with one of: ${this.volumes.map(({ name }) => name).join(', ')}.`,
      details: { field: 'path' },
    });
  }

  /** The path of a command for a place in a volume. */
  path(place: FilePlace): string {
    if (this.only?.id === place.volumeId) return place.path;
    const named = this.volumes.find(({ volume }) => volume.id === place.volumeId);
    return `/${named?.name ?? place.volumeId}${place.path === '/' ? '' : place.path}`;
  }
}

/** `C:\Users` is taken as Windows writes it; elsewhere a backslash is part of a name. */
function partsOf(path: string): string[] {
  const plain = /^[A-Za-z]:\\/.test(path) ? path.replaceAll('\\', '/') : path;
  return plain.split('/').filter((part) => part !== '');
}

function guestName({ guestPlaces: [place = ''] }: FileVolume): string {
  return place.replaceAll(/^\/+|\/+$/g, '').replaceAll('/', '-');
}
