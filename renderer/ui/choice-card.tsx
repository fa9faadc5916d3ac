import { type ReactNode, useId } from 'react';
import styles from './choice-card.module.css';

export interface ChoiceCardsProps<Value extends string> {
  readonly label: string;
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly {
    readonly value: Value;
    readonly title: string;
    readonly text: ReactNode;
    /** Why it cannot be chosen now. */
    readonly refusal?: string | null;
  }[];
}

/** A few weighty choices, each with a sentence on what it means. Plain radio buttons for the keyboard. */
export function ChoiceCards<Value extends string>({
  label,
  value,
  onChange,
  choices,
}: ChoiceCardsProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className="visually-hidden">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className={styles.card}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={value === choice.value}
            disabled={choice.refusal != null}
            onChange={() => onChange(choice.value)}
          />
          <span>
            <span className={styles.title}>{choice.title}</span>
            <span className={styles.text}>{choice.refusal ?? choice.text}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
