import { type BlobStore, backupDisks } from '../../engine/index.ts';
import { testRepository, testResource } from '../../engine/testing/engine-fixture.ts';

/** A repository with one point of these disk images; gives the point's id and the key that opens it. */
export async function repositoryOfImages(
  store: BlobStore,
  images: readonly Uint8Array[],
): Promise<{ pointId: string; dataKey: Uint8Array }> {
  const repository = await testRepository(store);
  const disks = images.map((image, index) => ({
    id: `disk${index}`,
    name: `disk${index}`,
    size: image.length,
    source: {
      read: async (offset: number, length: number) =>
        Uint8Array.from(image.subarray(offset, offset + length)),
    },
  }));
  const { pointId } = await backupDisks(repository, { resource: testResource, disks });
  const dataKey = repository.exportDataKey();
  await repository.close();
  return { pointId, dataKey };
}
