import type { RestorePlan } from '../../../core/contract/index.ts';
import styles from './plan-items.module.css';

type Item = RestorePlan['items'][number];

const actionWords: Record<Item['action'], string> = {
  create: 'Create',
  replace: 'Replace',
  stop: 'Stop',
  start: 'Start',
  keep: 'Keep',
};

/** What the restore will do in Azure, in its order. */
export function PlanItems({ items }: { items: readonly Item[] }) {
  return (
    <ol className={styles.items} aria-label="What will be done">
      {items.map((item) => (
        <li key={`${item.action} ${item.type} ${item.name}`} className={styles.item}>
          <span className={styles.action} data-action={item.action}>
            {actionWords[item.action]}
          </span>
          <span className={styles.type}>{item.type}</span>
          <span className={styles.what}>
            <span className={styles.name}>{item.name}</span>
            {item.detail !== '' && <span className={styles.detail}>{item.detail}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
