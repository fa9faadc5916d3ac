import { Checkbox } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import styles from './check-field.module.css';

export interface CheckFieldProps {
  readonly label: ReactNode;
  /** What it means, under the label. */
  readonly note?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly onBlur?: () => void;
}

/** A box to tick, in line with the fields above and below it. */
export function CheckField({ label, note, checked, onChange, onBlur }: CheckFieldProps) {
  return (
    <div className={styles.field}>
      <Checkbox
        checked={checked}
        onBlur={onBlur}
        onChange={(_, data) => onChange(data.checked === true)}
        label={
          <>
            <span className={styles.label}>{label}</span>
            {note !== undefined && <span className={styles.note}>{note}</span>}
          </>
        }
      />
    </div>
  );
}
