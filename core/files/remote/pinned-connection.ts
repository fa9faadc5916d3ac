import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { AppError } from '../../contract/index.ts';
import { serviceClosed } from '../file-errors.ts';

/** A file service whose certificate is known. */
export interface PinnedAddress {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the DER certificate, lower-case hex. */
  readonly fingerprint: string;
}

const connectMs = 10_000;

/**
 * Connections to one file service, kept open between requests. A connection is handed out only after the other side has
 * proved, in the TLS handshake, that it holds the key of exactly the expected certificate: before that, nothing of a
 * request is written. Sessions are not resumed, so every connection is checked.
 */
export class PinnedAgent extends Agent {
  readonly #address: PinnedAddress;
  #closed = false;

  constructor(address: PinnedAddress, options: AgentOptions = {}) {
    super({ keepAlive: true, maxSockets: 16, maxFreeSockets: 8, maxCachedSessions: 0, ...options });
    this.#address = address;
  }

  /** Ends all connections; there will be no more. */
  close(): void {
    this.#closed = true;
    this.destroy();
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const { host, port, fingerprint } = this.#address;
    if (this.#closed) throw serviceClosed();
    const socket: TLSSocket = connect({
      host,
      port,
      minVersion: 'TLSv1.3',
      // Nobody signed the certificate but itself; what counts is compared below.
      rejectUnauthorized: false,
    });
    const settle = (error: Error | null): void => {
      socket.off('error', settle);
      clearTimeout(timer);
      if (error) socket.destroy();
      callback?.(error, socket);
    };
    const timer = setTimeout(() => settle(noAnswer(host)), connectMs);
    socket.once('error', settle);
    socket.once('secureConnect', () => settle(fingerprintOf(socket) === fingerprint ? null : impostor(host)));
    return undefined;
  }
}

function fingerprintOf(socket: TLSSocket): string | undefined {
  return socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase();
}

function impostor(host: string): AppError {
  return new AppError('sign-in-failed', {
    message: `The computer at ${host} is not the worker that this session started: its certificate is another one.`,
    hint: 'Nothing was sent to it. Close this session and open a new one; look for a proxy between here and Azure that opens TLS connections.',
    details: { host },
  });
}

function noAnswer(host: string): AppError {
  return new AppError('unreachable', {
    message: `The worker at ${host} does not answer.`,
    hint: 'Look whether this network lets TCP connections to that address and port out.',
    retryable: true,
    details: { host },
  });
}
