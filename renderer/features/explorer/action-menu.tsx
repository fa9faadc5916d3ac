import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components';
import {
  ArrowDownloadRegular,
  ArrowUndoRegular,
  BranchCompareRegular,
  CopyRegular,
  EyeRegular,
  HistoryRegular,
  InfoRegular,
  OpenRegular,
} from '@fluentui/react-icons';
import { Fragment, type ReactElement } from 'react';
import { type ActionTarget, actionRefusal, type FileAction, fileActions } from './file-actions.ts';

export const actionWords: Record<
  FileAction,
  { readonly text: string; readonly icon: ReactElement; readonly key?: string }
> = {
  open: { text: 'Open', icon: <OpenRegular />, key: 'Enter' },
  preview: { text: 'Preview', icon: <EyeRegular /> },
  properties: { text: 'Properties', icon: <InfoRegular />, key: 'Alt+Enter' },
  versions: { text: 'Versions', icon: <HistoryRegular /> },
  compare: { text: 'Compare', icon: <BranchCompareRegular /> },
  download: { text: 'Download', icon: <ArrowDownloadRegular /> },
  restore: { text: 'Restore to the machine', icon: <ArrowUndoRegular /> },
  'copy-path': { text: 'Copy path', icon: <CopyRegular />, key: 'Ctrl+Shift+C' },
};

export interface ActionMenuProps {
  /** Where it opens; null: it is closed. */
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly target: ActionTarget;
  readonly onClose: () => void;
  readonly onAction: (action: FileAction) => void;
}

/** The menu of what is selected. */
export function ActionMenu({ at, target, onClose, onAction }: ActionMenuProps) {
  const point = at ?? { x: 0, y: 0 };
  const rectangle = {
    ...point,
    left: point.x,
    right: point.x,
    top: point.y,
    bottom: point.y,
    width: 0,
    height: 0,
  };
  return (
    <Menu
      open={at !== null}
      onOpenChange={(_, { open }) => !open && onClose()}
      positioning={{ target: { getBoundingClientRect: () => rectangle }, position: 'below', align: 'start' }}
    >
      <MenuPopover>
        <MenuList>
          {fileActions.map((action) => (
            <Fragment key={action}>
              {action === 'download' && <MenuDivider />}
              <MenuItem
                icon={actionWords[action].icon}
                secondaryContent={actionWords[action].key}
                disabled={actionRefusal(action, target) !== null}
                onClick={() => onAction(action)}
              >
                {actionWords[action].text}
              </MenuItem>
            </Fragment>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
