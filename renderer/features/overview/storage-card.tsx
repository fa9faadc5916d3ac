import type { Overview } from '../../../core/contract/index.ts';
import { BytesText, Card, TextLink } from '../../ui/index.ts';
import figure from './figure.module.css';
import styles from './storage-card.module.css';

/** What is kept, and how little room it takes. */
export function StorageCard({ overview }: { overview: Overview }) {
  const { points, repositories, protectedBytes, storedBytes } = overview;
  const ratio = storedBytes > 0 ? protectedBytes / storedBytes : null;
  return (
    <Card title="Restore points" actions={<TextLink to="/repositories">Show repositories</TextLink>}>
      <p className={figure.figure}>
        <span className={figure.number}>{points}</span>
        <span className={figure.of}>
          in {repositories} {repositories === 1 ? 'repository' : 'repositories'}
        </span>
      </p>
      <dl className={styles.figures}>
        <div>
          <dt>Disks they hold</dt>
          <dd>
            <BytesText bytes={protectedBytes} />
          </dd>
        </div>
        <div>
          <dt>Stored</dt>
          <dd>
            <BytesText bytes={storedBytes} />
          </dd>
        </div>
        <div>
          <dt>Reduction</dt>
          <dd className="figures">{ratio === null ? '–' : `${ratio.toFixed(ratio < 10 ? 1 : 0)} : 1`}</dd>
        </div>
      </dl>
    </Card>
  );
}
