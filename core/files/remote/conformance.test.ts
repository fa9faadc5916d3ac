import { MemoryDisk } from '../../volumes/index.ts';
import { createFileService } from '../service/create-file-service.ts';
import { describeFileService } from '../testing/file-service-conformance.ts';
import { openFilesThread } from '../thread/open-files-thread.ts';
import { runService } from './testing/running-service.ts';

describeFileService('over HTTPS', async (images) => {
  const service = createFileService({ disks: images.map((image) => new MemoryDisk(image)) });
  const { client, close } = await runService(service);
  return {
    ...client,
    async close() {
      await client.close();
      await close();
      await service.close();
    },
  };
});

describeFileService('over HTTPS, from a thread', async (images) => {
  const disks = images.map((image) => new MemoryDisk(image));
  const service = openFilesThread({ source: { kind: 'disks', disks } });
  const { client, close } = await runService(service);
  return {
    ...client,
    async close() {
      await close();
      await service.close();
    },
  };
});
