import { AppError } from '../../contract/index.ts';

const namePattern = /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/;

/** Throws `invalid-input` for a name that some store could not keep. */
export function checkObjectName(name: string): void {
  if (name.length <= 200 && namePattern.test(name)) return;
  throw new AppError('invalid-input', {
    message: `"${name.slice(0, 200)}" is not a valid object name.`,
    details: { field: 'name' },
  });
}

export function nameTaken(name: string, cause?: unknown): AppError {
  return new AppError('already-exists', {
    message: `The object ${name} exists already.`,
    details: { object: name },
    cause,
  });
}

export function noSuchObject(name: string, cause?: unknown): AppError {
  return new AppError('not-found', {
    message: `The object ${name} does not exist.`,
    hint: 'Check that nobody deletes objects of the repository from outside.',
    details: { object: name },
    cause,
  });
}
