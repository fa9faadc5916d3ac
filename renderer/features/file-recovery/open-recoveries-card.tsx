import type { FileRecovery } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { Card, TextLink } from '../../ui/index.ts';
import { OpenRecoveries } from './open-recoveries.tsx';

/** The restore points that are open for their files; nothing while there are none. */
export function OpenRecoveriesCard() {
  const opened: readonly FileRecovery[] = useProcedure('files.opened', {}).data ?? [];
  if (opened.length === 0) return null;
  return (
    <Card
      title="Open for file recovery"
      inset="flush"
      actions={<TextLink to="/file-recovery">Show all</TextLink>}
    >
      <OpenRecoveries recoveries={opened} />
    </Card>
  );
}
