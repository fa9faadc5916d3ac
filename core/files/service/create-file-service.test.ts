import { MemoryDisk } from '../../volumes/index.ts';
import { describeFileService } from '../testing/file-service-conformance.ts';
import { createFileService } from './create-file-service.ts';

describeFileService('in this process', async (images) =>
  createFileService({ disks: images.map((image) => new MemoryDisk(image)) }),
);
