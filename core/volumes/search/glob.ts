import { invalidInput } from '../disk/index.ts';

const LONGEST = 4096;

/** Whether a text matches; both are to be in the same case. */
export type GlobTest = (text: string) => boolean;

/**
 * A test for a pattern of `*` (anything), `?` (one character) and other characters. It takes at most
 * pattern times text steps, whatever the pattern.
 * @throws AppError `invalid-input` when the pattern is too long
 */
export function globTest(pattern: string): GlobTest {
  if (pattern.length > LONGEST) throw invalidInput('pattern', 'is too long');
  const wanted = Array.from(pattern);
  return (text) => matches(wanted, Array.from(text));
}

/**
 * A test of whole paths for a pattern with slashes: `*` and `?` stay within one part, `**` stands for any
 * number of parts. A pattern that does not start with a slash may begin at any part.
 */
export function pathGlobTest(pattern: string): GlobTest {
  const anchored = pattern.startsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  const tests = (anchored ? parts : ['**', ...parts]).map((part) =>
    part === '**' ? undefined : globTest(part),
  );
  return (path) =>
    partsMatch(
      tests,
      path.split('/').filter((part) => part !== ''),
    );
}

/** Goes on from the last `*` only, which is enough: an earlier one cannot match more than that one can. */
function matches(pattern: readonly string[], text: readonly string[]): boolean {
  let [at, inText, star, from] = [0, 0, -1, 0];
  while (inText < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at++;
      from = inText;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[inText])) {
      at++;
      inText++;
    } else if (star >= 0) {
      at = star + 1;
      inText = ++from;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** The same with parts for characters; undefined stands for `**`. */
function partsMatch(tests: readonly (GlobTest | undefined)[], parts: readonly string[]): boolean {
  let [at, inParts, star, from] = [0, 0, -1, 0];
  while (inParts < parts.length) {
    const test = tests[at];
    if (at < tests.length && test === undefined) {
      star = at++;
      from = inParts;
    } else if (test?.(parts[inParts] ?? '')) {
      at++;
      inParts++;
    } else if (star >= 0) {
      at = star + 1;
      inParts = ++from;
    } else return false;
  }
  while (at < tests.length && tests[at] === undefined) at++;
  return at === tests.length;
}
