import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { loopbackAddressOf } from './loopback-address.ts';

/** A port of a VM that can be reached at a public address. */
export interface PublicPort {
  readonly publicAddress: string;
  readonly port: number;
  readonly vmId: string;
  admits(source: string): boolean;
}

/** The Internet's side of VMs: listens at their public addresses and passes connections on that are allowed. */
export interface PublicFront {
  /** Opens and closes ports as they are now, soon. */
  refresh(): void;
  close(): Promise<void>;
}

export function openPublicFront(options: {
  readonly ports: () => readonly PublicPort[];
  readonly onDefect: (error: unknown) => void;
}): PublicFront {
  const servers = new Map<string, Server>();
  const sockets = new Set<Socket>();
  let [waiting, closed] = [false, false];

  const admitted = (key: string, source: string): PublicPort | undefined =>
    options.ports().find((port) => keyOf(port) === key && port.admits(source));

  const listen = (port: PublicPort): void => {
    const key = keyOf(port);
    const server = createServer((from) => {
      const target = admitted(key, from.remoteAddress ?? '');
      if (target) pass(from, connect(target.port, loopbackAddressOf(target.vmId)), sockets);
      else from.destroy();
    });
    server.on('error', options.onDefect);
    server.listen(port.port, port.publicAddress);
    servers.set(key, server);
  };
  const reconcile = (): void => {
    waiting = false;
    if (closed) return;
    const wanted = options.ports().filter(isLocal);
    const keys = new Set(wanted.map(keyOf));
    for (const [key, server] of servers)
      if (!keys.has(key)) {
        servers.delete(key);
        server.close();
      }
    for (const port of wanted) if (!servers.has(keyOf(port))) listen(port);
  };

  return {
    refresh() {
      if (waiting || closed) return;
      waiting = true;
      setImmediate(reconcile);
    },
    async close() {
      closed = true;
      for (const socket of sockets) socket.destroy();
      await Promise.all(
        [...servers.values()].map(async (server) => {
          const ended = once(server, 'close');
          server.close();
          await ended;
        }),
      );
    },
  };
}

const keyOf = ({ publicAddress, port }: PublicPort): string => `${publicAddress}:${port}`;

/** Linux takes all of 127.0.0.0/8 for itself; a seeded address of the real Internet is none of ours. */
const isLocal = ({ publicAddress }: PublicPort): boolean => publicAddress.startsWith('127.');

/** Two ends become one connection. */
function pass(from: Socket, to: Socket, sockets: Set<Socket>): void {
  const end = (): void => {
    from.destroy();
    to.destroy();
  };
  for (const [socket, other] of [
    [from, to],
    [to, from],
  ] as const) {
    sockets.add(socket);
    socket.on('error', end);
    socket.on('close', () => {
      sockets.delete(socket);
      end();
    });
    socket.pipe(other);
  }
}
