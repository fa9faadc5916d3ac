import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Field,
  Radio,
  RadioGroup,
  Tooltip,
} from '@fluentui/react-components';
import { useId, useState } from 'react';
import type { RestorePoint, VirtualMachine } from '../../../core/contract/index.ts';
import { useCommand, useProcedure } from '../../api/index.ts';
import { Answer, BlockSkeleton, ErrorNotice, formatBytes, TextLink } from '../../ui/index.ts';
import styles from './back-up-now.module.css';
import { type RepositoryChoice, repositoryChoices } from './repository-choices.ts';

export interface BackUpNowProps {
  readonly vm: VirtualMachine;
  readonly points: readonly RestorePoint[];
}

/** The button and its dialog: into which repository, then go. */
export function BackUpNow({ vm, points }: BackUpNowProps) {
  const [open, setOpen] = useState(false);
  const refusal = refusalFor(vm);
  if (refusal !== null) {
    return (
      <Tooltip content={refusal} relationship="description">
        <Button appearance="primary" disabledFocusable>
          Back up now
        </Button>
      </Tooltip>
    );
  }
  return (
    <Dialog open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button appearance="primary">Back up now</Button>
      </DialogTrigger>
      <DialogSurface className={styles.surface}>
        <BackUpDialog vm={vm} points={points} onDone={() => setOpen(false)} />
      </DialogSurface>
    </Dialog>
  );
}

/** Why no backup can be started now, or null. */
function refusalFor(vm: VirtualMachine): string | null {
  if (vm.protection.state === 'not-supported')
    return vm.protection.reason ?? 'This machine cannot be backed up.';
  if (vm.protection.runningSessionId !== null) return 'A session for this machine is running.';
  return null;
}

function BackUpDialog({ vm, points, onDone }: BackUpNowProps & { onDone: () => void }) {
  const query = useProcedure('repository.list', {});
  const start = useCommand('backup.start');
  const [picked, setPicked] = useState<string | null>(null);
  const choices = repositoryChoices(query.data ?? [], points, vm.region);
  const chosen = picked ?? choices.find(({ refusal }) => refusal === null)?.repository.id ?? null;
  const submit = () =>
    chosen !== null &&
    start.mutate({ resourceId: vm.resourceId, repositoryId: chosen }, { onSuccess: onDone });

  return (
    <DialogBody>
      <DialogTitle>Back up {vm.name}</DialogTitle>
      <DialogContent className={styles.content}>
        <p className={styles.lead}>
          Takes a snapshot of {vm.disks.length === 1 ? 'its disk' : `its ${vm.disks.length} disks`} at one
          moment ({formatBytes(vm.diskBytes)} together) and stores it in a repository. The machine keeps
          running.
        </p>
        <Answer
          query={query}
          skeleton={<BlockSkeleton height={96} />}
          errorTitle="The repositories could not be read"
        >
          {() =>
            choices.length === 0 ? (
              <p>
                There is no repository yet. <TextLink to="/repositories/add">Add a repository</TextLink>{' '}
                first; it is where backups are kept.
              </p>
            ) : (
              <Field label="Repository">
                <RadioGroup value={chosen ?? ''} onChange={(_, { value }) => setPicked(value)}>
                  {choices.map((choice) => (
                    <Choice key={choice.repository.id} choice={choice} />
                  ))}
                </RadioGroup>
              </Field>
            )
          }
        </Answer>
        {start.error !== null && <ErrorNotice title="The backup could not be started" error={start.error} />}
      </DialogContent>
      <DialogActions>
        <DialogTrigger disableButtonEnhancement>
          <Button>Close</Button>
        </DialogTrigger>
        <Button appearance="primary" disabled={chosen === null || start.isPending} onClick={submit}>
          {start.isPending ? 'Starting…' : 'Back up'}
        </Button>
      </DialogActions>
    </DialogBody>
  );
}

function Choice({ choice: { repository, refusal, notes } }: { choice: RepositoryChoice }) {
  const noteId = useId();
  return (
    <Radio
      value={repository.id}
      disabled={refusal !== null}
      aria-describedby={noteId}
      label={
        <span className={styles.choice}>
          <span className={styles.name}>{repository.name}</span>
          <span className={styles.note} id={noteId}>
            {refusal ?? notes.join(' · ')}
          </span>
        </span>
      }
    />
  );
}
