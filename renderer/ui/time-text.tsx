import { Tooltip } from '@fluentui/react-components';
import { formatFullTime, formatTime } from './times.ts';
import { useNow } from './use-now.ts';

/** A local time, short; the whole time with its zone in a tooltip. */
export function TimeText({ iso }: { iso: string }) {
  const now = useNow();
  return (
    <Tooltip content={formatFullTime(iso)} relationship="description">
      <time className="figures" dateTime={iso}>
        {formatTime(iso, now)}
      </time>
    </Tooltip>
  );
}
