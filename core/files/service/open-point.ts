import type { FilePlace, FileVolume } from '../../contract/index.ts';
import {
  guestPlaces,
  type NodeId,
  openVolumes,
  type ReadableDisk,
  type Volume,
  type VolumeLimits,
} from '../../volumes/index.ts';
import { noSuchVolume } from '../file-errors.ts';
import { BoundedMap } from './bounded-map.ts';
import { normalPath } from './file-path.ts';
import { fileVolume } from './file-volume.ts';

/** Paths whose nodes are remembered, so that reading what was listed or walked does not search its folder again. */
const REMEMBERED_NODES = 100_000;

export interface OpenPointOptions {
  readonly disks: readonly ReadableDisk[];
  readonly limits: Partial<VolumeLimits>;
  /** Ends the opening. */
  readonly signal: AbortSignal;
}

/** The volumes of a point, opened once, and the way from a place to its node. */
export class OpenPoint {
  readonly volumes: readonly Volume[];
  readonly shown: readonly FileVolume[];
  readonly #nodes = new BoundedMap<NodeId>(REMEMBERED_NODES, () => 1);

  private constructor(volumes: readonly Volume[], places: ReadonlyMap<string, readonly string[]>) {
    this.volumes = volumes;
    this.shown = volumes.map((volume) => fileVolume(volume, places.get(volume.facts.id) ?? []));
  }

  static async open(options: OpenPointOptions): Promise<OpenPoint> {
    const { disks, limits, signal } = options;
    const volumes = await openVolumes(disks, { signal, limits });
    return new OpenPoint(volumes, await guestPlaces(volumes, signal));
  }

  volume(volumeId: string): Volume {
    const volume = this.volumes.find(({ facts }) => facts.id === volumeId);
    if (volume === undefined) throw noSuchVolume(volumeId);
    return volume;
  }

  /** @throws AppError with the reason when its files cannot be read */
  readableVolume(volumeId: string): Volume {
    const volume = this.volume(volumeId);
    void volume.root;
    return volume;
  }

  shownVolume(volumeId: string): FileVolume {
    const volume = this.shown.find(({ id }) => id === volumeId);
    if (volume === undefined) throw noSuchVolume(volumeId);
    return volume;
  }

  async node(place: FilePlace, signal: AbortSignal): Promise<NodeId> {
    const volume = this.volume(place.volumeId);
    const path = normalPath(place.path);
    const known = this.#nodes.get(keyOf(place.volumeId, path));
    if (known !== undefined) return known;
    const found = path === '/' ? volume.root : await volume.resolve(path, signal);
    this.remember(place.volumeId, path, found);
    return found;
  }

  /** A point never changes, so a node stays where it was seen. `path` in its normal form. */
  remember(volumeId: string, path: string, node: NodeId): void {
    this.#nodes.set(keyOf(volumeId, path), node);
  }
}

function keyOf(volumeId: string, path: string): string {
  return `${volumeId}:${path}`;
}
