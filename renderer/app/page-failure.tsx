import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { AppError } from '../../core/contract/index.ts';
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
      <ErrorNotice error={failureOf(error)} onRetry={retry} />
    </Page>
  );
}

function failureOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('internal', {
    message: 'This page could not be shown.',
    hint: 'Try again. If it fails again, reload the console; running sessions are not affected.',
    details: { reason: error instanceof Error ? error.message : String(error) },
  });
}
