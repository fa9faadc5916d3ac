import { Tooltip } from '@fluentui/react-components';
import { formatBytes, formatExactBytes } from './bytes.ts';

/** Bytes in binary units, the exact count in a tooltip. */
export function BytesText({ bytes }: { bytes: number }) {
  return (
    <Tooltip content={formatExactBytes(bytes)} relationship="description">
      <span className="figures">{formatBytes(bytes)}</span>
    </Tooltip>
  );
}
