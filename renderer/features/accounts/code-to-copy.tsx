import { Button } from '@fluentui/react-components';
import { useRef, useState } from 'react';
import styles from './code-to-copy.module.css';

/** A short code in large letters, with a button that copies it, or selects it where copying is not allowed. */
export function CodeToCopy({ code }: { code: string }) {
  const [outcome, setOutcome] = useState<'' | 'Copied' | 'Selected: copy it with the keyboard'>('');
  const output = useRef<HTMLOutputElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      setOutcome('Copied');
    } catch {
      if (output.current !== null) window.getSelection()?.selectAllChildren(output.current);
      setOutcome('Selected: copy it with the keyboard');
    }
  };
  return (
    <div className={styles.line}>
      <output ref={output} className={styles.code} aria-label="Code">
        {code}
      </output>
      <Button onClick={() => void copy()}>Copy code</Button>
      <span className="muted" aria-live="polite">
        {outcome}
      </span>
    </div>
  );
}
