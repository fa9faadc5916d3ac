import { Input, type InputProps } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import type { KeyboardEvent, Ref } from 'react';
import styles from './narrowing-field.module.css';
import { useLateText } from './use-late-text.ts';

export interface NarrowingFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Arrow down or Enter: on to the list. */
  readonly onDone: () => void;
  readonly icon: InputProps['contentBefore'];
  readonly className?: string | undefined;
  readonly ref?: Ref<HTMLInputElement>;
}

/** A text that narrows the list below it. Escape empties it. */
export function NarrowingField({
  label,
  value,
  onChange,
  onDone,
  icon,
  className,
  ref,
}: NarrowingFieldProps) {
  const { typed, type } = useLateText(value, onChange);
  const clear = () => {
    onChange('');
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') clear();
    else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      onChange(typed);
      onDone();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Input
      ref={ref}
      className={className}
      aria-label={label}
      placeholder={label}
      value={typed}
      spellCheck={false}
      autoComplete="off"
      contentBefore={icon}
      contentAfter={
        typed === '' ? null : (
          <button type="button" className={styles.clear} aria-label={`Clear: ${label}`} onClick={clear}>
            <DismissRegular />
          </button>
        )
      }
      onChange={(_, data) => type(data.value)}
      onKeyDown={onKeyDown}
    />
  );
}
