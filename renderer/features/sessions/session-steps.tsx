import type { Step } from '../../../core/contract/index.ts';
import { formatDuration, useNow } from '../../ui/index.ts';
import styles from './session-steps.module.css';

const stateTexts: Record<Step['state'], string> = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  skipped: 'left out',
};

/** The session's steps in order, each with a stone that is set when the step is done. */
export function SessionSteps({ steps, over }: { steps: readonly Step[]; over: boolean }) {
  const broken = steps.some(({ state }) => state === 'failed');
  const now = useNow(steps.some(({ state }) => state === 'running') ? 1000 : null);
  if (steps.length === 0)
    return (
      <p className={styles.none}>{over ? 'This session has no steps.' : 'The steps are being planned.'}</p>
    );
  return (
    <ol className={styles.steps}>
      {steps.map((step) => (
        <li key={step.key} className={styles.step} data-state={step.state}>
          <span className={styles.stone} aria-hidden="true" />
          <span className={styles.title}>{step.title}</span>
          <span className="visually-hidden">, {stateTexts[step.state]}</span>
          <span className={styles.time}>
            {step.state === 'skipped' ? (broken ? 'not reached' : 'not needed') : stepTime(step, now)}
          </span>
        </li>
      ))}
    </ol>
  );
}

function stepTime(step: Step, now: number): string {
  if (step.startedAt === null) return '';
  const end = step.endedAt === null ? now : Date.parse(step.endedAt);
  return formatDuration((end - Date.parse(step.startedAt)) / 1000);
}
