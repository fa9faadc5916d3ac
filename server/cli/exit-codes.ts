import type { ErrorCode } from '../../core/contract/index.ts';

/** What scripts can rely on. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  invalidInput: 2,
  notFound: 3,
  signIn: 4,
  cancelled: 5,
  conflict: 6,
  tryAgain: 7,
} as const;

const byCode: Readonly<Partial<Record<ErrorCode, number>>> = {
  'invalid-input': exitCodes.invalidInput,
  'not-found': exitCodes.notFound,
  'not-signed-in': exitCodes.signIn,
  'sign-in-failed': exitCodes.signIn,
  'permission-denied': exitCodes.signIn,
  'wrong-password': exitCodes.signIn,
  cancelled: exitCodes.cancelled,
  conflict: exitCodes.conflict,
  'already-exists': exitCodes.conflict,
  'repository-foreign': exitCodes.conflict,
  'repository-owned': exitCodes.conflict,
  'repository-locked': exitCodes.conflict,
  throttled: exitCodes.tryAgain,
  unreachable: exitCodes.tryAgain,
  timeout: exitCodes.tryAgain,
  'capacity-unavailable': exitCodes.tryAgain,
};

export function exitCodeOf(code: ErrorCode): number {
  return byCode[code] ?? exitCodes.failed;
}

/** The table of `cairn --help`. */
export const exitCodeHelp = `
Exit codes:
  0  done
  1  failed
  2  invalid input or usage
  3  no such virtual machine, restore point, repository, ...
  4  sign-in, permission or password refused
  5  cancelled
  6  conflict: already exists, owned by another installation, or data directory in use
  7  throttled, unreachable or no capacity: the same command may succeed later`;
