import { useState } from 'react';
import { CheckField, Form, formatFullTime, Notice, WizardActions } from '../../ui/index.ts';
import type { TargetFormProps } from './target-step.tsx';
import { VerifyField } from './verify-field.tsx';

export function OriginalTargetForm({ point, target, verify, onBack, onDone }: TargetFormProps) {
  const [start, setStart] = useState(target?.kind === 'original-vm' ? target.start : true);
  const [verifyNext, setVerify] = useState(verify);
  return (
    <Form onSubmit={() => onDone({ kind: 'original-vm', start }, verifyNext)}>
      <Notice intent="warning" title={`${point.resourceName} goes back in time`}>
        The machine is stopped and its disks are replaced by those of {formatFullTime(point.takenAt)}. What
        was written since then stays on the replaced disks, which are kept in the resource group. The plan on
        the next page shows every step.
      </Notice>
      <CheckField label="Start the machine after the restore" checked={start} onChange={setStart} />
      <VerifyField verify={verifyNext} onChange={setVerify} />
      <WizardActions next="Make the plan" onBack={onBack} />
    </Form>
  );
}
