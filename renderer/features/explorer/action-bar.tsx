import { Button, Toolbar, Tooltip } from '@fluentui/react-components';
import styles from './action-bar.module.css';
import { actionWords } from './action-menu.tsx';
import { type ActionTarget, actionRefusal, type FileAction } from './file-actions.ts';

const shown: readonly FileAction[] = [
  'download',
  'restore',
  'preview',
  'properties',
  'versions',
  'compare',
  'copy-path',
];

export interface ActionBarProps {
  readonly target: ActionTarget;
  readonly onAction: (action: FileAction) => void;
}

/** The same actions as in the menu, always in sight. With nothing selected they are about the open folder. */
export function ActionBar({ target, onAction }: ActionBarProps) {
  return (
    <Toolbar aria-label="Actions" size="small" className={styles.bar}>
      {shown.map((action) => {
        const { text, icon, key } = actionWords[action];
        const refusal = actionRefusal(action, target);
        const about = refusal ?? (target.count === 0 ? `${text}: the open folder` : text);
        return (
          <Tooltip
            key={action}
            content={key === undefined ? about : `${about} (${key})`}
            relationship="description"
          >
            <Button
              size="small"
              appearance={action === 'download' ? 'primary' : 'subtle'}
              icon={icon}
              disabledFocusable={refusal !== null}
              onClick={() => onAction(action)}
            >
              <span className={action === 'download' || action === 'restore' ? undefined : styles.word}>
                {text}
              </span>
            </Button>
          </Tooltip>
        );
      })}
    </Toolbar>
  );
}
