const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** How long something took or will take, two units at most: `8 s`, `2 min 05 s`, `3 h 12 min`, `2 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < minute) return `${whole} s`;
  if (whole < hour) return `${Math.floor(whole / minute)} min ${pad(whole % minute)} s`;
  if (whole < day) return `${Math.floor(whole / hour)} h ${pad(Math.floor((whole % hour) / minute))} min`;
  return `${Math.floor(whole / day)} d ${Math.floor((whole % day) / hour)} h`;
}

/** A remaining time is a guess: seconds are shown only in the last minute. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < minute) return `${Math.max(1, Math.ceil(seconds))} s left`;
  if (seconds < hour) return `${Math.ceil(seconds / minute)} min left`;
  return `${Math.floor(seconds / hour)} h ${pad(Math.floor((seconds % hour) / minute))} min left`;
}

/** A local time as short as its age allows: `14:05` today, `Yesterday 14:05`, `12 Mar 14:05`, `12 Mar 2025`. */
export function formatTime(iso: string, now: number): string {
  const time = new Date(iso);
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}`;
  const daysAgo = Math.round((startOfDay(now) - startOfDay(time.getTime())) / (day * 1000));
  if (daysAgo === 0) return `Today ${clock}`;
  if (daysAgo === 1) return `Yesterday ${clock}`;
  const date = time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return time.getFullYear() === new Date(now).getFullYear()
    ? `${date} ${clock}`
    : `${date} ${time.getFullYear()}`;
}

/** The whole local time with its zone, for tooltips. */
export function formatFullTime(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long' });
}

/** Time of day with seconds, for logs. */
export function formatClock(iso: string): string {
  const time = new Date(iso);
  return `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
}

function startOfDay(milliseconds: number): number {
  return new Date(milliseconds).setHours(0, 0, 0, 0);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
