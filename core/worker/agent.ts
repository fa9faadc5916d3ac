import { createKeyPair, type RandomBytes } from '../channel/index.ts';
import {
  AppError,
  type BootConfiguration,
  type CoreMessage,
  type ErrorRecord,
  toAppError,
  type WorkerMessage,
  type WorkerTask,
} from '../contract/index.ts';
import { latestOnly } from './latest-only.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';
import { type RenewableSecrets, secretHolder } from './secret-holder.ts';
import { type OpenServiceChannel, openServiceChannel } from './service-channel.ts';
import { type SureDelivery, sureDelivery } from './sure-delivery.ts';
import { runTask } from './tasks/run-task.ts';

export interface AgentDeps {
  readonly boot: BootConfiguration;
  readonly version: string;
  readonly architecture: string;
  readonly random: RandomBytes;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds that never jump. */
  readonly monotonic: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly threads: number;
  readonly threadUrl: URL | undefined;
  readonly filesThreadUrl: URL | undefined;
  /** Address of this machine on which a service listens. */
  readonly listenAddress: string;
  /** The machine's own log; never a secret. */
  readonly log: (text: string) => void;
}

/** Why the agent has ended. */
export type AgentEnd = 'stopped-by-core' | 'core-silent' | 'terminated';

interface RunningTask {
  readonly seq: number;
  readonly secrets: RenewableSecrets;
  readonly service: OpenServiceChannel;
  readonly abort: AbortController;
  readonly finished: Promise<void>;
}

/**
 * Says hello, then does what core asks, one task at a time, until core says stop, has been silent for too long, or
 * `signal` is aborted (SIGTERM). Never rejects for what core or the network does.
 */
export async function runAgent(deps: AgentDeps, signal: AbortSignal): Promise<AgentEnd> {
  const keys = createKeyPair(deps.random);
  const mailbox = openMailbox({ boot: deps.boot, keys, log: deps.log });
  const agent = new Agent(deps, mailbox);
  const hello: WorkerMessage = {
    type: 'hello',
    publicKey: Buffer.from(keys.publicKey).toString('base64'),
    tlsFingerprint: '',
    version: deps.version,
    architecture: deps.architecture,
  };
  try {
    return await agent.live(hello, signal);
  } finally {
    await agent.end();
  }
}

class Agent {
  readonly #deps: AgentDeps;
  readonly #mailbox: Mailbox;
  readonly #cancelled = new Set<number>();
  #task: RunningTask | undefined;
  #lastSent = 0;
  #lastHeard: number;
  #stop = false;

  constructor(deps: AgentDeps, mailbox: Mailbox) {
    this.#deps = deps;
    this.#mailbox = mailbox;
    this.#lastHeard = deps.monotonic();
  }

