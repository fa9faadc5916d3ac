import { useState } from 'react';
import { useStore } from 'zustand';
import { Page, TextLink, Wizard } from '../../ui/index.ts';
import { EncryptionStep } from './encryption-step.tsx';
import { FolderStep } from './folder-step.tsx';
import { PlaceStep } from './place-step.tsx';
import { createDraftStore, type DraftStore, type Step, stepsFor } from './repository-draft.ts';
import { ReviewStep } from './review-step.tsx';

const titles: Record<Step, string> = {
  place: 'Place',
  folder: 'What is there',
  encryption: 'Encryption',
  review: 'Review',
};

export function AddRepositoryPage() {
  const [store] = useState(createDraftStore);
  const step = useStore(store, (draft) => draft.step);
  const inspection = useStore(store, (draft) => draft.inspection);
  const steps = stepsFor(inspection);
  return (
    <Page
      title="Add repository"
      above={<TextLink to="/repositories">Repositories</TextLink>}
      subtitle="A folder in a blob container of your own. Existing repositories can be opened again here."
      width="narrow"
    >
      <Wizard
        steps={steps.map((one) => titles[one])}
        current={steps.indexOf(step)}
        onStep={(index) => store.setState({ step: steps[index] ?? 'place' })}
      >
        <StepContent step={step} store={store} />
      </Wizard>
    </Page>
  );
}

function StepContent({ step, store }: { step: Step; store: DraftStore }) {
  switch (step) {
    case 'place':
      return <PlaceStep store={store} />;
    case 'folder':
      return <FolderStep store={store} />;
    case 'encryption':
      return <EncryptionStep store={store} />;
    case 'review':
      return <ReviewStep store={store} />;
  }
}
