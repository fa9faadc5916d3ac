import { useMemo } from 'react';
import { formatBytes } from '../../ui/index.ts';
import { hexLines } from './hex-lines.ts';
import styles from './preview-view.module.css';

/** The first bytes of a file that is no text. */
export function HexView({ base64 }: { base64: string }) {
  const bytes = useMemo(() => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)), [base64]);
  if (bytes.length === 0) return <p className="muted">The file is empty.</p>;
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>The first {formatBytes(bytes.length)}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className={styles.text} tabIndex={0}>
        {hexLines(bytes).map(({ offset, bytes: hex, signs }) => (
          <span key={offset} className={styles.hex}>
            <span className="muted">{offset}</span> {hex} <span className={styles.signs}>{signs}</span>
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  );
}
