import type { ComputeRequest, ComputeResults } from './protocol.ts';

/** Large buffers that may be handed over instead of copied: those that fill their whole memory by themselves. */
export function transferablesOf(
  message: ComputeRequest | ComputeResults[ComputeRequest['op']],
): ArrayBuffer[] {
  if (message === null) return [];
  if ('packs' in message) return message.packs.flatMap((pack) => pack.parts.flatMap(mostlyOwned));
  if ('plain' in message) return mostlyOwned(message.plain);
  if ('memory' in message) return mostlyOwned(message.memory);
  if ('bytes' in message) return mostlyOwned(message.bytes);
  if ('target' in message) return [message.target, ...message.parts].flatMap(mostlyOwned);
  if ('parts' in message) return message.parts.flatMap(mostlyOwned);
  return [];
}

/** Small buffers may live in a shared pool, which must never be handed over. */
const smallest = 64 * 1024;

function mostlyOwned(bytes: Uint8Array): ArrayBuffer[] {
  const owned = bytes.buffer instanceof ArrayBuffer && bytes.byteLength >= smallest;
  return owned && bytes.byteOffset === 0 ? [bytes.buffer as ArrayBuffer] : [];
}
