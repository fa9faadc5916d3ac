/**
 * A time of a guest's file, `2026-11-20 06:12`, in this computer's zone; times that a file system keeps without a zone
 * are shown as they were written.
 */
export function formatFileTime(time: string, zoneless: boolean): string {
  const at = new Date(time);
  // Years beyond what a Date can hold are shown as they came.
  if (Number.isNaN(at.getTime())) return time;
  return zoneless
    ? time.slice(0, 16).replace('T', ' ')
    : `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** All of it, with every digit that the file system keeps. */
export function formatExactFileTime(time: string, zoneless: boolean): string {
  const text = time.replace('T', ' ').replace('Z', '');
  return zoneless ? `${text} (zone unknown)` : `${text} UTC`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
