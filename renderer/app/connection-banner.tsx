import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useApi } from '../api/index.ts';

/** Shown while nothing that core does can reach the console. */
export function ConnectionBanner() {
  const { connection } = useApi();
  if (connection !== 'lost') return null;
  return (
    <MessageBar intent="warning" shape="square">
      <MessageBarBody>
        <MessageBarTitle>No connection to Cairn</MessageBarTitle>
        What is shown may be out of date. The console reconnects by itself; running sessions go on, or resume
        when Cairn is back.
      </MessageBarBody>
    </MessageBar>
  );
}
