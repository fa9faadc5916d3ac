/**
 * Does the work for each part at the same time and answers what succeeded. One part that cannot be read must not hide
 * the others; `onError` hears of it. Throws the first error only when every part failed.
 */
export async function collectParts<Part, Result>(
  parts: readonly Part[],
  work: (part: Part) => Promise<Result>,
  onError: (part: Part, error: unknown) => void,
): Promise<Result[]> {
  const settled = await Promise.allSettled(parts.map(work));
  const results: Result[] = [];
  const errors: unknown[] = [];
  settled.forEach((outcome, position) => {
    if (outcome.status === 'fulfilled') {
      results.push(outcome.value);
      return;
    }
    errors.push(outcome.reason);
    const part = parts[position];
    if (part !== undefined) onError(part, outcome.reason);
  });
  if (errors.length > 0 && results.length === 0) throw errors[0];
  return results;
}
