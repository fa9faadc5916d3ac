/**
 * Whether a symbolic link made at `folder` (parts below the target folder, all of them real folders) stays below the
 * target folder. Only `..` parts at its beginning are counted up, because behind another link `..` leads anywhere.
 */
export function linkStaysInside(folder: readonly string[], target: string): boolean {
  if (target === '' || target.startsWith('/') || /[\\:\0]/.test(target)) return false;
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const up = parts.findIndex((part) => part !== '..');
  const ups = up < 0 ? parts.length : up;
  return ups <= folder.length && !parts.slice(ups).includes('..');
}
