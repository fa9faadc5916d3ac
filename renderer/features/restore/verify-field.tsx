import { Checkbox, Field } from '@fluentui/react-components';

export interface VerifyFieldProps {
  readonly verify: boolean;
  readonly onChange: (verify: boolean) => void;
}

/** Whether every restored block is read back and compared. */
export function VerifyField({ verify, onChange }: VerifyFieldProps) {
  return (
    <Field hint="Takes longer. Proves that the restored disks are equal to the restore point.">
      <Checkbox
        label="Verify: read every restored disk back and compare it"
        checked={verify}
        onChange={(_, { checked }) => onChange(checked === true)}
      />
    </Field>
  );
}
