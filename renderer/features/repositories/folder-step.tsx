import { useStore } from 'zustand';
import type { FolderInspection, Repository } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import {
  Answer,
  BlockSkeleton,
  ChoiceCards,
  Form,
  formatFullTime,
  Notice,
  TextLink,
  WizardActions,
} from '../../ui/index.ts';
import styles from './folder-step.module.css';
import {
  type DraftStore,
  type Mode,
  modesFor,
  type PlaceForm,
  repositoryAt,
  stepsFor,
} from './repository-draft.ts';

const modeChoices: Record<'attach' | 'take-over', { readonly title: string; readonly text: string }> = {
  attach: {
    title: 'Attach read-only',
    text: 'Restore from its restore points. Nothing is written, the owner goes on undisturbed.',
  },
  'take-over': {
    title: 'Take over',
    text: 'This installation becomes the owner and writes new backups. The former owner can only read from then on. Do this only when the former owner is gone.',
  },
};

/** Shows what the folder holds, and asks what to do with it where there is a choice. */
export function FolderStep({ store }: { store: DraftStore }) {
  const place = useStore(store, (draft) => draft.place);
  return place === null ? null : <Inspection store={store} place={place} />;
}

function Inspection({ store, place }: { store: DraftStore; place: PlaceForm }) {
  const { storageAccountId, container, folder } = place;
  const query = useProcedure('repository.inspectFolder', { storageAccountId, container, folder });
  return (
    <Answer query={query} skeleton={<BlockSkeleton height={140} />} errorTitle="The folder could not be read">
      {(inspection) => <Found store={store} place={place} inspection={inspection} />}
    </Answer>
  );
}

interface FoundProps {
  readonly store: DraftStore;
  readonly place: PlaceForm;
  readonly inspection: FolderInspection;
}

function Found({ store, place, inspection }: FoundProps) {
  const picked = useStore(store, (draft) => draft.mode);
  const repositories = useProcedure('repository.list', {});
  const known = repositoryAt(repositories.data ?? [], place);
  const modes = known === undefined ? modesFor(inspection) : [];
  const mode =
    modes.length === 1 ? (modes[0] ?? null) : picked !== null && modes.includes(picked) ? picked : null;
  const back = () => store.setState({ step: 'place' });
  const submit = () => {
    const next = stepsFor(inspection)[2];
    if (mode !== null && next !== undefined) store.setState({ step: next, inspection, mode });
  };
  return (
    <Form onSubmit={submit}>
      {known === undefined ? <Finding place={place} inspection={inspection} /> : <Known repository={known} />}
      {modes.length > 1 && (
        <ChoiceCards<Mode>
          label="What to do with the repository"
          value={mode}
          onChange={(value) => store.setState({ mode: value })}
          choices={(['attach', 'take-over'] as const).map((value) => ({ value, ...modeChoices[value] }))}
        />
      )}
      <WizardActions next="Continue" nextDisabled={mode === null} onBack={back} />
    </Form>
  );
}

function Known({ repository }: { repository: Repository }) {
  return (
    <Notice intent="info" title="Added already">
      This folder is the repository{' '}
      <TextLink to="/repositories/$repositoryId" params={{ repositoryId: repository.id }}>
        {repository.name}
      </TextLink>
      . Go back and choose another folder for a new one.
    </Notice>
  );
}

function Finding({ place, inspection }: Omit<FoundProps, 'store'>) {
  const where = place.folder === '' ? `Container “${place.container}”` : `Folder “${place.folder}”`;
  switch (inspection.state) {
    case 'no-container':
      return (
        <Notice intent="info" title="A new container">
          Container “{place.container}” does not exist yet. It will be created, and a new repository in it.
        </Notice>
      );
    case 'empty':
      return (
        <Notice intent="success" title="Empty and ready">
          {where} holds nothing. A new repository will be created in it.
        </Notice>
      );
    case 'other-data':
      return (
        <Notice intent="error" title="Something else is here">
          {where} holds data that is not a repository. Go back and choose an empty folder. Found, for example:
          <ul className={styles.sample}>
            {inspection.sample.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </Notice>
      );
    case 'repository':
      return inspection.ours ? (
        <Notice intent="success" title="A repository of this installation">
          {where} holds a repository that this installation owns. It will be opened again with all its restore
          points.
        </Notice>
      ) : (
        <Notice intent="warning" title="A repository of another installation">
          {inspection.owner === null
            ? `${where} holds a repository without an owner on record.`
            : `${where} holds a repository owned by “${inspection.owner.name}” since ${formatFullTime(inspection.owner.since)}.`}
        </Notice>
      );
  }
}
