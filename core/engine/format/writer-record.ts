import { damaged } from './bytes.ts';
import { decodeCheckedText, encodeCheckedText } from './checked-text.ts';
import { prefixes } from './names.ts';

/** `docs/format.md`, section "Collecting": an attempt shows that it has begun. */
export interface WriterRecord {
  /** The attempt; records of earlier builds lack it. */
  readonly id: string | undefined;
  /** Milliseconds since 1970; undefined when it is not a time. */
  readonly startedAt: number | undefined;
}

export function encodeWriter(attempt: string, startedAt: number): Uint8Array {
  const record = { cairn: 'writer', version: 1, id: attempt, startedAt: new Date(startedAt).toISOString() };
  return encodeCheckedText(record);
}

export function decodeWriter(bytes: Uint8Array, name: string): WriterRecord {
  const { json } = decodeCheckedText(bytes, name);
  const id = typeof json['id'] === 'string' ? json['id'] : undefined;
  if (id !== undefined && prefixes.writers + id !== name) {
    throw damaged(name, 'it is the record of another attempt');
  }
  const time = Date.parse(String(json['startedAt']));
  return { id, startedAt: Number.isNaN(time) ? undefined : time };
}
