/**
 * The conversation between core and a worker: sealing, signing, numbering. Both ends use it; neither knows the other.
 * Described in docs/worker-protocol.md.
 */
export {
  type BlobSeal,
  type ChannelIdentity,
  openBlob,
  openSealed,
  openSigned,
  type Received,
  sealBlob,
  sealMessage,
  signMessage,
} from './envelopes.ts';
export { createKeyPair, type KeyPair, type RandomBytes } from './key-pair.ts';
export { type SeenOnce, seenOnce } from './seen-once.ts';
