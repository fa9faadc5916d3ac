import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Lab } from '../../lab/start.ts';
import { AppError, type CallProcedure, type CoreTuning, type WorkerPackage } from '../index.ts';
import type { FromCore, KillPoint, ToCore } from './core-process.ts';
import { labCloud, labTuning } from './lab-console.ts';

export interface KillableCoreOptions {
  readonly lab: Lab;
  readonly dataDirectory: string;
  readonly workerPackage: WorkerPackage;
  readonly tuning?: CoreTuning;
  readonly killAt?: KillPoint;
}

/** A core in a child process. */
export interface KillableCore {
  readonly call: CallProcedure;
  readonly pid: number;
  /** Resolves when the process is gone, however it went. */
  readonly gone: Promise<void>;
  kill(): Promise<void>;
}

export async function openKillableCore(options: KillableCoreOptions): Promise<KillableCore> {
  const child = fork(new URL('./core-process.ts', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(() => undefined);
  const pending = new Map<number, Pending>();
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: FromCore) => {
      if (message.type === 'ready') resolve();
      else pending.get(message.id)?.answer(message);
    });
    child.once('exit', () => reject(gonePrematurely()));
  });
  const { lab, dataDirectory, workerPackage, tuning = labTuning, killAt = null } = options;
  const start = { dataDirectory, workerPackage, tuning, killAt, caPem: lab.caPem, cloud: labCloud(lab) };
  child.send({ type: 'start', start } satisfies ToCore);
  await ready.catch((error: unknown) => {
    if (killAt === null) throw error;
  });
  return {
    call: callOver(child, pending),
    pid: child.pid ?? 0,
    gone,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

interface Pending {
  readonly answer: (message: Extract<FromCore, { type: 'reply' }>) => void;
  readonly fail: (error: Error) => void;
}

function callOver(child: ChildProcess, pending: Map<number, Pending>): CallProcedure {
  let last = 0;
  child.once('exit', () => {
    for (const { fail } of pending.values()) fail(gonePrematurely());
  });
  return (name, input) =>
    new Promise((resolve, reject) => {
      if (!child.connected) {
        reject(gonePrematurely());
        return;
      }
      last += 1;
      pending.set(last, {
        answer({ id, reply }) {
          pending.delete(id);
          if (reply.ok) resolve(reply.value as never);
          else reject(AppError.fromRecord(reply.error));
        },
        fail: reject,
      });
      child.send({ type: 'call', id: last, name, input } satisfies ToCore);
    });
}

function gonePrematurely(): Error {
  return new Error('the core process is gone');
}
