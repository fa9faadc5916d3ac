import styles from './skeletons.module.css';

/** Grey lines of a table while its rows are on their way. */
export function RowsSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div className={styles.rows} aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((row) => (
        <div key={row} className={styles.row}>
          <span />
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}

/** A grey block of a given height. */
export function BlockSkeleton({ height }: { height: number }) {
  return <div className={styles.block} style={{ height }} aria-hidden="true" />;
}
