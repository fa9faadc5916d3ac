import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { AppError } from '../../contract/index.ts';
import { seededBytes } from '../testing/engine-fixture.ts';
import { decodeKeyFile, encodeKeyFile, longestKeyFile } from './key-file.ts';

function sample(seed: number) {
  const bytes = Buffer.from(seededBytes(`key file ${seed}`, 64));
  return {
    repository: bytes.toString('hex', 0, 16),
    slot: bytes.toString('hex', 16, 32),
    secret: bytes.subarray(32),
  };
}

function withCheck(...lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join('');
  return `${text}${createHash('sha256').update(text).digest('hex').slice(0, 16)}\n`;
}

function errorOf(text: string): AppError | undefined {
  try {
    decodeKeyFile(text);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
}

test('what is written is read, also after an editor or a shell took its line ends in hand', () => {
  for (let seed = 0; seed < 200; seed++) {
    const file = sample(seed);
    const text = encodeKeyFile(file);
    expect(text.length).toBeLessThanOrEqual(longestKeyFile);
    for (const form of [text, text.trim(), text.replaceAll('\n', '\r\n'), `\ufeff${text}\n\n`])
      expect(decodeKeyFile(form)).toEqual(file);
  }
});

test('its text is what the specification says', () => {
  const { repository, slot, secret } = sample(1);
  const head = `cairn key file 1, repository ${repository}, slot ${slot}`;
  expect(encodeKeyFile({ repository, slot, secret })).toBe(withCheck(head, secret.toString('hex')));
});

test('one changed, lost or added character is damage, never another secret', () => {
  for (let round = 0; round < 5000; round++) {
    const file = sample(round % 50);
    const text = encodeKeyFile(file);
    const random = Buffer.from(seededBytes(`slip ${round}`, 4));
    const at = random.readUInt16LE(0) % (text.length - 1);
    const slip = String.fromCharCode(random.readUInt8(2) % 128);
    const kept = [text.slice(at), text.slice(at + 1), text.slice(0, -1)][round % 3] ?? '';
    const slipped = round % 3 === 2 ? text.slice(0, at) : text.slice(0, at) + slip + kept;
    const error = errorOf(slipped);
    if (error === undefined) expect(decodeKeyFile(slipped), JSON.stringify(slipped)).toEqual(file);
    else expect(error.code).toBe('damaged');
  }
});

test('a file that is something else, endless or of a later build says so', () => {
  const { repository, slot, secret } = sample(2);
  const hex = secret.toString('hex');
  for (const text of ['', '\n', 'hunter2', 'x'.repeat(longestKeyFile + 1), '-----BEGIN PRIVATE KEY-----\n'])
    expect(errorOf(text)).toMatchObject({ code: 'damaged' });
  const later = withCheck(`cairn key file 2, of a form that nobody knows yet`, hex, 'more');
  expect(errorOf(later)).toMatchObject({ code: 'not-supported', details: { version: '2' } });
  const head = `cairn key file 1, repository ${repository}, slot ${slot}`;
  for (const lines of [[head], [head, hex.slice(2)], [head, hex, 'more'], [`${head}, `, hex], [head, '']])
    expect(errorOf(withCheck(...lines))).toMatchObject({ code: 'damaged' });
});

test('an error never tells the secret', () => {
  const file = sample(3);
  const hex = file.secret.toString('hex');
  const error = errorOf(encodeKeyFile(file).replace(', slot', ', slat'));
  expect(JSON.stringify(error?.toRecord())).not.toContain(hex.slice(0, 16));
});
