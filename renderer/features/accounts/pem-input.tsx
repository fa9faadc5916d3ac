import { Button, Textarea } from '@fluentui/react-components';
import { type ChangeEvent, useRef } from 'react';
import styles from './pem-input.module.css';

export interface PemInputProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly onBlur: () => void;
}

/** PEM text, pasted or read from a file of this computer. Stands inside a Fluent Field, which labels it. */
export function PemInput({ value, onChange, onBlur }: PemInputProps) {
  const file = useRef<HTMLInputElement>(null);
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const chosen = target.files?.[0];
    if (chosen !== undefined) onChange(await chosen.text());
    target.value = '';
  };
  return (
    <div className={styles.pem}>
      <Textarea
        value={value}
        rows={7}
        resize="vertical"
        spellCheck={false}
        className={styles.text}
        onBlur={onBlur}
        onChange={(_, data) => onChange(data.value)}
      />
      <div>
        <input
          ref={file}
          type="file"
          accept=".pem,.crt,.key,.txt"
          hidden
          aria-label="PEM file"
          onChange={(event) => void read(event)}
        />
        <Button size="small" onClick={() => file.current?.click()}>
          Read from file
        </Button>
      </div>
    </div>
  );
}
