import { AppError, toAppError } from '../../contract/index.ts';

/** Errors that a reader gets when objects of its restore point vanish under it; they name the object or the point. */
function mayBeALostPoint({ code, details }: AppError): boolean {
  return (
    (code === 'not-found' || code === 'damaged') && ['object', 'blob', 'point'].some((key) => key in details)
  );
}

/** A file that cannot be read because its restore point was deleted meanwhile is told so; every other error stays as it is. */
export async function explainLostPoint(error: AppError, provePoint: () => Promise<void>): Promise<AppError> {
  if (!mayBeALostPoint(error)) return error;
  const proof = await provePoint().then(() => null, toAppError);
  if (proof?.code !== 'not-found') return error;
  // Not `not-found`: that would be about one file, which an archive or a folder goes without.
  return new AppError('conflict', {
    message: 'This restore point was deleted while it was open.',
    hint: 'Close this session and open another restore point.',
    details: { ...error.details },
    cause: error,
  });
}
