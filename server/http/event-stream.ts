import type { ServerResponse } from 'node:http';
import type { Core } from '../../core/host.ts';
import { securityHeaders } from './content-security-policy.ts';

/** A reader that lets this much pile up is cut off; it connects again and asks for everything anew. */
const maximumBacklogBytes = 4 * 1024 * 1024;
const keepAliveMs = 15_000;
const reconnectMs = 1000;

/**
 * Server-sent events of core, one JSON `CoreEvent` a message. Events are hints ("ask again") and not a log, so
 * nothing is replayed: whoever connects again drops what it remembers.
 */
export function streamEvents(core: Core, response: ServerResponse): void {
  response.writeHead(200, {
    ...securityHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.write(`retry: ${reconnectMs}\n\n`);
  const send = (text: string) => {
    if (response.writableLength > maximumBacklogBytes) response.destroy();
    else response.write(text);
  };
  const unsubscribe = core.subscribe((event) => send(`data: ${JSON.stringify(event)}\n\n`));
  const keepAlive = setInterval(() => send(': still here\n\n'), keepAliveMs);
  response.on('close', () => {
    clearInterval(keepAlive);
    unsubscribe();
  });
}
