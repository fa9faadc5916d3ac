import { Field, Select } from '@fluentui/react-components';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { FileRecovery, RestorePoint } from '../../../core/contract/index.ts';
import { useCommand, useProcedure } from '../../api/index.ts';
import {
  Answer,
  BlockSkeleton,
  ChoiceCards,
  ErrorNotice,
  Form,
  Notice,
  Page,
  TextLink,
  TimeText,
  WizardActions,
} from '../../ui/index.ts';

const route = getRouteApi('/files/open/$pointId');
const idleChoices = [
  [15, '15 minutes'],
  [30, '30 minutes'],
  [60, '1 hour'],
  [240, '4 hours'],
  [480, '8 hours'],
] as const;

/** How a restore point is opened for its files. */
export function OpenPointPage() {
  const { pointId } = route.useParams();
  const query = useProcedure('point.get', { pointId });
  const point = query.data;
  return (
    <Page
      title={point === undefined ? 'Browse files' : `Browse files of ${point.resourceName}`}
      above={
        point && (
          <TextLink to="/virtual-machines/id/$" params={{ _splat: point.resourceId.slice(1) }}>
            {point.resourceName}
          </TextLink>
        )
      }
      subtitle={
        point && (
          <>
            As of <TimeText iso={point.takenAt} />
            {point.repositoryName !== null && ` · from ${point.repositoryName}`}
          </>
        )
      }
      width="narrow"
    >
      <Answer
        query={query}
        skeleton={<BlockSkeleton height={280} />}
        errorTitle="The restore point could not be read"
      >
        {(value) => <OpenForm key={value.id} point={value} />}
      </Answer>
    </Page>
  );
}

type Way = 'direct' | 'worker' | 'snapshot';
const ways: Record<Way, Pick<FileRecovery, 'road' | 'source'>> = {
  direct: { road: 'direct', source: 'repository' },
  worker: { road: 'worker', source: 'repository' },
  snapshot: { road: 'worker', source: 'snapshot' },
};

function OpenForm({ point }: { point: RestorePoint }) {
  const navigate = useNavigate();
  const open = useCommand('files.open');
  const inRepository = point.repositoryId !== null;
  const [way, setWay] = useState<Way>(inRepository ? 'direct' : 'snapshot');
  const [idleMinutes, setIdleMinutes] = useState(30);
  const submit = () =>
    open.mutate(
      { pointId: point.id, ...ways[way], idleMinutes },
      { onSuccess: ({ sessionId }) => void navigate({ to: '/files/$sessionId', params: { sessionId } }) },
    );
  const refusal = inRepository ? null : 'This point is not in a repository.';
  return (
    <Form onSubmit={submit}>
      <OpenAlready pointId={point.id} />
      {point.state !== 'ok' && (
        <Notice
          intent="warning"
          title={
            point.state === 'damaged' ? 'This restore point is damaged' : 'This restore point is missing'
          }
        >
          What can still be read is shown; files with damaged blocks are named when they are opened.
        </Notice>
      )}
      <ChoiceCards
        label="How to read it"
        value={way}
        onChange={setWay}
        choices={[
          {
            value: 'direct',
            title: 'Read directly',
            text: 'The computer that runs Cairn reads what is looked at, and nothing else. Open within seconds, no virtual machine, no cost but the transfer.',
            refusal,
          },
          {
            value: 'worker',
            title: 'Through a worker near the repository',
            text: 'Starts a virtual machine in Azure: a few minutes, and its price while it is open. Pays for searching large disks over a slow line, and for sharing a link with a colleague.',
            refusal,
          },
          {
            value: 'snapshot',
            title: 'Through a worker, from the snapshots in Azure',
            text: 'Reads the snapshots that the machine’s newest point keeps, not the repository. For when the repository cannot be reached.',
          },
        ]}
      />
      <Field label="Closes itself when nobody uses it for" style={{ maxWidth: 280 }}>
        <Select value={idleMinutes} onChange={(_, { value }) => setIdleMinutes(Number(value))}>
          {idleChoices.map(([minutes, text]) => (
            <option key={minutes} value={minutes}>
              {text}
            </option>
          ))}
        </Select>
      </Field>
      {open.error !== null && <ErrorNotice title="The restore point was not opened" error={open.error} />}
      <WizardActions next="Open" busy={open.isPending} />
    </Form>
  );
}

function OpenAlready({ pointId }: { pointId: string }) {
  const opened = useProcedure('files.opened', {}).data?.find((one) => one.pointId === pointId);
  if (opened === undefined) return null;
  return (
    <Notice intent="info" title="This restore point is open already">
      <TextLink to="/files/$sessionId" params={{ sessionId: opened.sessionId }}>
        Go on in the open session
      </TextLink>
    </Notice>
  );
}
