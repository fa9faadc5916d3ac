import { useStore } from 'zustand';
import type { RestorePoint, RestoreTarget } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { Answer, BlockSkeleton, EmptyState, TextLink } from '../../ui/index.ts';
import { DisksTargetForm } from './disks-target-form.tsx';
import { NewVmTargetForm } from './new-vm-target-form.tsx';
import { OriginalTargetForm } from './original-target-form.tsx';
import type { DraftStore } from './restore-draft.ts';

export interface TargetFormProps {
  readonly point: RestorePoint;
  readonly target: RestoreTarget | null;
  readonly verify: boolean;
  readonly onBack: () => void;
  readonly onDone: (target: RestoreTarget, verify: boolean) => void;
}

/** The fields that the chosen kind of restore needs. */
export function TargetStep({ store, point }: { store: DraftStore; point: RestorePoint }) {
  const { kind, target, verify } = useStore(store);
  const props: TargetFormProps = {
    point,
    target,
    verify,
    onBack: () => store.setState({ step: 'kind' }),
    onDone: (next, verifyNext) => store.setState({ step: 'review', target: next, verify: verifyNext }),
  };
  return kind === 'original-vm' ? (
    <OriginalTargetForm {...props} />
  ) : (
    <ElsewhereForm {...props} kind={kind} />
  );
}

function ElsewhereForm({ kind, ...props }: TargetFormProps & { kind: 'disks' | 'new-vm' | null }) {
  const query = useProcedure('restore.places', { pointId: props.point.id });
  return (
    <Answer
      query={query}
      skeleton={<BlockSkeleton height={360} />}
      errorTitle="The possible targets could not be read"
    >
      {(places) => {
        if (places.length === 0) {
          return (
            <EmptyState
              size="small"
              title="Nowhere to restore to"
              text="None of your accounts can read a subscription. Sign in with an account that may create disks."
              action={<TextLink to="/accounts">Show accounts</TextLink>}
            />
          );
        }
        if (kind === 'new-vm') return <NewVmTargetForm {...props} places={places} />;
        return <DisksTargetForm {...props} places={places} />;
      }}
    </Answer>
  );
}
