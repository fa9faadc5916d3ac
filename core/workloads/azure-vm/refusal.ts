import type { VirtualMachineSummary } from '../../azure/index.ts';
import type { SavedConfiguration } from './document.ts';
import { readText } from './saved-json.ts';

/** Why a machine cannot be backed up as its list entry shows it, in one sentence; null when it can. */
export function machineRefusal(summary: Pick<VirtualMachineSummary, 'disks'>): string | null {
  const { disks } = summary;
  if (disks.length === 0) return 'It has no disks.';
  if (disks.every((disk) => disk.resourceId === null))
    return 'It has no managed disks: its disks are page blobs in a storage account.';
  const unmanaged = disks.find((disk) => disk.resourceId === null);
  if (unmanaged) return `Disk "${unmanaged.name}" is not a managed disk.`;
  const shared = disks.find((disk) => disk.shared);
  if (shared)
    return `Disk "${shared.name}" is shared between machines; a snapshot of one would not be consistent.`;
  const ultra = disks.find((disk) => disk.sku === 'UltraSSD_LRS');
  if (ultra) return `Disk "${ultra.name}" is an Ultra Disk, which cannot be restored by direct upload.`;
  return null;
}

/** What only the whole configuration shows. */
export function configurationRefusal(configuration: SavedConfiguration): string | null {
  const listed = machineRefusal(configuration.summary);
  if (listed !== null) return listed;
  if (readText(configuration.vm, ['securityProfile', 'securityType']) === 'ConfidentialVM')
    return 'It is a confidential machine: Azure refuses direct upload of its disks.';
  if (readText(configuration.vm, ['storageProfile', 'osDisk', 'diffDiskSettings', 'option']) !== null)
    return 'Its OS disk is ephemeral: it lives on the host and has no snapshots.';
  const large = configuration.disks.find(
    (disk) => readText(disk, ['creationData', 'logicalSectorSize']) === '4096',
  );
  if (large)
    return `Disk "${readText(large, ['name']) ?? ''}" has sectors of 4096 bytes, which need another disk format.`;
  return null;
}
