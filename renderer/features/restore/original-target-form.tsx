import { Checkbox, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useState } from 'react';
import { Form, formatFullTime, WizardActions } from '../../ui/index.ts';
import styles from './original-target-form.module.css';
import type { TargetFormProps } from './target-step.tsx';
import { VerifyField } from './verify-field.tsx';

export function OriginalTargetForm({ point, target, verify, onBack, onDone }: TargetFormProps) {
  const [start, setStart] = useState(target?.kind === 'original-vm' ? target.start : true);
  const [verifyNext, setVerify] = useState(verify);
  return (
    <Form onSubmit={() => onDone({ kind: 'original-vm', start }, verifyNext)}>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody className={styles.warning}>
          <MessageBarTitle>{point.resourceName} goes back in time</MessageBarTitle>
          <div>
            The machine is stopped and its disks are replaced by those of {formatFullTime(point.takenAt)}.
            What was written since then stays on the replaced disks, which are kept in the resource group. The
            plan on the next page shows every step.
          </div>
        </MessageBarBody>
      </MessageBar>
      <Checkbox
        label="Start the machine after the restore"
        checked={start}
        onChange={(_, { checked }) => setStart(checked === true)}
      />
      <VerifyField verify={verifyNext} onChange={setVerify} />
      <WizardActions next="Make the plan" onBack={onBack} />
    </Form>
  );
}
