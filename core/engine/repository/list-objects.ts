import type { BlobInfo, BlobStore } from '../blob-store.ts';
import { kindOfName, type NamedKind, prefixes } from '../format/names.ts';

const prefixOf = {
  slot: prefixes.keys,
  owner: prefixes.owner,
  writer: prefixes.writers,
  pack: prefixes.packs,
  index: prefixes.index,
  point: prefixes.points,
  condemned: prefixes.condemned,
  waits: prefixes.condemned,
  moved: prefixes.moved,
  suspects: prefixes.suspects,
} as const satisfies Partial<Record<NamedKind, string>>;

/** Objects of one kind, by name ascending. What somebody else put among them is passed over, as the format says. */
export async function* listObjects(
  store: BlobStore,
  kind: keyof typeof prefixOf,
  signal?: AbortSignal,
): AsyncGenerator<BlobInfo> {
  for await (const info of store.list(prefixOf[kind], signal)) {
    if (kindOfName(info.name) === kind) yield info;
  }
}
