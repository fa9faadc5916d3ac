import { useStore } from 'zustand';
import { ChoiceCards, Form, WizardActions } from '../../ui/index.ts';
import { type DraftStore, withKind } from './restore-draft.ts';

const choices = [
  {
    value: 'disks',
    title: 'Disks',
    text: 'New managed disks, attached to nothing. Nothing that exists is touched.',
  },
  {
    value: 'new-vm',
    title: 'A new virtual machine',
    text: 'A second machine beside the original, with a name, size and network of your choice. Nothing that exists is touched.',
  },
  {
    value: 'original-vm',
    title: 'The original place',
    text: 'The machine itself goes back to this restore point: its disks are replaced, and it is re-created when it is gone.',
  },
] as const;

export function KindStep({ store }: { store: DraftStore }) {
  const kind = useStore(store, (draft) => draft.kind);
  return (
    <Form onSubmit={() => store.setState({ step: 'target' })}>
      <ChoiceCards
        label="What to restore"
        value={kind}
        onChange={(value) => store.setState((draft) => withKind(draft, value))}
        choices={choices}
      />
      <WizardActions next="Continue" nextDisabled={kind === null} />
    </Form>
  );
}
