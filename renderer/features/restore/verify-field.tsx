import { CheckField } from '../../ui/index.ts';

export interface VerifyFieldProps {
  readonly verify: boolean;
  readonly onChange: (verify: boolean) => void;
}

/** Whether every restored block is read back and compared. */
export function VerifyField({ verify, onChange }: VerifyFieldProps) {
  return (
    <CheckField
      label="Verify: read every restored disk back and compare it"
      note="Takes longer. Proves that the restored disks are equal to the restore point."
      checked={verify}
      onChange={onChange}
    />
  );
}
