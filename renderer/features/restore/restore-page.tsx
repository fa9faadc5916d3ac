import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { RestorePoint } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import {
  Answer,
  BlockSkeleton,
  BytesText,
  EmptyState,
  Page,
  TextLink,
  TimeText,
  Wizard,
} from '../../ui/index.ts';
import { KindStep } from './kind-step.tsx';
import { createDraftStore, type Step, steps } from './restore-draft.ts';
import { ReviewStep } from './review-step.tsx';
import { TargetStep } from './target-step.tsx';

const route = getRouteApi('/restore/$pointId');
const titles: Record<Step, string> = { kind: 'What to restore', target: 'Where to', review: 'Review' };

export function RestorePage() {
  const { pointId } = route.useParams();
  const query = useProcedure('point.get', { pointId });
  const point = query.data;
  return (
    <Page
      title={point === undefined ? 'Restore' : `Restore ${point.resourceName}`}
      above={
        <>
          <TextLink to="/virtual-machines">Virtual machines</TextLink>
          {point !== undefined && (
            <>
              <span aria-hidden="true">/</span>
              <TextLink to="/virtual-machines/id/$" params={{ _splat: point.resourceId.slice(1) }}>
                {point.resourceName}
              </TextLink>
            </>
          )}
        </>
      }
      subtitle={point && <PointLine point={point} />}
      width="narrow"
    >
      <Answer
        query={query}
        skeleton={<BlockSkeleton height={360} />}
        errorTitle="The restore point could not be read"
      >
        {(value) =>
          value.state === 'ok' ? (
            <RestoreWizard key={value.id} point={value} />
          ) : (
            <EmptyState
              title={
                value.state === 'damaged' ? 'This restore point is damaged' : 'This restore point is missing'
              }
              text="It cannot be restored as a whole. Choose another restore point of the machine."
            />
          )
        }
      </Answer>
    </Page>
  );
}

function PointLine({ point }: { point: RestorePoint }) {
  return (
    <>
      Back to <TimeText iso={point.takenAt} /> · {point.disks.length}{' '}
      {point.disks.length === 1 ? 'disk' : 'disks'}, <BytesText bytes={point.diskBytes} />
      {point.repositoryName !== null && ` · from ${point.repositoryName}`}
    </>
  );
}

function RestoreWizard({ point }: { point: RestorePoint }) {
  const [store] = useState(createDraftStore);
  const step = useStore(store, (draft) => draft.step);
  return (
    <Wizard
      steps={steps.map((one) => titles[one])}
      current={steps.indexOf(step)}
      onStep={(index) => store.setState({ step: steps[index] ?? 'kind' })}
    >
      {step === 'kind' && <KindStep store={store} />}
      {step === 'target' && <TargetStep store={store} point={point} />}
      {step === 'review' && <ReviewStep store={store} point={point} />}
    </Wizard>
  );
}
