import type { FormEvent, ReactNode } from 'react';
import styles from './form.module.css';

export interface FormProps {
  readonly onSubmit: () => Promise<void> | void;
  readonly children: ReactNode;
}

/** Fields under each other; messages are the form's own, not the browser's. */
export function Form({ onSubmit, children }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSubmit();
  };
  return (
    <form noValidate autoComplete="off" className={styles.form} onSubmit={submit}>
      {children}
    </form>
  );
}

/** Two or three fields beside each other where the window is wide enough. */
export function FieldRow({ children }: { children: ReactNode }) {
  return <div className={styles.row}>{children}</div>;
}
