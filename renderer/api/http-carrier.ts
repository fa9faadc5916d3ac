import { AppError, type Reply, replySchema } from '../../core/contract/index.ts';
import type { Carrier, CarrierListener } from './carrier.ts';

const reopenMilliseconds = 5000;

/** The parts of the browser that the carrier needs. */
export interface HttpCarrierDeps {
  readonly fetch: typeof fetch;
  readonly EventSource: typeof EventSource;
}

/** Carries calls as `POST /api/call/<procedure>`, events over `GET /api/events`; signed in by a same-origin cookie. */
export function createHttpCarrier(deps: HttpCarrierDeps): Carrier {
  return {
    async call(name, input, signal) {
      const response = await deps
        .fetch(`/api/call/${name}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(input),
          credentials: 'same-origin',
          signal: signal ?? null,
        })
        .catch((reason: unknown) => {
          signal?.throwIfAborted();
          throw noAnswer(reason);
        });
      return readReply(response);
    },
    subscribe: (listener) => keepEventsOpen(deps, listener),
    downloadAddress: (downloadId) => `/api/downloads/${encodeURIComponent(downloadId)}`,
  };
}

/** The browser reopens a broken stream by itself, but gives up when it is refused; then this tries again. */
function keepEventsOpen({ EventSource }: HttpCarrierDeps, listener: CarrierListener): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource('/api/events');
    source.addEventListener('open', () => listener.onConnection('open'));
    source.addEventListener('error', () => {
      listener.onConnection('lost');
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, reopenMilliseconds);
    });
    source.addEventListener('message', (message) => {
      const event = parseJson(String(message.data));
      if (event !== undefined) listener.onEvent(event);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

async function readReply(response: Response): Promise<Reply> {
  const reply = replySchema.safeParse(parseJson(await response.text()));
  if (reply.success) return reply.data;
  if (response.status === 401 || response.status === 403) {
    throw new AppError('not-signed-in', {
      message: 'This browser is not signed in to Cairn.',
      hint: 'Open the address that Cairn printed when it was started.',
      details: { status: String(response.status) },
    });
  }
  throw new AppError('internal', {
    message: 'Cairn gave an answer that the console does not understand.',
    hint: 'Reload the console: it may be older than the running core.',
    details: { status: String(response.status) },
  });
}

function noAnswer(reason: unknown): AppError {
  return new AppError('unreachable', {
    message: 'Cairn does not answer.',
    hint: 'Check that Cairn is still running on this computer; the console reconnects by itself.',
    retryable: true,
    details: { reason: reason instanceof Error ? reason.message : String(reason) },
    cause: reason,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
