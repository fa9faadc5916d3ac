import { type CoreEvent, coreEventSchema } from '../../core/contract/index.ts';

/** One message is never longer; a peer that sends more is not a Cairn server. */
const maximumMessageLength = 4 * 1024 * 1024;

/** Core's events out of a server-sent-events body; comments and other fields are skipped. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<CoreEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const messages = rest.split('\n\n');
    rest = messages.pop() ?? '';
    if (rest.length > maximumMessageLength) throw new Error('The event stream sent an endless message.');
    for (const message of messages) {
      const data = message
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
      if (data !== '') yield coreEventSchema.parse(JSON.parse(data));
    }
  }
}
