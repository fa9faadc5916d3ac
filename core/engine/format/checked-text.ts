import { createHash } from 'node:crypto';
import { damaged } from './bytes.ts';

/**
 * `docs/format.md`, section "Checked text": objects that must be readable without a key. One line of JSON, then
 * a line with its SHA-256, so that damage is told apart from a wrong password; more lines may follow.
 */
export function encodeCheckedText(json: unknown, ...moreLines: readonly string[]): Uint8Array {
  const line = JSON.stringify(json);
  return Buffer.from(`${[line, sha256(line), ...moreLines].join('\n')}\n`, 'utf8');
}

export interface CheckedText {
  /** The first line as stored. */
  readonly line: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly moreLines: readonly string[];
}

/** `moreLines` is how many lines may follow the checksum. */
export function decodeCheckedText(bytes: Uint8Array, object: string, moreLines = 0): CheckedText {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text.length > 64 * 1024) throw damaged(object, 'it is too long');
  const [line = '', sum, ...more] = text.toString('utf8').split('\n');
  if (sum !== sha256(line) || more.pop() !== '') throw damaged(object, 'its checksum does not match');
  if (more.length > moreLines) throw damaged(object, 'there are lines after its end');
  return { line, json: parseObject(line, object), moreLines: more };
}

function parseObject(line: string, object: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(line);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  } catch (thrown) {
    throw damaged(object, 'it is not JSON', thrown);
  }
  throw damaged(object, 'it is not a JSON object');
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
