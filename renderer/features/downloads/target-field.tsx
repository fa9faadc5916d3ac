import { Button, Field, Input } from '@fluentui/react-components';
import { useApi } from '../../api/index.ts';
import { pathBelow } from './download-form.ts';
import styles from './download-questions.module.css';

export interface TargetFieldProps {
  readonly kind: 'file' | 'folder';
  /** What the target should be called. */
  readonly name: string;
  readonly path: string;
  readonly onPath: (path: string) => void;
  /** The system's dialog has asked whether this file may be overwritten. */
  readonly onConfirmed: (path: string) => void;
}

/** Where core writes to. The desktop has the system's own dialog for it. */
export function TargetField({ kind, name, path, onPath, onConfirmed }: TargetFieldProps) {
  const { chooseTarget } = useApi().client;
  const choose = async () => {
    const chosen = await chooseTarget?.({ kind, fileName: name });
    if (chosen == null) return;
    const target = kind === 'folder' ? pathBelow(chosen, name) : chosen;
    onPath(target);
    if (kind === 'file') onConfirmed(target);
  };
  return (
    <Field
      label={kind === 'folder' ? 'Folder' : 'File'}
      hint={kind === 'folder' ? 'It is made when it is not there.' : 'The whole path, with the name.'}
      required
    >
      <div className={styles.target}>
        <Input
          className={styles.path}
          value={path}
          spellCheck={false}
          autoComplete="off"
          aria-label={kind === 'folder' ? 'Folder' : 'File'}
          onChange={(_, { value }) => onPath(value)}
        />
        {chooseTarget !== undefined && <Button onClick={() => void choose()}>Choose…</Button>}
      </div>
    </Field>
  );
}
