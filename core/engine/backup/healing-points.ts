import { AppError } from '../../contract/index.ts';
import { mapInOrder } from '../concurrency.ts';
import type { ManifestDisk } from '../format/manifest.ts';
import { readManifestOrFence } from '../points/read-manifest.ts';
import { listObjects } from '../repository/list-objects.ts';
import type { OpenRepository } from '../repository/open-state.ts';

const parallelReads = 16;
/** Maps that a lost node is compared with. */
const mostRelatives = 16;

/** One disk of one point. */
export interface PointDisk {
  readonly point: string;
  readonly previous: string | undefined;
  /** The same for every point of this disk. */
  readonly family: string;
  readonly disk: ManifestDisk;
}

/** The disks of all points, oldest point first. */
export class PointDisks {
  readonly all: readonly PointDisk[];

  private constructor(all: readonly PointDisk[]) {
    this.all = all;
  }

  /** A manifest that is damaged has no map to help with. */
  static async load(repository: OpenRepository, signal?: AbortSignal): Promise<PointDisks> {
    const found: (PointDisk & { readonly createdAt: string })[] = [];
    const points = listObjects(repository.store, 'point', signal);
    const manifests = mapInOrder(points, { concurrency: parallelReads, signal }, ({ name }) =>
      readManifestOrFence(repository, name, signal).catch(passDamaged),
    );
    for await (const manifest of manifests) {
      if (manifest === undefined) continue;
      const { id: point, previous, createdAt, resource } = manifest;
      for (const disk of manifest.disks) {
        found.push({ point, previous, createdAt, family: familyOf(resource.id, disk.id), disk });
      }
    }
    return new PointDisks(found.sort((left, right) => (left.createdAt < right.createdAt ? -1 : 1)));
  }

  /** Maps that probably share children with a node of this disk that `attempt` wrote, the likeliest first. */
  relatives(family: string, attempt: string): ManifestDisk[] {
    const kin = this.all.filter((point) => point.family === family);
    const writer = kin.findIndex(({ point }) => point === attempt);
    const middle = writer < 0 ? kin.length : writer;
    const before = kin[writer]?.previous;
    const distance = (at: number) => (kin[at]?.point === before ? 0 : Math.abs(at - middle) + 1);
    return [...kin.keys()]
      .sort((left, right) => distance(left) - distance(right))
      .slice(0, mostRelatives)
      .flatMap((at) => kin[at]?.disk ?? []);
  }
}

export function familyOf(resource: string, disk: string): string {
  return JSON.stringify([resource, disk]);
}

function passDamaged(thrown: unknown): undefined {
  if (!(thrown instanceof AppError) || thrown.code !== 'damaged') throw thrown;
}
