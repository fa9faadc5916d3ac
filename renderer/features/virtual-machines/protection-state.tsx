import { Tooltip } from '@fluentui/react-components';
import type { VirtualMachine } from '../../../core/contract/index.ts';
import { StateMark, TextLink } from '../../ui/index.ts';
import { protectionTones, protectionWords } from './vm-words.ts';

/** Whether a machine is protected, that something runs for it now, that its last run failed, or why it cannot be. */
export function ProtectionState({ vm }: { vm: VirtualMachine }) {
  const { state, reason, runningSessionId, lastFailedSessionId } = vm.protection;
  const mark = <StateMark tone={protectionTones[state]} text={protectionWords[state]} />;
  if (reason !== null) {
    return (
      <Tooltip content={reason} relationship="description">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be reachable by keyboard */}
        <span tabIndex={0}>{mark}</span>
      </Tooltip>
    );
  }
  return (
    <>
      {mark}
      {runningSessionId !== null && (
        <TextLink to="/sessions/$sessionId" params={{ sessionId: runningSessionId }}>
          Running
        </TextLink>
      )}
      {runningSessionId === null && lastFailedSessionId !== null && (
        <TextLink to="/sessions/$sessionId" params={{ sessionId: lastFailedSessionId }}>
          Last failed
        </TextLink>
      )}
    </>
  );
}
