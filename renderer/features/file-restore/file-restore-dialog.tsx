import { Dialog, DialogSurface } from '@fluentui/react-components';
import { useState } from 'react';
import type { FilePlace, FileRecovery, ProcedureInput } from '../../../core/contract/index.ts';
import { RestoreReview } from './restore-review.tsx';
import { RestoreTargetQuestions } from './restore-target-questions.tsx';

export type RestoreChoices = Pick<ProcedureInput<'files.restorePlan'>, 'target' | 'existing'>;

export interface FileRestoreDialogProps {
  readonly recovery: FileRecovery;
  readonly items: { readonly places: readonly FilePlace[] };
  readonly onClose: () => void;
  /** Where files cannot be put back they can still be downloaded. */
  readonly onDownload: () => void;
}

/** Where in the machine, then what would happen, then go. */
export function FileRestoreDialog({ recovery, items, onClose, onDownload }: FileRestoreDialogProps) {
  const [choices, setChoices] = useState<RestoreChoices>({ target: { kind: 'original' }, existing: 'keep' });
  const [reviewing, setReviewing] = useState(false);
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface style={{ maxWidth: 680 }}>
        {reviewing ? (
          <RestoreReview
            input={{ sessionId: recovery.sessionId, items: [...items.places], ...choices }}
            resourceName={recovery.resourceName}
            onBack={() => setReviewing(false)}
            onDownload={onDownload}
          />
        ) : (
          <RestoreTargetQuestions
            resourceName={recovery.resourceName}
            count={items.places.length}
            choices={choices}
            onClose={onClose}
            onDone={(next) => {
              setChoices(next);
              setReviewing(true);
            }}
          />
        )}
      </DialogSurface>
    </Dialog>
  );
}
