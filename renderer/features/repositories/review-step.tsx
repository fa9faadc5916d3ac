import { useNavigate } from '@tanstack/react-router';
import { useStore } from 'zustand';
import { useCommand } from '../../api/index.ts';
import { ErrorNotice, Facts, Form, WizardActions } from '../../ui/index.ts';
import { type DraftStore, type RepositoryDraft, stepsFor, toAddInput } from './repository-draft.ts';

/** What will be done, in full; then it is done, in a session. */
export function ReviewStep({ store }: { store: DraftStore }) {
  const navigate = useNavigate();
  const add = useCommand('repository.add');
  const draft = useStore(store);
  const input = toAddInput(draft);
  const submit = () => {
    if (input === null) return;
    add.mutate(input, {
      onSuccess: ({ sessionId }) => void navigate({ to: '/sessions/$sessionId', params: { sessionId } }),
    });
  };
  return (
    <Form onSubmit={submit}>
      <Facts
        facts={[
          { name: 'Name', value: draft.place?.name },
          { name: 'What happens', value: purpose(draft) },
          { name: 'Storage account', value: draft.storageAccount?.name },
          { name: 'Region', value: draft.storageAccount?.region },
          {
            name: 'Container',
            value: `${draft.place?.container}${input?.createContainer === true ? ' (will be created)' : ''}`,
          },
          { name: 'Folder', value: draft.place?.folder || 'Whole container' },
          { name: 'Encryption', value: input?.encryption.kind === 'password' ? 'With a password' : 'None' },
        ]}
      />
      {add.error !== null && <ErrorNotice title="The repository was not added" error={add.error} />}
      <WizardActions
        next="Add repository"
        busy={add.isPending}
        nextDisabled={input === null}
        onBack={() => store.setState({ step: stepsFor(draft.inspection).at(-2) ?? 'folder' })}
      />
    </Form>
  );
}

function purpose({ mode, inspection }: RepositoryDraft): string {
  if (mode === 'attach') return 'The repository is attached read-only.';
  if (mode === 'take-over') return 'The repository is taken over: this installation becomes its owner.';
  return inspection?.state === 'repository'
    ? 'The repository is opened again.'
    : 'A new repository is created.';
}