  async live(hello: WorkerMessage, signal: AbortSignal): Promise<AgentEnd> {
    const { boot, monotonic, sleep } = this.#deps;
    let greeting: WorkerMessage | null = hello;
    while (!signal.aborted) {
      if (greeting && (await this.#trySend(greeting, signal))) greeting = null;
      await this.#takeMail(signal);
      if (this.#stop) return 'stopped-by-core';
      if (monotonic() - this.#lastHeard > boot.coreSilenceMs) {
        await this.#trySend({ type: 'goodbye', reason: 'Nothing was heard from the console.' }, signal);
        return 'core-silent';
      }
      if (monotonic() - this.#lastSent >= boot.heartbeatMs) await this.#trySend({ type: 'alive' }, signal);
      await sleep(boot.pollMs, signal).catch(() => undefined);
    }
    const farewell = AbortSignal.timeout(3000);
    await this.#trySend({ type: 'goodbye', reason: 'The worker is being shut down.' }, farewell);
    return 'terminated';
  }

  /** Ends a running task and waits for it. */
  async end(): Promise<void> {
    this.#stop = true;
    this.#task?.abort.abort();
    await this.#task?.finished;
  }

  async #takeMail(signal: AbortSignal): Promise<void> {
    try {
      for (const { seq, message } of await this.#mailbox.receive(signal)) {
        this.#lastHeard = this.#deps.monotonic();
        this.#handle(seq, message);
      }
    } catch (thrown) {
      if (!signal.aborted) this.#deps.log(`receiving failed: ${toAppError(thrown).message}`);
    }
  }

  #handle(seq: number, message: CoreMessage): void {
    switch (message.type) {
      case 'task':
        this.#start(seq, message);
        return;
      case 'secrets':
        if (this.#task?.seq === message.task) this.#task.secrets.accept(seq, message.secrets);
        return;
      case 'queues':
        this.#mailbox.moveTo(message);
        return;
      case 'extend':
      case 'share':
      case 'unshare':
      case 'finish':
        if (this.#task?.seq === message.task) this.#task.service.take(seq, message);
        return;
      case 'cancel':
        this.#cancelled.add(message.task);
        if (this.#task?.seq === message.task) this.#task.abort.abort();
        return;
      case 'stop':
        this.#stop = true;
        return;
      case 'alive':
      case 'blob':
        return;
    }
  }

  /** A worker does one task in its life; the same task sent again is the same task. */
  #start(seq: number, message: Extract<CoreMessage, { type: 'task' }>): void {
    if (this.#task) return;
    const abort = new AbortController();
    if (this.#cancelled.has(seq)) abort.abort();
    const secrets = secretHolder({ seq, secrets: message.secrets }, async () => {
      await this.#send({ type: 'renew', task: seq }, abort.signal);
    });
    const delivery = this.#delivery();
    const { listenAddress } = this.#deps;
    const service = openServiceChannel({ listenAddress, task: seq, send: (said) => delivery.send(said) });
    const { task } = message;
    const finished = this.#work({ seq, task, secrets, service, delivery, signal: abort.signal });
    this.#task = { seq, secrets, service, abort, finished };
  }

  async #work(job: {
    readonly seq: number;
    readonly task: WorkerTask;
    readonly secrets: RenewableSecrets;
    readonly service: OpenServiceChannel;
    readonly delivery: SureDelivery<WorkerMessage>;
    readonly signal: AbortSignal;
  }): Promise<void> {
    const { clock, random, threads, threadUrl, filesThreadUrl, monotonic, sleep, boot } = this.#deps;
    const { seq, service, delivery, signal } = job;
    const progress = latestOnly<WorkerMessage>((message) => this.#trySend(message, signal), {
      pauseMs: Math.min(Math.max(boot.pollMs, 250), 2000),
      sleep: this.#deps.sleep,
    });
    let outcome: WorkerMessage;
    try {
      const result = await runTask(job.task, {
        secrets: job.secrets,
        engine: { clock, random },
        threads,
        threadUrl,
        filesThreadUrl,
        monotonic,
        sleep,
        service,
        report: (state) => progress.offer({ type: 'progress', task: seq, progress: state }),
        log: (level, text, details = {}) =>
          void this.#trySend(
            { type: 'log', level, text: text.slice(0, 2000), details: clamp(details) },
            signal,
          ),
        signal,
      });
      outcome = { type: 'done', task: seq, result };
    } catch (thrown) {
      outcome = { type: 'failed', task: seq, error: recordOf(thrown, signal) };
    }
    await progress.flush();
    delivery.send(outcome);
    await delivery.settled();
  }

  /** What must arrive is repeated until it is in the queue or core counts as gone. */
  #delivery(): SureDelivery<WorkerMessage> {
    const { boot, monotonic, sleep } = this.#deps;
    const patience = new AbortController().signal;
    return sureDelivery({
      trySend: (message) => this.#trySend(message, patience),
      pause: async () => {
        if (this.#stop || monotonic() - this.#lastHeard > boot.coreSilenceMs) return false;
        await sleep(boot.heartbeatMs, patience);
        return true;
      },
    });
  }

  async #trySend(message: WorkerMessage, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#send(message, signal);
      return true;
    } catch (thrown) {
      if (!signal.aborted) this.#deps.log(`sending failed: ${toAppError(thrown).message}`);
      return false;
    }
  }

  async #send(message: WorkerMessage, signal: AbortSignal): Promise<void> {
    await this.#mailbox.send(message, signal);
    this.#lastSent = this.#deps.monotonic();
  }
}

function recordOf(thrown: unknown, signal: AbortSignal): ErrorRecord {
  const error = signal.aborted
    ? new AppError('cancelled', { message: 'The task was cancelled.', cause: thrown })
    : toAppError(thrown);
  const record = error.toRecord();
  return { ...record, message: record.message.slice(0, 1000), details: clamp(record.details) };
}

/** A queue message is small: at most twelve details of 400 characters. */
function clamp(details: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(details).slice(0, 12);
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(0, 100), value.slice(0, 400)]));
}
