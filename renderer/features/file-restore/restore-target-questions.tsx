import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  Field,
  Input,
} from '@fluentui/react-components';
import { useState } from 'react';
import { ChoiceCards } from '../../ui/index.ts';
import styles from './file-restore.module.css';
import type { RestoreChoices } from './file-restore-dialog.tsx';

export interface RestoreTargetQuestionsProps {
  readonly resourceName: string;
  readonly count: number;
  readonly choices: RestoreChoices;
  readonly onClose: () => void;
  readonly onDone: (choices: RestoreChoices) => void;
}

export function RestoreTargetQuestions({
  resourceName,
  count,
  choices,
  onClose,
  onDone,
}: RestoreTargetQuestionsProps) {
  const [kind, setKind] = useState(choices.target.kind);
  const [path, setPath] = useState(choices.target.kind === 'folder' ? choices.target.path : '');
  const [existing, setExisting] = useState(choices.existing ?? 'keep');
  const complete = kind === 'original' || path.trim() !== '';
  const next = () =>
    onDone({ target: kind === 'original' ? { kind } : { kind, path: path.trim() }, existing });
  return (
    <DialogBody>
      <DialogTitle>
        Restore {count === 1 ? 'an item' : `${count.toLocaleString('en')} items`} to {resourceName}
      </DialogTitle>
      <DialogContent className={styles.content}>
        <div>
          <h3 className={styles.question}>Where to</h3>
          <ChoiceCards
            label="Where to"
            value={kind}
            onChange={setKind}
            choices={[
              {
                value: 'original',
                title: 'Where they were',
                text: 'Every item goes back to its place in the machine.',
              },
              {
                value: 'folder',
                title: 'Another folder of the machine',
                text: 'Nothing that is there now can be overwritten by mistake.',
              },
            ]}
          />
        </div>
        {kind === 'folder' && (
          <Field
            label="Folder in the machine"
            hint="Such as /root/recovered; it is made if it is missing"
            required
          >
            <Input
              value={path}
              spellCheck={false}
              autoComplete="off"
              onChange={(_, { value }) => setPath(value)}
            />
          </Field>
        )}
        <div>
          <h3 className={styles.question}>Files that are there already</h3>
          <ChoiceCards
            label="Files that are there already"
            value={existing}
            onChange={setExisting}
            choices={[
              { value: 'keep', title: 'Keep them', text: 'Only what is missing is put back.' },
              {
                value: 'overwrite',
                title: 'Overwrite them',
                text: 'What the machine has now under these names is lost.',
              },
            ]}
          />
        </div>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button appearance="primary" disabled={!complete} onClick={next}>
          Review
        </Button>
      </DialogActions>
    </DialogBody>
  );
}
