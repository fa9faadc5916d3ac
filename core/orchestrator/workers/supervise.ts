import { type Connection, getServiceAddress, getVirtualMachineState } from '../../azure/index.ts';
import type { Received } from '../../channel/index.ts';
import { AppError, type TaskResult, type WorkerMessage } from '../../contract/index.ts';
import type { Clock } from '../../host.ts';
import { type ConsoleLink, queueSasSeconds } from './console-link.ts';
import type { WorkerNames } from './names.ts';
import { detachReason, type WorkerRequest } from './port.ts';
import type { FleetTimes } from './times.ts';
import type { WorkerState, WorkerStateStore } from './worker-state.ts';

export type Outcome =
  | { readonly kind: 'result'; readonly result: TaskResult }
  /** The worker is gone or mute; another may take over. */
  | { readonly kind: 'lost'; readonly reason: string };

export interface Supervision {
  readonly request: WorkerRequest;
  readonly connection: Connection;
  readonly names: WorkerNames;
  readonly link: ConsoleLink;
  readonly store: WorkerStateStore;
  readonly clock: Clock;
  readonly times: FleetTimes;
}

/**
 * Stays with one worker from its boot to the end of its task. Throws the task's own error; `unreachable` when the
 * queues cannot be reached for as long as a worker waits for core.
 */
export async function supervise(
  supervision: Supervision,
  state: WorkerState,
  signal: AbortSignal,
): Promise<Outcome> {
  const supervisor = new Supervisor(supervision, state);
  try {
    return await supervisor.run(signal);
  } catch (thrown) {
    if (signal.aborted && signal.reason !== detachReason) await supervisor.dismiss();
    throw thrown;
  }
}

/** Time for the last words to a worker whose task was cancelled; its machine is deleted in any case. */
const dismissalMs = 5000;

class Supervisor {
  readonly #on: Supervision;
  #state: WorkerState;
  #outcome: Outcome | undefined;
  #failure: AppError | undefined;
  #secretsWanted = false;
  #taskSent = false;
  #lastProgress = 0;
  #progressSaved = 0;
  #serving: Extract<WorkerMessage, { type: 'serving' }> | undefined;
  #announced = false;

  constructor(on: Supervision, state: WorkerState) {
    this.#on = on;
    this.#state = state;
  }

