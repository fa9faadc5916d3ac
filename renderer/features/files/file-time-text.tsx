import { Tooltip } from '@fluentui/react-components';
import { formatExactFileTime, formatFileTime } from './file-time.ts';

/** A file's time, all its digits in a tooltip. */
export function FileTimeText({ time, zoneless = false }: { time: string | null; zoneless?: boolean }) {
  if (time === null) return <span className="muted">–</span>;
  return (
    <Tooltip content={formatExactFileTime(time, zoneless)} relationship="description">
      <span className="figures">{formatFileTime(time, zoneless)}</span>
    </Tooltip>
  );
}
