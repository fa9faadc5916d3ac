import { Tag } from '@fluentui/react-components';
import type { ProcedureOutput, VirtualMachine } from '../../../core/contract/index.ts';
import { BytesText, Card, Facts, TruncatedText } from '../../ui/index.ts';
import styles from './vm-facts.module.css';
import { osWords, powerWords } from './vm-words.ts';

export interface VmFactsProps {
  readonly vm: VirtualMachine;
  readonly network: ProcedureOutput<'vm.get'>['network'];
}

/** What Azure says about a machine. */
export function VmFacts({ vm, network }: VmFactsProps) {
  const tags = Object.entries(vm.tags);
  return (
    <>
      <Card title="Machine">
        <Facts
          facts={[
            { name: 'Power', value: powerWords[vm.power] },
            { name: 'OS', value: osWords[vm.os] },
            { name: 'Size', value: <TruncatedText text={vm.size} /> },
            { name: 'Zone', value: vm.zone ?? 'None' },
            {
              name: 'Disks',
              value: (
                <>
                  {vm.disks.length}, together <BytesText bytes={vm.diskBytes} />
                </>
              ),
            },
            { name: 'Region', value: vm.region },
            { name: 'Resource group', value: <TruncatedText text={vm.resourceGroup} /> },
            { name: 'Subscription', value: <TruncatedText text={vm.subscriptionName} /> },
            { name: 'Resource id', value: <TruncatedText text={vm.resourceId} cut="start" /> },
          ]}
        />
      </Card>
      <Card title="Network">
        {network.length === 0 && <span className="muted">No network interface.</span>}
        {network.map((nic) => (
          <div key={nic.nic} className={styles.nic}>
            <Facts
              facts={[
                { name: 'Interface', value: <TruncatedText text={nic.nic} /> },
                { name: 'Subnet', value: <TruncatedText text={nic.subnet} /> },
                { name: 'Private IP', value: <span className="figures">{nic.privateIp ?? '–'}</span> },
                { name: 'Public IP', value: <span className="figures">{nic.publicIp ?? 'None'}</span> },
                { name: 'Security group', value: <TruncatedText text={nic.securityGroup ?? 'None'} /> },
              ]}
            />
          </div>
        ))}
      </Card>
      <Card title="Tags">
        {tags.length === 0 && <span className="muted">No tags.</span>}
        <div className={styles.tags}>
          {tags.map(([name, value]) => (
            <Tag
              key={name}
              size="small"
              appearance="outline"
              className={styles.tag}
              title={`${name}: ${value}`}
            >
              {name}: {value}
            </Tag>
          ))}
        </div>
      </Card>
    </>
  );
}
