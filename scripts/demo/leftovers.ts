import type { LabProcess } from '../lab-process.ts';

/** What Cairn keeps on purpose, one per region or subscription, for the next worker. */
const lastingKinds = ['worker-storage', 'worker-network', 'worker-group'];

export interface Wanted {
  /** Disks that restores were asked to make. */
  readonly restoredDisks: readonly string[];
  /** The session whose snapshots are kept for the next comparison. */
  readonly lastBackupSession: string;
}

/** Ids of everything in the lab that was not there before and is not meant to stay. */
export async function findLeftovers(lab: LabProcess, wanted: Wanted): Promise<readonly string[]> {
  const restored = wanted.restoredDisks.map((id) => id.toLowerCase());
  const made = await lab.leftovers();
  return made
    .filter(({ id, tags }) => {
      const kind = tags['cairn-kind'] ?? '';
      if (kind === 'snapshot') return tags['cairn-session'] !== wanted.lastBackupSession;
      if (kind === 'restored-disk') return !restored.includes(id.toLowerCase());
      return !lastingKinds.includes(kind);
    })
    .map(({ id }) => id);
}
