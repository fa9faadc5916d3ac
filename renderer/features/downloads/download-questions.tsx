import { Button, DialogActions, DialogBody, DialogContent, DialogTitle } from '@fluentui/react-components';
import { useState } from 'react';
import { useApi, useProcedure } from '../../api/index.ts';
import { CheckField, ChoiceCards, ErrorNotice } from '../../ui/index.ts';
import { visibleName } from '../files/index.ts';
import type { DownloadSubject } from './download-dialog.tsx';
import {
  type FormChoice,
  formChoices,
  formOf,
  pathBelow,
  suggestedName,
  type WhereTo,
  withName,
} from './download-form.ts';
import styles from './download-questions.module.css';
import { TargetField } from './target-field.tsx';
import { useDownloadStart } from './use-download-start.ts';

const words: Record<FormChoice, { readonly title: string; readonly text: string }> = {
  file: { title: 'The file as it is', text: 'Its bytes and nothing else; can be resumed.' },
  zip: { title: 'A zip archive', text: 'Opens everywhere. Keeps times, not owners.' },
  tar: { title: 'A tar archive', text: 'Keeps owners, permissions, links and exact times.' },
  folder: { title: 'Folders as they are', text: 'Written below one folder; can be paused and resumed.' },
};

export interface DownloadQuestionsProps {
  readonly subject: DownloadSubject;
  readonly sessionId: string;
  readonly onClose: () => void;
}

export function DownloadQuestions({ subject, sessionId, onClose }: DownloadQuestionsProps) {
  const streams = useApi().client.downloadAddress !== undefined;
  const folder = useProcedure('app.info', {}).data?.downloadsFolder ?? '';
  const [where, setWhere] = useState<WhereTo>(streams ? 'browser' : 'path');
  const choices = formChoices(subject.single, where);
  const [picked, setPicked] = useState<FormChoice | null>(null);
  const choice = choices.find((one) => one === picked) ?? choices[0] ?? 'zip';
  const name = suggestedName({ ...subject, choice });
  const [typed, setTyped] = useState<string | null>(null);
  const path = typed ?? pathBelow(folder, name);
  /** A path that was confirmed to be overwritten, in the system's dialog or here. */
  const [replace, setReplace] = useState<string | null>(null);
  const start = useDownloadStart(onClose);
  const exists = start.error?.code === 'already-exists';
  const choose = (next: FormChoice) => {
    setPicked(next);
    if (typed !== null) setTyped(withName(typed, suggestedName({ ...subject, choice: next })));
  };
  const submit = () =>
    start.submit({
      sessionId,
      items: [...subject.places],
      form: formOf(choice),
      target:
        where === 'browser'
          ? { kind: 'stream' }
          : { kind: 'path', path: path.trim(), replace: replace === path },
    });

  return (
    <DialogBody>
      <DialogTitle>{titleOf(subject)}</DialogTitle>
      <DialogContent className={styles.content}>
        <div>
          <h3 className={styles.question}>As</h3>
          <ChoiceCards
            label="As"
            value={choice}
            onChange={choose}
            choices={choices.map((value) => ({ value, ...words[value] }))}
          />
        </div>
        {streams && (
          <div>
            <h3 className={styles.question}>To</h3>
            <ChoiceCards
              label="To"
              value={where}
              onChange={setWhere}
              choices={[
                { value: 'browser', title: 'This browser’s downloads', text: 'Goes over this connection.' },
                {
                  value: 'path',
                  title: 'The computer that runs Cairn',
                  text: 'Goes on when the browser is closed; survives a restart.',
                },
              ]}
            />
          </div>
        )}
        {where === 'path' && (
          <TargetField
            kind={choice === 'folder' ? 'folder' : 'file'}
            name={name}
            path={path}
            onPath={setTyped}
            onConfirmed={setReplace}
          />
        )}
        {start.error !== null && <ErrorNotice title="The download was not started" error={start.error} />}
        {exists && (
          <CheckField
            label="Replace what is there"
            checked={replace === path}
            onChange={(checked) => setReplace(checked ? path : null)}
          />
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          appearance="primary"
          disabled={start.busy || (where === 'path' && path.trim() === '')}
          onClick={submit}
        >
          {start.busy ? 'Starting…' : 'Download'}
        </Button>
      </DialogActions>
    </DialogBody>
  );
}

function titleOf({ single, places }: DownloadSubject): string {
  if (single === null) return `Download ${places.length.toLocaleString('en')} items`;
  return single.name === '/' ? 'Download the whole volume' : `Download “${visibleName(single.name)}”`;
}
