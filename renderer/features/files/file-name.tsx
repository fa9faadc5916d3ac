import { Tooltip } from '@fluentui/react-components';
import { Warning16Regular } from '@fluentui/react-icons';
import type { FileKind } from '../../../core/contract/index.ts';
import { TruncatedText } from '../../ui/index.ts';
import { FileIcon } from './file-icon.tsx';
import styles from './file-name.module.css';
import { visibleName } from './visible-name.ts';

export interface FileNameProps {
  readonly name: string;
  readonly kind: FileKind;
  readonly problem?: string | null;
  readonly linkTarget?: string | null;
}

/** A file's picture and its name, with a mark when it cannot be given out and a link's target behind an arrow. */
export function FileName({ name, kind, problem = null, linkTarget = null }: FileNameProps) {
  return (
    <span className={styles.name}>
      <FileIcon kind={kind} name={name} />
      <TruncatedText text={visibleName(name)} cut="middle" />
      {linkTarget !== null && (
        <span className={styles.target}>
          <TruncatedText text={`→ ${visibleName(linkTarget)}`} />
        </span>
      )}
      {problem !== null && (
        <Tooltip content={problem} relationship="label">
          <span className={styles.problem} role="img">
            <Warning16Regular />
          </span>
        </Tooltip>
      )}
    </span>
  );
}
