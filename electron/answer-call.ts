import type { WebFrameMain } from 'electron';
import { AppError, type Reply, toAppError } from '../core/contract/index.ts';
import type { Core } from '../core/host.ts';
import { isTrustedSender } from './trusted-sender.ts';

/** As over HTTP: larger than any input of the contract. */
const maximumInputLength = 1024 * 1024;

export interface IncomingCall {
  readonly sender: Pick<WebFrameMain, 'url' | 'parent'> | null;
  readonly name: unknown;
  readonly input: unknown;
}

/** One call of a page: refused unless it comes from our own top frame and is plain, bounded JSON. Never rejects. */
export async function answerCall(core: Core, call: IncomingCall): Promise<Reply> {
  try {
    if (!isTrustedSender(call.sender))
      throw new AppError('permission-denied', { message: 'This frame may not talk to Cairn.' });
    if (typeof call.name !== 'string' || call.name.length > 100)
      throw new AppError('invalid-input', { message: 'The name of a procedure must be a short string.' });
    return await core.dispatch(call.name, plainInput(call.input));
  } catch (error) {
    return { ok: false, error: toAppError(error).toRecord() };
  }
}

/** Structured clone carries more than JSON does; core's other transports never see such values, so neither does this. */
function plainInput(input: unknown): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(input);
  } catch {
    text = undefined;
  }
  if (text === undefined || text.length > maximumInputLength)
    throw new AppError('invalid-input', { message: 'The input must be JSON of at most 1 MiB.' });
  return JSON.parse(text);
}
