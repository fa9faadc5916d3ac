import { AppError, toAppError } from '../../contract/index.ts';

/** Errors that a reader gets when objects of its restore point vanish under it; they name the object. */
function mayBeALostPoint({ code, details }: AppError): boolean {
  return (code === 'not-found' || code === 'damaged') && (details['object'] ?? details['blob']) !== undefined;
}

/** A file that cannot be read because its restore point was deleted meanwhile is told so; every other error stays as it is. */
export async function explainLostPoint(error: AppError, provePoint: () => Promise<void>): Promise<AppError> {
  if (!mayBeALostPoint(error)) return error;
  const proof = await provePoint().then(() => null, toAppError);
  if (proof?.code !== 'not-found') return error;
  return new AppError('not-found', {
    message: 'This restore point was deleted while it was open.',
    hint: 'Close this session and open another restore point.',
    details: { ...error.details },
    cause: error,
  });
}
