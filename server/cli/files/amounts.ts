import { AppError } from '../../../core/contract/index.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `4096`, `10k`, `1.5M`, `2G`: bytes in binary units. */
export function parseBytes(text: string, field: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?$/i.exec(text) ?? [];
  const bytes = Math.round(Number(number) * (UNITS[unit.toLowerCase()] ?? 0));
  if (number === '' || !Number.isSafeInteger(bytes))
    throw refused(field, 'is a size such as 4096, 10k or 1.5M');
  return bytes;
}

/** `OFFSET-END` (both included), `OFFSET-` or `-LAST` as in HTTP, or `OFFSET+LENGTH`. Undefined offset: from the end. */
export function parseRange(text: string): { offset?: number; length?: number; last?: number } {
  const [, from = '', sign = '', to = ''] = /^(\d*)([-+])(\d*)$/.exec(text) ?? [];
  const [start, end] = [Number(from), Number(to)];
  if (from !== '' && sign === '+' && to !== '') return { offset: start, length: end };
  if (from !== '' && sign === '-' && to === '') return { offset: start };
  if (from !== '' && sign === '-' && end >= start) return { offset: start, length: end - start + 1 };
  if (from === '' && sign === '-' && to !== '') return { last: end };
  throw refused('range', 'is START-END, START-, -LAST or START+LENGTH, in bytes');
}

/** A date (`2026-11-01`), a UTC time, or a time ago (`30m`, `12h`, `7d`), as ISO 8601. */
export function parseTime(text: string, field: string, now: number): string {
  const [, count = '', unit = ''] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  const steps: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 };
  const time = count === '' ? Date.parse(text) : now - Number(count) * (steps[unit] ?? 0) * 1000;
  if (Number.isNaN(time))
    throw refused(field, 'is a date such as 2026-11-01, or a time ago such as 12h or 7d');
  return new Date(time).toISOString();
}

export function refused(field: string, message: string): AppError {
  return new AppError('invalid-input', { message: `The ${field} ${message}.`, details: { field } });
}
