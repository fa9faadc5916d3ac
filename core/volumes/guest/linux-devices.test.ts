import { expect, it } from 'vitest';
import type { VolumeFacts } from '../volume.ts';
import { volumeOfDevice } from './linux-devices.ts';

const bare: VolumeFacts = {
  id: '',
  disk: 0,
  partition: 0,
  kind: 'ext4',
  kindName: 'EXT4',
  label: '',
  uuid: '',
  size: 0,
  state: 'clean',
  note: '',
  partitionScheme: 'none',
  diskId: '',
  partitionId: '',
  offset: 0,
  placeName: '',
};
const volumes: readonly VolumeFacts[] = [
  {
    ...bare,
    id: 'efi',
    partition: 15,
    uuid: 'ABCD-12EF',
    partitionScheme: 'gpt',
    partitionId: '11111111-2222-3333-4444-555555555555',
    placeName: 'EFI part',
  },
  { ...bare, id: 'root', partition: 1, label: 'cloudimg rootfs', uuid: 'aa-bb', partitionScheme: 'gpt' },
  { ...bare, id: 'old', disk: 1, partition: 11, partitionScheme: 'mbr', diskId: '0badcafe' },
  { ...bare, id: 'logical', placeName: 'my-vg/lv-1' },
];

it('names of devices lead to their volumes', () => {
  const expected: Readonly<Record<string, string | undefined>> = {
    'UUID=abcd-12ef': 'efi',
    'UUID=AA-BB': 'root',
    'UUID=': undefined,
    'LABEL=cloudimg rootfs': 'root',
    'PARTUUID=11111111-2222-3333-4444-555555555555': 'efi',
    'PARTUUID=0BADCAFE-0b': 'old',
    'PARTLABEL=EFI part': 'efi',
    'ID=x': undefined,
    '/dev/disk/by-uuid/aa-bb': 'root',
    '/dev/disk/by-label/cloudimg\\x20rootfs': 'root',
    '/dev/disk/by-partuuid/0badcafe-0b': 'old',
    '/dev/disk/by-partlabel/EFI\\x20part': 'efi',
    '/dev/sda1': 'root',
    '/dev/nvme0n1p15': 'efi',
    '/dev/disk/azure/root-part1': 'root',
    '/dev/sdb11': undefined,
    '/dev/mapper/my--vg-lv--1': 'logical',
    '/dev/my-vg/lv-1': 'logical',
    '/dev/mapper/my-vg-lv-1': undefined,
    'nfs.example:/export': undefined,
  };
  for (const [device, id] of Object.entries(expected))
    expect(volumeOfDevice(device, volumes)?.id, device).toBe(id);
});
