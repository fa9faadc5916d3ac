import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { toAppError } from '../../core/contract/index.ts';
import { ErrorNotice, Page } from '../ui/index.ts';

/** A page that could not be drawn: the rest of the console stays usable. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Page title="This page failed">
      <ErrorNotice error={toAppError(error)} onRetry={retry} />
    </Page>
  );
}
