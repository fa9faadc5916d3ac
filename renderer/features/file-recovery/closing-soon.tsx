import { Button } from '@fluentui/react-components';
import { useCommand } from '../../api/index.ts';
import { Notice, useNow } from '../../ui/index.ts';
import { timeLeft } from './recovery-words.ts';

const soonMilliseconds = 3 * 60_000;

/** Warns while there is time to do something about it. */
export function ClosingSoon({ sessionId, closesAt }: { sessionId: string; closesAt: string }) {
  const now = useNow(1000);
  const extend = useCommand('files.extend');
  if (Date.parse(closesAt) - now > soonMilliseconds) return null;
  return (
    <Notice intent="warning" title={`This session closes ${timeLeft(closesAt, now)}`}>
      Nobody has used it for a while.{' '}
      <Button
        size="small"
        disabled={extend.isPending}
        onClick={() => extend.mutate({ sessionId, minutes: 30 })}
      >
        Keep it open
      </Button>
    </Notice>
  );
}
