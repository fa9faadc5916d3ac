import { Button } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import type { RestorePoint } from '../../../core/contract/index.ts';

/** Opens the newest restore point for its files; not there while there is none. */
export function RecoverFiles({ points }: { points: readonly RestorePoint[] }) {
  const navigate = useNavigate();
  const newest = points
    .filter(({ state }) => state === 'ok')
    .reduce<RestorePoint | null>(
      (best, point) => (best === null || point.takenAt > best.takenAt ? point : best),
      null,
    );
  if (newest === null) return null;
  return (
    <Button onClick={() => void navigate({ to: '/files/open/$pointId', params: { pointId: newest.id } })}>
      Recover files
    </Button>
  );
}
