import { AppError } from '../contract/index.ts';

/** The error for what the operator asked for in a form that cannot be. */
export function invalidInput(field: string, reason: string): AppError {
  return new AppError('invalid-input', { message: `${field} ${reason}.`, details: { field } });
}

export function noSuchVolume(volumeId: string): AppError {
  return new AppError('not-found', {
    message: `This restore point has no volume ${volumeId}.`,
    details: { field: 'volumeId' },
  });
}

/** A service that was closed, or that a session gave up, takes no more calls. */
export function serviceClosed(): AppError {
  return new AppError('cancelled', {
    message: 'The restore point is no longer open for its files.',
    hint: 'Open it again.',
  });
}
