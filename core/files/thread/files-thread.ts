/** Entry of the thread that reads the files of a restore point. A bundle builds this file as an entry of its own. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createFileService } from '../service/create-file-service.ts';
import { openThreadSource } from './open-thread-source.ts';
import { PortAnswerer } from './port-answerer.ts';
import { PortCaller } from './port-caller.ts';
import { isAnswer, type PortMessage } from './port-messages.ts';
import { servedFiles } from './served-files.ts';
import type { ThreadSetup } from './thread-setup.ts';

if (parentPort !== null) serve(parentPort, workerData as ThreadSetup);

function serve(port: MessagePort, { source, limits }: ThreadSetup): void {
  const caller = new PortCaller(port);
  const service = createFileService({
    disks: (signal) => openThreadSource(source, caller, signal),
    limits,
  });
  const answerer = new PortAnswerer(port, servedFiles(service));
  port.on('message', (message: PortMessage) => {
    if (isAnswer(message)) caller.take(message);
    else answerer.take(message);
  });
}
