import styles from './state-mark.module.css';

export type Tone = 'good' | 'running' | 'warning' | 'bad' | 'quiet';

/** A state in words with a shape and a colour; the words alone say everything. */
export function StateMark({ tone, text }: { tone: Tone; text: string }) {
  return (
    <span className={styles.mark} data-tone={tone}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        <Shape tone={tone} />
      </svg>
      <span className={styles.text}>{text}</span>
    </span>
  );
}

function Shape({ tone }: { tone: Tone }) {
  switch (tone) {
    case 'good':
      return <path d="M1.3 5.3 3.9 8 8.8 2.3" fill="none" stroke="currentColor" strokeWidth="1.9" />;
    case 'bad':
      return <path d="M2 2l6 6M8 2 2 8" fill="none" stroke="currentColor" strokeWidth="1.9" />;
    case 'warning':
      return <path d="M5 .8 9.6 9H.4z" fill="currentColor" />;
    case 'running':
      return <circle cx="5" cy="5" r="4" fill="currentColor" className={styles.pulse} />;
    case 'quiet':
      return <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />;
  }
}
