import { Button } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { Card } from '../../ui/index.ts';
import type { FirstStep } from './first-steps.ts';
import styles from './first-steps-card.module.css';

const texts = {
  account: {
    title: 'Add an account',
    text: 'Sign in to Azure with a service principal or your own user. Cairn lists your virtual machines.',
    action: 'Add account',
    to: '/accounts/add',
  },
  repository: {
    title: 'Add a repository',
    text: 'Choose a container in your own storage account where encrypted backups are kept.',
    action: 'Add repository',
    to: '/repositories/add',
  },
  backup: {
    title: 'Back up a virtual machine',
    text: 'Pick a machine and back it up now. Its first restore point is ready when the session ends.',
    action: 'Choose a machine',
    to: '/virtual-machines',
  },
} as const;

/** Leads a new installation to its first restore point. */
export function FirstStepsCard({ steps }: { steps: readonly FirstStep[] }) {
  const navigate = useNavigate();
  return (
    <Card title="First steps">
      <ol className={styles.steps}>
        {steps.map(({ key, state }, index) => (
          <li
            key={key}
            className={styles.step}
            data-state={state}
            aria-current={state === 'next' ? 'step' : undefined}
          >
            <span className={styles.stone} aria-hidden="true">
              {state === 'done' ? '✓' : index + 1}
            </span>
            <div className={styles.words}>
              <span className={styles.title}>
                {texts[key].title}
                {state === 'done' && <span className="visually-hidden">, done</span>}
              </span>
              <span className={styles.text}>{texts[key].text}</span>
            </div>
            {state === 'next' && (
              <Button appearance="primary" onClick={() => void navigate({ to: texts[key].to })}>
                {texts[key].action}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
