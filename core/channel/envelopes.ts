import type { z } from 'zod';
import {
  AppError,
  type CoreMessage,
  coreMessageSchema,
  type Envelope,
  envelopeSchema,
  type WorkerMessage,
  workerMessageSchema,
  workerProtocolVersion,
} from '../contract/index.ts';
import type { KeyPair, RandomBytes } from './key-pair.ts';
import { decrypt, encrypt, isSignature, openBox, sealBox, sha256Hex, sign } from './sealed-box.ts';

/** Which conversation a message belongs to, and the one-time token that both ends know. */
export interface ChannelIdentity {
  readonly session: string;
  readonly worker: string;
  readonly token: Uint8Array;
}

export interface Received<M> {
  readonly seq: number;
  readonly message: M;
}

/** A queue message may have 64 KiB; base64 and the envelope take their part. */
const maxInlineBytes = 44_000;
const maxSignedText = 20_000;

// ----------------------------------------------------------------------------------- worker to core
export function signMessage(channel: ChannelIdentity, seq: number, message: WorkerMessage): string {
  const text = JSON.stringify(message);
  if (text.length > maxSignedText)
    throw new AppError('internal', { message: `A ${message.type} message is too long for a queue.` });
  const mac = sign(text, channel.token, contextOf(channel, 'to-core', seq));
  return envelope(channel, seq, { form: 'signed', text, mac: base64(mac) });
}

/** Throws `invalid-input` for whatever is not a message of this worker in this session. */
export function openSigned(channel: ChannelIdentity, text: string): Received<WorkerMessage> {
  const { seq, body } = readEnvelope(channel, text);
  if (body.form !== 'signed') throw refused('it is not signed');
  const context = contextOf(channel, 'to-core', seq);
  if (!isSignature(Buffer.from(body.mac, 'base64'), body.text, channel.token, context))
    throw refused('its signature is wrong');
  return { seq, message: parseWith(workerMessageSchema, body.text) };
}

// ----------------------------------------------------------------------------------- core to worker
export interface Sealing {
  readonly seq: number;
  readonly receiver: Uint8Array;
  readonly random: RandomBytes;
}

/** The queue text, or null when the message is too large for a queue and must go as a blob. */
export function sealMessage(channel: ChannelIdentity, message: CoreMessage, sealing: Sealing): string | null {
  const plain = Buffer.from(JSON.stringify(message));
  if (plain.length > maxInlineBytes) return null;
  const context = contextOf(channel, 'to-worker', sealing.seq);
  const box = sealBox(plain, { receiver: sealing.receiver, token: channel.token, context }, sealing.random);
  return envelope(channel, sealing.seq, {
    form: 'sealed',
    key: base64(box.key),
    nonce: base64(box.nonce),
    data: base64(box.data),
  });
}

/** Throws `invalid-input` or `damaged` for whatever was not sealed to this worker. */
export function openSealed(channel: ChannelIdentity, text: string, pair: KeyPair): Received<CoreMessage> {
  const { seq, body } = readEnvelope(channel, text);
  if (body.form !== 'sealed') throw refused('it is not sealed');
  const plain = openBox(
    {
      key: Buffer.from(body.key, 'base64'),
      nonce: Buffer.from(body.nonce, 'base64'),
      data: Buffer.from(body.data, 'base64'),
    },
    pair,
    { token: channel.token, context: contextOf(channel, 'to-worker', seq) },
  );
  return { seq, message: parseWith(coreMessageSchema, Buffer.from(plain).toString()) };
}

// --------------------------------------------------------------------------------- messages as blobs
/** What a `blob` message tells about its blob, the address aside. */
export interface BlobSeal {
  readonly key: string;
  readonly nonce: string;
  readonly sha256: string;
  readonly length: number;
}

export function sealBlob(
  channel: ChannelIdentity,
  message: CoreMessage,
  sealing: Omit<Sealing, 'receiver'>,
): { readonly bytes: Uint8Array; readonly seal: BlobSeal } {
  const key = sealing.random(32);
  const nonce = sealing.random(12);
  const context = contextOf(channel, 'blob', sealing.seq);
  const bytes = encrypt(Buffer.from(JSON.stringify(message)), key, nonce, context);
  return {
    bytes,
    seal: { key: base64(key), nonce: base64(nonce), sha256: sha256Hex(bytes), length: bytes.length },
  };
}

export function openBlob(
  channel: ChannelIdentity,
  blob: { readonly seq: number; readonly seal: BlobSeal; readonly bytes: Uint8Array },
): CoreMessage {
  const { seal, bytes } = blob;
  if (bytes.length !== seal.length || sha256Hex(bytes) !== seal.sha256)
    throw refused('its blob is another one');
  const context = contextOf(channel, 'blob', blob.seq);
  const plain = decrypt(bytes, Buffer.from(seal.key, 'base64'), Buffer.from(seal.nonce, 'base64'), context);
  const message = parseWith(coreMessageSchema, Buffer.from(plain).toString());
  if (message.type === 'blob') throw refused('a blob leads to another blob');
  return message;
}

// ------------------------------------------------------------------------------------------- shared
function envelope(channel: ChannelIdentity, seq: number, body: Envelope['body']): string {
  const { session, worker } = channel;
  return JSON.stringify({ v: workerProtocolVersion, session, worker, seq, body } satisfies Envelope);
}

function readEnvelope(channel: ChannelIdentity, text: string): Envelope {
  const read = parseWith(envelopeSchema, text);
  if (read.session !== channel.session || read.worker !== channel.worker)
    throw refused('it belongs to another conversation');
  return read;
}

function contextOf(channel: ChannelIdentity, direction: string, seq: number): string {
  return ['cairn', workerProtocolVersion, direction, channel.session, channel.worker, seq].join('\n');
}

function parseWith<T>(schema: z.ZodType<T>, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused('it is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refused(`${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not as agreed'}`);
}

function refused(reason: string): AppError {
  return new AppError('invalid-input', {
    message: `A message of a worker queue was refused: ${reason}.`,
    details: { reason },
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
