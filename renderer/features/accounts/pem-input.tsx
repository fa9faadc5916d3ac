import { Button, Textarea, type TextareaProps } from '@fluentui/react-components';
import { type ChangeEvent, type Ref, useRef } from 'react';
import styles from './pem-input.module.css';

export type PemInputProps = TextareaProps & {
  readonly ref?: Ref<HTMLTextAreaElement>;
  readonly onFile: (text: string) => void;
};

/** PEM text, pasted or read from a file of this computer. */
export function PemInput({ onFile, ref, ...rest }: PemInputProps) {
  const file = useRef<HTMLInputElement>(null);
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const chosen = target.files?.[0];
    if (chosen !== undefined) onFile(await chosen.text());
    target.value = '';
  };
  return (
    <div className={styles.pem}>
      <Textarea {...rest} ref={ref} rows={7} resize="vertical" spellCheck={false} className={styles.text} />
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
