import type { VmDisk } from '../../../core/contract/index.ts';
import { BytesText, DataTable, EmptyState, type TableColumn, TruncatedText } from '../../ui/index.ts';

const bySlot = { id: 'slot', desc: false };

const columns: readonly TableColumn<VmDisk>[] = [
  {
    id: 'slot',
    header: 'Slot',
    width: '80px',
    sortBy: (disk) => (disk.os ? -1 : (disk.lun ?? 99)),
    cell: (disk) => (disk.os ? 'OS disk' : disk.lun === null ? 'Data' : `LUN ${disk.lun}`),
  },
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(160px, 3fr)',
    sortBy: (disk) => disk.name,
    cell: (disk) => <TruncatedText text={disk.name} />,
  },
  {
    id: 'sku',
    header: 'SKU',
    width: 'minmax(110px, 1fr)',
    sortBy: (disk) => disk.sku,
    cell: (disk) => (disk.resourceId === null ? 'Unmanaged' : disk.sku),
  },
  {
    id: 'size',
    header: 'Size',
    width: '90px',
    align: 'end',
    sortBy: (disk) => disk.sizeBytes,
    cell: (disk) => <BytesText bytes={disk.sizeBytes} />,
  },
];

export function VmDisks({ disks }: { disks: readonly VmDisk[] }) {
  return (
    <DataTable
      label="Disks"
      frame="plain"
      rows={disks}
      columns={columns}
      rowId={(disk) => `${disk.lun ?? 'os'}-${disk.name}`}
      sort={bySlot}
      empty={<EmptyState size="small" title="No disks" text="Azure reports no disk for this machine." />}
    />
  );
}