  async run(signal: AbortSignal): Promise<Outcome> {
    const { clock, times, link } = this.#on;
    const silence = silenceMeter(clock, times.pollMs);
    const unreachable = silenceMeter(clock, times.pollMs);
    const looks = timer(clock, times.vmCheckMs);
    const greetings = timer(clock, times.aliveMs);
    const addresses = timer(clock, (queueSasSeconds * 1000) / 3);
    for (;;) {
      signal.throwIfAborted();
      try {
        const count = await link.receive((received) => this.#take(received), signal);
        unreachable.reset();
        if (count > 0) silence.reset();
        else silence.tick();
        if (this.#failure) throw this.#failure;
        if (this.#outcome) return this.#outcome;
        await this.#say(signal);
        await this.#attend(signal);
        if (greetings.due()) await this.#sendIfKnown({ type: 'alive' }, signal);
        if (addresses.due())
          await this.#sendIfKnown({ type: 'queues', ...(await link.queueAddresses(signal)) }, signal);
        const lost = await this.#lostReason(silence.milliseconds(), looks, signal);
        if (lost !== null) return { kind: 'lost', reason: lost };
      } catch (thrown) {
        if (signal.aborted || !isUnreachable(thrown) || thrown === this.#failure) throw thrown;
        unreachable.tick();
        if (unreachable.milliseconds() > times.coreSilenceMs) throw thrown;
      }
      await clock.sleep(times.pollMs, signal);
    }
  }

  /** Tells the worker to stop, so that it writes nothing more while its machine is being deleted. */
  async dismiss(): Promise<void> {
    const soon = AbortSignal.timeout(dismissalMs);
    const { taskSeq } = this.#state;
    try {
      if (taskSeq !== null) await this.#sendIfKnown({ type: 'cancel', task: taskSeq }, soon);
      await this.#sendIfKnown({ type: 'stop' }, soon);
    } catch {
      // The machine's deletion ends it too.
    }
  }

  async #take({ seq, message }: Received<WorkerMessage>): Promise<void> {
    const { request } = this.#on;
    switch (message.type) {
      case 'hello':
        // The first key counts: a token greets once.
        if (this.#state.publicKey === null) await this.#save({ publicKey: message.publicKey });
        return;
      case 'progress':
        if (message.task !== this.#state.taskSeq || seq <= this.#lastProgress) return;
        this.#lastProgress = seq;
        request.onEvent({ type: 'progress', progress: message.progress });
        await this.#rememberProgress(message.progress);
        return;
      case 'log':
        request.onEvent(message);
        return;
      case 'renew':
        this.#secretsWanted ||= message.task === this.#state.taskSeq;
        return;
      case 'serving':
        if (message.task === this.#state.taskSeq) this.#serving = message;
        this.#announced = false;
        return;
      case 'taken':
        if (message.task === this.#state.taskSeq) request.onEvent({ type: 'taken', item: message.item });
        return;
      case 'done':
        if (message.task !== this.#state.taskSeq) return;
        await this.#save({ result: message.result });
        this.#outcome = { kind: 'result', result: message.result };
        return;
      case 'failed':
        if (message.task === this.#state.taskSeq) this.#failure = AppError.fromRecord(message.error);
        return;
      case 'goodbye':
        this.#outcome ??= { kind: 'lost', reason: message.reason };
        return;
      case 'alive':
        return;
    }
  }

  /** Sends the task once it can be sealed, and fresh secrets when the worker asked for them. */
  async #say(signal: AbortSignal): Promise<void> {
    const { request, link } = this.#on;
    if (this.#state.publicKey === null) return;
    if (!this.#taskSent) {
      const known = this.#state.taskSeq;
      const seq = known ?? link.nextSeq();
      if (known === null) await this.#save({ taskSeq: seq });
      const secrets = await request.secrets(signal);
      const task = request.task(this.#state.progress);
      await this.#send({ type: 'task', task, secrets }, seq, signal);
      this.#taskSent = true;
      request.onEvent({ type: 'phase', phase: 'working' });
      // A worker that had the task already takes the secrets only.
      this.#secretsWanted = known !== null;
    }
    if (this.#secretsWanted && this.#state.taskSeq !== null) {
      const secrets = await request.secrets(signal);
      await this.#sendIfKnown({ type: 'secrets', task: this.#state.taskSeq, secrets }, signal);
      this.#secretsWanted = false;
    }
  }

  /** A worker that serves: tells where, once, and gives it what is to be said to it. */
  async #attend(signal: AbortSignal): Promise<void> {
    const { request, connection, names } = this.#on;
    const { taskSeq: task } = this.#state;
    if (!this.#serving || !request.service || task === null) return;
    if (!this.#announced) {
      const { port, fingerprint } = this.#serving;
      const publicIpId = request.network === null || request.network.publicIp ? names.publicIpId : null;
      const address = await getServiceAddress(connection, { nicId: names.nicId, publicIpId }, signal);
      this.#announced = true;
      request.onEvent({ type: 'serving', address, port, fingerprint });
    }
    const { commands } = request.service;
    for (let command = commands[0]; command; command = commands[0]) {
      await this.#sendIfKnown({ ...command, task }, signal);
      commands.shift();
    }
  }

  async #lostReason(
    silentMs: number,
    looks: { due(): boolean },
    signal: AbortSignal,
  ): Promise<string | null> {
    const { times, names, connection } = this.#on;
    const greeted = this.#state.publicKey !== null;
    if (silentMs > (greeted ? times.workerSilenceMs : times.bootTimeoutMs))
      return greeted ? 'It has been silent for too long.' : 'It did not report after its start.';
    if (!looks.due() || silentMs < times.heartbeatMs) return null;
    const machine = await getVirtualMachineState(connection, names.vmId, signal);
    if (machine === null) return 'Its machine is gone.';
    if (/failed/i.test(machine.provisioning)) return 'Its machine could not be created.';
    if (machine.power === 'stopped' || machine.power === 'deallocated') return 'Its machine was stopped.';
    return null;
  }

  /** Progress is kept now and then, so that a restore goes on from there with another worker. */
  async #rememberProgress(progress: NonNullable<WorkerState['progress']>): Promise<void> {
    const now = this.#on.clock.now();
    this.#state = { ...this.#state, progress };
    if (now - this.#progressSaved < 10_000) return;
    this.#progressSaved = now;
    await this.#save({});
  }

  async #save(change: Partial<WorkerState>): Promise<void> {
    this.#state = { ...this.#state, ...change };
    await this.#on.store.save(this.#state);
  }

  async #sendIfKnown(message: Parameters<ConsoleLink['send']>[0], signal: AbortSignal): Promise<void> {
    if (this.#state.publicKey !== null) await this.#send(message, this.#on.link.nextSeq(), signal);
  }

  async #send(message: Parameters<ConsoleLink['send']>[0], seq: number, signal: AbortSignal): Promise<void> {
    const receiver = Buffer.from(this.#state.publicKey ?? '', 'base64');
    await this.#on.link.send(message, seq, receiver, signal);
  }
}

function isUnreachable(thrown: unknown): boolean {
  return (
    thrown instanceof AppError &&
    thrown.retryable &&
    ['unreachable', 'throttled', 'azure-failed'].includes(thrown.code)
  );
}

/** Adds up waiting time; a jump of the clock (a laptop asleep) counts no more than some polls. */
function silenceMeter(clock: Clock, pollMs: number) {
  const most = pollMs * 5 + 2000;
  let last = clock.now();
  let total = 0;
  return {
    tick() {
      const now = clock.now();
      total += Math.min(Math.max(now - last, 0), most);
      last = now;
    },
    reset() {
      last = clock.now();
      total = 0;
    },
    milliseconds: () => total,
  };
}

/** Due every `periodMs`, first after one period. */
function timer(clock: Clock, periodMs: number): { due(): boolean } {
  let last = clock.now();
  return {
    due() {
      if (Math.abs(clock.now() - last) < periodMs) return false;
      last = clock.now();
      return true;
    },
  };
}
