import type { Overview } from '../../../core/contract/index.ts';
import { Card, TextLink } from '../../ui/index.ts';
import figure from './figure.module.css';
import styles from './protection-card.module.css';

const parts = [
  { key: 'protected', state: 'protected', word: 'protected' },
  { key: 'unprotected', state: 'unprotected', word: 'not protected' },
  { key: 'notSupported', state: 'not-supported', word: 'not supported' },
] as const;

/** How many machines are protected: one figure, one bar, each part a way to its machines. */
export function ProtectionCard({ vms }: { vms: Overview['vms'] }) {
  return (
    <Card title="Virtual machines" actions={<TextLink to="/virtual-machines">Show all</TextLink>}>
      <p className={figure.figure}>
        <span className={figure.number}>{vms.protected}</span>
        <span className={figure.of}>of {vms.total} protected</span>
      </p>
      <div className={styles.bar} aria-hidden="true">
        {parts.map(
          ({ key }) => vms[key] > 0 && <span key={key} data-part={key} style={{ flexGrow: vms[key] }} />,
        )}
      </div>
      <ul className={styles.legend}>
        {parts.map(({ key, state, word }) => (
          <li key={key}>
            <span className={styles.dot} data-part={key} aria-hidden="true" />
            <TextLink to="/virtual-machines" search={{ protection: state }}>
              <span className="figures">{vms[key]}</span> {word}
            </TextLink>
          </li>
        ))}
      </ul>
    </Card>
  );
}
