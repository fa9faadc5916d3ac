import { damaged, notSupported, type ReadableDisk } from '../disk/index.ts';
import { type FileContent, InlineContent, MappedContent, RunList } from '../tree/index.ts';
import type { NtfsGeometry } from './boot-sector.ts';
import { addMappingPairs } from './cluster-runs.ts';
import { CompressedContent } from './compressed-content.ts';
import type { NtfsAttribute } from './record.ts';

export interface ValueSource {
  readonly disk: ReadableDisk;
  readonly geometry: NtfsGeometry;
  /** Runs kept for one value. */
  readonly mostRuns: number;
}

/** The value of an attribute from all of its pieces, which are given in the order of their clusters. */
export function contentOfValue(pieces: readonly NtfsAttribute[], source: ValueSource): FileContent {
  const [first] = pieces;
  if (first === undefined) throw damaged('attribute', 'it is missing');
  if (first.encrypted) throw notSupported('A file encrypted by the guest (EFS)');
  if (first.value !== undefined) return new InlineContent(first.value.bytes);
  const { mapping } = first;
  if (mapping === undefined) throw damaged('attribute', 'it has no value');
  const { disk, geometry } = source;
  const runs = new RunList(source.mostRuns);
  for (const { mapping: piece } of pieces)
    if (piece !== undefined)
      addMappingPairs(runs, { first: piece.firstCluster, pairs: piece.runs, clusters: geometry.clusters });
  const { size } = mapping;
  const validSize = Math.min(size, mapping.validSize);
  const { clusterSize } = geometry;
  if (first.compressed && mapping.compressionUnit > 0) {
    const unit = 2 ** Math.min(mapping.compressionUnit, 16);
    return new CompressedContent({ disk, runs, clusterSize, unit, size, validSize });
  }
  return new MappedContent({ disk, size, validSize, findRun: runs.inBytes(clusterSize) });
}
