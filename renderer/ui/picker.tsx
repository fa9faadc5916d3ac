import { Combobox, Option } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import styles from './picker.module.css';

/** More would make opening the list slow; typing narrows it. */
const mostShown = 80;

export interface PickerChoice {
  readonly value: string;
  readonly text: string;
  readonly note?: string;
  /** Why it cannot be picked; such choices are shown last. */
  readonly refusal?: string | null;
}

export interface PickerProps {
  readonly choices: readonly PickerChoice[];
  readonly value: string;
  readonly onPick: (value: string) => void;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly onBlur?: () => void;
}

/** One of many: a list that typing narrows. Stands inside a Fluent Field, which labels it. */
export function Picker({ choices, value, onPick, placeholder, disabled = false, onBlur }: PickerProps) {
  const picked = choices.find((choice) => choice.value === value);
  const [typed, setTyped] = useState<string | null>(null);
  const matching = useMemo(() => narrow(choices, typed ?? ''), [choices, typed]);
  return (
    <Combobox
      className={styles.picker}
      placeholder={placeholder}
      disabled={disabled}
      value={typed ?? picked?.text ?? ''}
      selectedOptions={[value]}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onOptionSelect={(_, { optionValue }) => {
        setTyped(null);
        if (optionValue !== undefined) onPick(optionValue);
      }}
      onBlur={() => {
        setTyped(null);
        onBlur?.();
      }}
    >
      {matching.slice(0, mostShown).map((choice) => (
        <Option key={choice.value} value={choice.value} text={choice.text} disabled={choice.refusal != null}>
          <span className={styles.choice}>
            <span className={styles.text}>{choice.text}</span>
            <span className={styles.note}>{choice.refusal ?? choice.note}</span>
          </span>
        </Option>
      ))}
      {matching.length > mostShown && (
        <Option value="" text="" disabled>
          {`${matching.length - mostShown} more: type to narrow the list`}
        </Option>
      )}
      {matching.length === 0 && (
        <Option value="" text="" disabled>
          Nothing matches
        </Option>
      )}
    </Combobox>
  );
}

function narrow(choices: readonly PickerChoice[], typed: string): PickerChoice[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return choices
    .filter(({ text, note }) => words.every((word) => `${text} ${note ?? ''}`.toLowerCase().includes(word)))
    .sort((one, other) => Number(one.refusal != null) - Number(other.refusal != null));
}
