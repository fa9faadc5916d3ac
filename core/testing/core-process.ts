import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import type { WorkerPackage } from '../host.ts';
import { type CoreTuning, createCore, type Reply } from '../index.ts';
import { systemClock } from './clocks.ts';
import { testHost } from './core-host.ts';

/**
 * A core in a process of its own, so that tests can kill it. Talks over the channel of `fork`: gets one
 * {@link CoreProcessStart}, then calls; kills itself without a word at the moment `killAt` names.
 */
export interface CoreProcessStart {
  readonly dataDirectory: string;
  readonly caPem: string;
  readonly cloud: Parameters<typeof testHost>[0]['cloud'];
  readonly tuning: CoreTuning;
  readonly workerPackage: WorkerPackage;
  readonly killAt: KillPoint | null;
}

/** The moment when this step of this session is seen running or over, or this text in its log; at the latest its end. */
export interface KillPoint {
  readonly sessionId: string;
  readonly step?: string;
  readonly logged?: string;
}

export type ToCore =
  | { readonly type: 'start'; readonly start: CoreProcessStart }
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly input: unknown };
export type FromCore =
  | { readonly type: 'ready' }
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply };

const say = (message: FromCore): void => void process.send?.(message);

process.once('message', (message: ToCore) => {
  if (message.type === 'start') open(message.start);
});

function open(start: CoreProcessStart): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), start.caPem]);
  const core = createCore(
    testHost({
      dataDirectory: start.dataDirectory,
      ...(start.cloud ? { cloud: start.cloud } : {}),
      secrets: fileSecrets(join(start.dataDirectory, 'secrets.json')),
      random: (length) => new Uint8Array(randomBytes(length)),
      workerPackage: async () => start.workerPackage,
    }),
    start.tuning,
  );
  process.on('message', (message: ToCore) => {
    if (message.type !== 'call') return;
    void core
      .dispatch(message.name, message.input)
      .then((reply) => say({ type: 'reply', id: message.id, reply }));
  });
  process.once('disconnect', () => process.exit(0));
  say({ type: 'ready' });
  const { killAt } = start;
  if (killAt) void watch(core, killAt);
}

async function watch(
  core: ReturnType<typeof createCore>,
  { sessionId, step, logged }: KillPoint,
): Promise<void> {
  for (;;) {
    const session = await core.call('session.get', { sessionId });
    const reached = session.steps.find(({ key }) => key === step)?.state;
    if (reached === 'running' || reached === 'done' || session.endedAt !== null) die();
    if (logged !== undefined) {
      const log = await core.call('session.log', { sessionId });
      if (log.some(({ text }) => text.includes(logged))) die();
    }
    await systemClock.sleep(2, AbortSignal.timeout(60_000));
  }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Secrets in a file, as a server shell keeps them (there they are sealed). */
function fileSecrets(file: string) {
  const read = (): Record<string, string> => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      return {};
    }
  };
  const write = (values: Record<string, string>): void => {
    writeFileSync(`${file}.new`, JSON.stringify(values));
    renameSync(`${file}.new`, file);
  };
  return {
    get: async (key: string) => read()[key] ?? null,
    set: async (key: string, value: string) => write({ ...read(), [key]: value }),
    async delete(key: string) {
      const { [key]: _, ...rest } = read();
      write(rest);
    },
  };
}
