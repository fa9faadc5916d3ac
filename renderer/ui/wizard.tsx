import { Button } from '@fluentui/react-components';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import styles from './wizard.module.css';

export interface WizardProps {
  /** Titles of all steps, in order. */
  readonly steps: readonly string[];
  /** Position of the step shown. */
  readonly current: number;
  /** Goes back to an earlier step; later ones are reached by the form only. */
  readonly onStep: (index: number) => void;
  readonly children: ReactNode;
}

/** A wizard's frame: the way through it at the side, the step shown beside it. */
export function Wizard({ steps, current, onStep, children }: WizardProps) {
  const titleId = useId();
  const title = useRef<HTMLHeadingElement>(null);
  const shown = useRef(current);
  useEffect(() => {
    if (shown.current !== current) title.current?.focus();
    shown.current = current;
  }, [current]);
  return (
    <div className={styles.wizard}>
      <ol className={styles.steps} aria-label="Steps">
        {steps.map((step, index) => (
          <li
            key={step}
            className={styles.step}
            data-place={index < current ? 'behind' : index === current ? 'here' : 'ahead'}
            aria-current={index === current ? 'step' : undefined}
          >
            <span className={styles.stone} aria-hidden="true" />
            {index < current ? (
              <button type="button" className="text-button" onClick={() => onStep(index)}>
                {step}
              </button>
            ) : (
              step
            )}
          </li>
        ))}
      </ol>
      <section className={styles.panel} aria-labelledby={titleId}>
        <h2 id={titleId} className={styles.title} ref={title} tabIndex={-1}>
          {steps[current]}
        </h2>
        {children}
      </section>
    </div>
  );
}

export interface WizardActionsProps {
  readonly next: string;
  readonly nextDisabled?: boolean;
  /** While the step's question or command is on its way. */
  readonly busy?: boolean;
  readonly onBack?: () => void;
  /** Without it the button submits the form around it. */
  readonly onNext?: () => void;
}

/** The two buttons at the end of a step. */
export function WizardActions({
  next,
  nextDisabled = false,
  busy = false,
  onBack,
  onNext,
}: WizardActionsProps) {
  return (
    <footer className={styles.actions}>
      <Button
        appearance="primary"
        type={onNext === undefined ? 'submit' : 'button'}
        disabled={nextDisabled || busy}
        onClick={onNext}
      >
        {busy ? 'One moment…' : next}
      </Button>
      {onBack !== undefined && (
        <Button type="button" onClick={onBack} disabled={busy}>
          Back
        </Button>
      )}
    </footer>
  );
}
