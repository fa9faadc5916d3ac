import type { ProcedureOutput } from '../../../core/contract/index.ts';
import { Card, Facts, TruncatedText } from '../../ui/index.ts';
import styles from './vm-network.module.css';

/** A machine's network interfaces. */
export function VmNetwork({ network }: { network: ProcedureOutput<'vm.get'>['network'] }) {
  return (
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
  );
}
