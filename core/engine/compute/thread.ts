/** Entry of a compute thread. A bundle builds this file as an entry of its own and passes its URL. */
import { parentPort } from 'node:worker_threads';
import { BlockWorker } from './block-worker.ts';
import type { ComputeRequest, ComputeSetup } from './protocol.ts';
import { transferablesOf } from './transferables.ts';

export interface ThreadRequest {
  readonly call: number;
  readonly request: ComputeRequest;
}

// The thread may be here before the keys are: a password takes its time.
parentPort?.once('message', (setup: ComputeSetup) => {
  if (parentPort !== null) serve(parentPort, setup);
});

function serve(port: NonNullable<typeof parentPort>, setup: ComputeSetup): void {
  const worker = new BlockWorker(setup);
  port.on('message', ({ call, request }: ThreadRequest) => {
    try {
      const result = worker.handle(request);
      port.postMessage({ call, result }, transferablesOf(result));
    } catch (thrown) {
      port.postMessage({ call, error: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  });
}
