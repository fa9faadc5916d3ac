import { Tag } from '@fluentui/react-components';
import type { VirtualMachine } from '../../../core/contract/index.ts';
import { BytesText, Card, Facts, TruncatedText } from '../../ui/index.ts';
import styles from './vm-facts.module.css';
import { osWords, powerWords } from './vm-words.ts';

/** What Azure says about a machine. */
export function VmFacts({ vm }: { vm: VirtualMachine }) {
  const tags = Object.entries(vm.tags);
  return (
    <Card title="Machine">
      <Facts
        columns={3}
        facts={[
          { name: 'Power', value: powerWords[vm.power] },
          { name: 'Size', value: <TruncatedText text={vm.size} /> },
          { name: 'Subscription', value: <TruncatedText text={vm.subscriptionName} /> },
          { name: 'OS', value: osWords[vm.os] },
          {
            name: 'Disks',
            value: (
              <>
                {vm.disks.length}, together <BytesText bytes={vm.diskBytes} />
              </>
            ),
          },
          { name: 'Resource group', value: <TruncatedText text={vm.resourceGroup} /> },
          { name: 'Region', value: vm.region },
          { name: 'Zone', value: vm.zone ?? 'None' },
          { name: 'Resource id', value: <TruncatedText text={vm.resourceId} cut="start" /> },
        ]}
      />
      {tags.length > 0 && (
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
      )}
    </Card>
  );
}
