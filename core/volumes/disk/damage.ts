import { AppError } from '../../contract/index.ts';

/** The error for a structure on a guest's disk that contradicts itself or its surroundings. */
export function damaged(structure: string, reason: string): AppError {
  return new AppError('damaged', {
    message: `The disk's ${structure} cannot be trusted: ${reason}.`,
    hint: 'Other files and volumes of this point can still be read; an older point may hold an intact copy.',
    details: { structure, reason },
  });
}

/** The error at the end of a directory of which all but some blocks could be read. */
export function damagedBlocks(count: number): AppError {
  return damaged('directory', `the entries in ${count} of its blocks are lost`);
}

/** True for what is wrong with one thing on a disk, which must not keep anybody from the others. */
export function isUnreadable(thrown: unknown): boolean {
  return (
    thrown instanceof AppError &&
    ['damaged', 'not-found', 'not-supported', 'invalid-input'].includes(thrown.code)
  );
}

/** The error for something that is recognised but that the readers cannot open, named for the operator. */
export function notSupported(what: string, hint?: string): AppError {
  return new AppError('not-supported', {
    message: `${what} cannot be read by file recovery.`,
    hint: hint ?? 'Restore the disk or the virtual machine instead, and take the files from there.',
  });
}

export function notFound(what: string): AppError {
  return new AppError('not-found', { message: `${what} does not exist in this volume.` });
}

export function invalidInput(field: string, reason: string): AppError {
  return new AppError('invalid-input', { message: `${field} ${reason}.`, details: { field } });
}

/** Throws the `cancelled` error once the signal is aborted; call it in every loop that can be long. */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('cancelled', { message: 'The operation was cancelled.' });
}
