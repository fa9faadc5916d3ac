import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CoreMessage, WorkerMessage } from '../contract/index.ts';
import {
  type ChannelIdentity,
  createKeyPair,
  openBlob,
  openSealed,
  openSigned,
  sealBlob,
  sealMessage,
  seenOnce,
  signMessage,
} from './index.ts';

/** Repeatable bytes, different at every call. */
function randomFrom(seed: string): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    count += 1;
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) =>
      createHash('sha256').update(`${seed}/${count}/${block}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, length);
  };
}

const random = randomFrom('channel');
const channel: ChannelIdentity = { session: 's-1', worker: 'w-1', token: random(32) };
const pair = createKeyPair(random);
const secrets = { repositoryUrl: 'https://a.example/c?sig=x', dataKey: null, disks: [] };
const message: CoreMessage = { type: 'secrets', task: 7, secrets };

function seal(seq: number, from: ChannelIdentity = channel): string {
  const text = sealMessage(from, message, { seq, receiver: pair.publicKey, random });
  if (text === null) throw new Error('too large');
  return text;
}

/** The message with one byte of its sealed data changed. */
function tampered(text: string): string {
  const parsed = JSON.parse(text);
  const data = Buffer.from(parsed.body.data, 'base64');
  data[3] = (data[3] ?? 0) ^ 1;
  parsed.body.data = data.toString('base64');
  return JSON.stringify(parsed);
}

describe('sealed messages', () => {
  test('open for the worker they were sealed to, and show nothing in clear', () => {
    const text = seal(5);
    expect(text).not.toContain('repositoryUrl');
    expect(openSealed(channel, text, pair)).toEqual({ seq: 5, message });
  });

  test('do not open with another key, another token, or when changed', () => {
    const text = seal(5);
    expect(() => openSealed(channel, text, createKeyPair(random))).toThrow(/does not open/);
    expect(() => openSealed({ ...channel, token: random(32) }, text, pair)).toThrow(/does not open/);
    expect(() => openSealed(channel, tampered(text), pair)).toThrow(/does not open/);
  });

  test('are bound to session, worker and number', () => {
    const renumbered = JSON.stringify({ ...JSON.parse(seal(5)), seq: 6 });
    expect(() => openSealed(channel, renumbered, pair)).toThrow(/does not open/);
    const moved = JSON.stringify({ ...JSON.parse(seal(5, { ...channel, worker: 'w-2' })), worker: 'w-1' });
    expect(() => openSealed(channel, moved, pair)).toThrow(/does not open/);
    expect(() => openSealed(channel, seal(5, { ...channel, session: 's-2' }), pair)).toThrow(/another/);
  });

  test('a public key that gives no secret is refused', () => {
    const weak = { seq: 1, receiver: new Uint8Array(32), random };
    expect(() => sealMessage(channel, message, weak)).toThrow(/not usable/);
  });

  test('too large ones go as a blob that only this message opens', () => {
    const log = { ...message, secrets: { ...secrets, disks: [] } };
    const large: CoreMessage = {
      type: 'task',
      secrets: log.secrets,
      task: {
        kind: 'backup',
        repository: { folder: '', encrypted: true },
        resource: { workload: 'azure-vm', id: '/x', name: 'x' },
        disks: [{ index: 0, name: 'os', sizeBytes: 1024, id: 'd', compare: false }],
        previousPoint: null,
        document: 'x'.repeat(60_000),
        takenAt: '2026-01-01T00:00:00.000Z',
      },
    };
    expect(sealMessage(channel, large, { seq: 9, receiver: pair.publicKey, random })).toBeNull();
    const { bytes, seal: blobSeal } = sealBlob(channel, large, { seq: 9, random });
    expect(openBlob(channel, { seq: 9, seal: blobSeal, bytes })).toEqual(large);
    expect(() => openBlob(channel, { seq: 10, seal: blobSeal, bytes })).toThrow();
    const changed = Uint8Array.from(bytes);
    changed[100] = (changed[100] ?? 0) ^ 1;
    expect(() => openBlob(channel, { seq: 9, seal: blobSeal, bytes: changed })).toThrow(/another one/);
  });
});

describe('signed messages', () => {
  const alive: WorkerMessage = { type: 'alive' };

  test('open with the same token only', () => {
    const text = signMessage(channel, 3, alive);
    expect(openSigned(channel, text)).toEqual({ seq: 3, message: alive });
    expect(() => openSigned({ ...channel, token: random(32) }, text)).toThrow(/signature/);
  });

  test('are refused when renumbered or rewritten', () => {
    const parsed = JSON.parse(signMessage(channel, 3, alive));
    expect(() => openSigned(channel, JSON.stringify({ ...parsed, seq: 4 }))).toThrow(/signature/);
    const body = { ...parsed.body, text: JSON.stringify({ type: 'goodbye', reason: 'x' }) };
    expect(() => openSigned(channel, JSON.stringify({ ...parsed, body }))).toThrow(/signature/);
  });

  test.each([
    ['', /not JSON/],
    ['null', /refused/],
    ['{"v":2}', /refused/],
    [JSON.stringify({ v: 1, session: 's-1', worker: 'w-1', seq: 1, body: { form: 'open' } }), /refused/],
    [JSON.stringify({ v: 1, session: 's-1', worker: 'w-1', seq: -1, body: {} }), /refused/],
  ])('hostile input %j is refused', (text, reason) => {
    expect(() => openSigned(channel, text)).toThrow(reason);
  });

  test('a well-signed message with unknown fields is refused', () => {
    const odd = { type: 'alive', extra: 1 } as unknown as WorkerMessage;
    expect(() => openSigned(channel, signMessage(channel, 3, odd))).toThrow(/refused/);
  });
});

test('a number is new once, also when numbers come out of order, and when it was long ago', () => {
  const seen = seenOnce(3);
  expect([2, 1, 2, 3, 1].map((seq) => seen.isNew(seq))).toEqual([true, true, false, true, false]);
  expect([10, 11, 1, 2, 12].map((seq) => seen.isNew(seq))).toEqual([true, true, false, false, true]);
});
