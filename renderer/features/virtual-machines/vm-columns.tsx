import type { VirtualMachine } from '../../../core/contract/index.ts';
import { BytesText, type TableColumn, TextLink, TimeText, TruncatedText } from '../../ui/index.ts';
import { ProtectionState } from './protection-state.tsx';
import { osWords, protectionWords } from './vm-words.ts';

export const vmColumns: readonly TableColumn<VirtualMachine>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(140px, 2.2fr)',
    sortBy: (vm) => vm.name,
    cell: (vm) => (
      <TextLink to="/virtual-machines/id/$" params={{ _splat: vm.resourceId.slice(1) }}>
        <TruncatedText text={vm.name} />
      </TextLink>
    ),
  },
  {
    id: 'protection',
    header: 'Protection',
    width: 'minmax(160px, 1.4fr)',
    sortBy: (vm) => protectionWords[vm.protection.state],
    cell: (vm) => <ProtectionState vm={vm} />,
  },
  {
    id: 'last-point',
    header: 'Last restore point',
    width: '122px',
    sortBy: (vm) => (vm.protection.lastPointAt === null ? null : Date.parse(vm.protection.lastPointAt)),
    cell: (vm) =>
      vm.protection.lastPointAt === null ? (
        <span className="muted">–</span>
      ) : (
        <TimeText iso={vm.protection.lastPointAt} />
      ),
  },
  {
    id: 'points',
    header: 'Points',
    width: '52px',
    align: 'end',
    sortBy: (vm) => vm.protection.points,
    cell: (vm) => <span className="figures">{vm.protection.points}</span>,
  },
  { id: 'os', header: 'OS', width: '64px', sortBy: (vm) => osWords[vm.os], cell: (vm) => osWords[vm.os] },
  {
    id: 'disks',
    header: 'Disks',
    width: '92px',
    align: 'end',
    sortBy: (vm) => vm.diskBytes,
    cell: (vm) => (
      <>
        <span className="muted figures">{vm.disks.length} ×</span>
        <BytesText bytes={vm.diskBytes} />
      </>
    ),
  },
  {
    id: 'region',
    header: 'Region',
    width: 'minmax(92px, 0.9fr)',
    sortBy: (vm) => vm.region,
    cell: (vm) => <TruncatedText text={vm.region} />,
  },
  {
    id: 'group',
    header: 'Subscription / group',
    width: 'minmax(110px, 2.6fr)',
    sortBy: (vm) => `${vm.subscriptionName} / ${vm.resourceGroup}`,
    cell: (vm) => <TruncatedText text={`${vm.subscriptionName} / ${vm.resourceGroup}`} />,
  },
];
