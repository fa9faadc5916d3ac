import {
  AppError,
  type CallProcedure,
  type CoreEvent,
  coreEventSchema,
  type ProcedureOutput,
  toAppError,
} from '../../core/contract/index.ts';
import type { Carrier } from './carrier.ts';

export interface ClientListener {
  onEvent(event: CoreEvent): void;
  onConnection(state: 'open' | 'lost'): void;
}

/** The console's typed door to core. `call` rejects with an AppError and with nothing else. */
export interface Client extends Pick<Carrier, 'downloadAddress' | 'chooseTarget'> {
  readonly call: CallProcedure;
  subscribe(listener: ClientListener): () => void;
}

export function createClient(carrier: Carrier): Client {
  const call: CallProcedure = async (name, input, signal) => {
    const reply = await carrier.call(name, input, signal).catch((reason: unknown) => {
      throw toAppError(reason);
    });
    if (!reply.ok) throw AppError.fromRecord(reply.error);
    // Core checks its outputs against the contract in its own tests; the console trusts them.
    return reply.value as ProcedureOutput<typeof name>;
  };
  const { downloadAddress, chooseTarget } = carrier;
  return {
    call,
    ...(downloadAddress === undefined ? {} : { downloadAddress }),
    ...(chooseTarget === undefined ? {} : { chooseTarget }),
    subscribe: (listener) =>
      carrier.subscribe({
        onEvent: (raw) => {
          const event = coreEventSchema.safeParse(raw);
          if (event.success) listener.onEvent(event.data);
        },
        onConnection: (state) => listener.onConnection(state),
      }),
  };
}
