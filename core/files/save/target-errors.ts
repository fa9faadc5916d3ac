import { AppError } from '../../contract/index.ts';

/** Errors of the computer that is written to, in the operator's words. Everything else is handed back as it is. */
export function targetError(thrown: unknown, path: string): unknown {
  const code = codeOf(thrown);
  if (thrown instanceof AppError || code === undefined) return thrown;
  const details = { field: 'target', code };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new AppError('quota-exceeded', {
        message: `There is no room left to write ${path}.`,
        hint: 'Make room, or save to another disk. What is written so far is kept.',
        ...{ retryable: true, details, cause: thrown },
      });
    case 'EACCES':
    case 'EPERM':
      return new AppError('permission-denied', {
        message: `This computer does not allow writing ${path}.`,
        hint: 'Choose another folder.',
        ...{ details, cause: thrown },
      });
    case 'EROFS':
      return new AppError('read-only', {
        message: `${path} is on a file system that is read-only.`,
        hint: 'Choose another folder.',
        ...{ details, cause: thrown },
      });
    default:
      return new AppError('invalid-input', {
        message: `${path} cannot be written (${code}).`,
        hint: 'Choose another folder.',
        ...{ details, cause: thrown },
      });
  }
}

/** Why one entry cannot be where it should; undefined when the whole save is concerned. */
export function entryProblem(thrown: unknown): string | undefined {
  switch (codeOf(thrown)) {
    case 'ENAMETOOLONG':
      return 'Its path is too long for this computer.';
    case 'EILSEQ':
    case 'EINVAL':
      return 'This computer does not allow its name.';
    case 'EISDIR':
    case 'ENOTEMPTY':
      return 'A folder stands in its place.';
    case 'ENOTDIR':
      return 'Something that is not a folder stands in its way.';
    default:
      return undefined;
  }
}

export function codeOf(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
