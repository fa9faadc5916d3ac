import { createHash } from 'node:crypto';
import { AppError } from '../../contract/index.ts';
import type { KeyFile } from '../model.ts';

/** Longer files are something else; readers need not look further. Bytes. */
export const longestKeyFile = 1024;

const knownVersion = '1';
const checkDigits = 16;

/** `docs/format.md`, section "Key files": two lines that a person can copy by hand, and a line that shows slips. */
export function encodeKeyFile({ repository, slot, secret }: KeyFile): string {
  const lines = [
    `cairn key file ${knownVersion}, repository ${repository}, slot ${slot}`,
    Buffer.from(secret).toString('hex'),
  ];
  return [...lines, checkOf(lines), ''].join('\n');
}

/** `damaged` when this is not a whole key file, `not-supported` when a later build wrote it. */
export function decodeKeyFile(text: string): KeyFile {
  const lines = text.length > longestKeyFile ? [] : text.trim().split(/\r?\n/);
  const check = lines.pop();
  const [head = '', secret = '', ...more] = lines;
  const version = /^cairn key file ([1-9][0-9]{0,3}),/.exec(head)?.[1];
  if (version === undefined) throw damagedFile('it does not begin as a key file of Cairn does');
  if (check !== checkOf(lines)) throw damagedFile('its checksum does not match');
  if (version !== knownVersion) throw tooNew(version);
  const [, repository, slot] = headPattern.exec(head) ?? [];
  if (repository === undefined || slot === undefined || !/^[0-9a-f]{64}$/.test(secret) || more.length > 0)
    throw damagedFile('its lines are malformed');
  return { repository, slot, secret: Buffer.from(secret, 'hex') };
}

const headPattern = new RegExp(
  `^cairn key file ${knownVersion}, repository ([0-9a-f]{32}), slot ([0-9a-f]{32})$`,
);

function checkOf(lines: readonly string[]): string {
  const hash = createHash('sha256').update(lines.map((line) => `${line}\n`).join(''));
  return hash.digest('hex').slice(0, checkDigits);
}

function damagedFile(reason: string): AppError {
  return new AppError('damaged', {
    message: `The key file cannot be used: ${reason}.`,
    hint: 'Take another copy of it, or open the repository with its password.',
    details: { field: 'key-file', reason },
  });
}

function tooNew(version: string): AppError {
  return new AppError('not-supported', {
    message: `This key file has version ${version}; this Cairn knows version ${knownVersion}.`,
    hint: 'Update Cairn on this computer.',
    details: { field: 'key-file', version },
  });
}
