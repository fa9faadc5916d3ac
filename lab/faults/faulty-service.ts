import { setTimeout as sleep } from 'node:timers/promises';
import { DropConnection, json, type LabResponse, type Service } from '../front/index.ts';
import type { FaultEffect, FaultMatcher, FaultSubject } from '../ports.ts';

const xml = (text: string): string =>
  text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The injected error in the shape of the service it seems to come from. */
export function faultResponse(
  respond: NonNullable<FaultEffect['respond']>,
  service: FaultSubject['service'],
): LabResponse {
  const { status, code, message, headers } = respond;
  if (service === 'blob' || service === 'queue' || service === 'disk') {
    return {
      status,
      headers: { 'content-type': 'application/xml', 'x-ms-error-code': code, ...headers },
      body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${xml(code)}</Code><Message>${xml(message)}</Message></Error>`,
    };
  }
  const nested = service === 'arm' || service === 'keyvault';
  const body = nested ? { error: { code, message } } : { error: code, error_description: message };
  return json(status, body, headers);
}

/**
 * A service with its bad days: delays, injected answers and cut connections as the matcher says. An effect that
 * fails a long-running operation is for Resource Manager itself; it is handed on in `effects`.
 */
export function withFaults(
  name: FaultSubject['service'],
  faults: FaultMatcher,
  service: (request: Parameters<Service>[0], effect: FaultEffect | undefined) => Promise<LabResponse>,
): Service {
  return async (request) => {
    const { method, path, query, signal } = request;
    const effect = faults.match({ service: name, method, path, query });
    if (!effect) return service(request, undefined);
    if (effect.delayMs > 0) await sleep(effect.delayMs, undefined, { signal });
    if (effect.drop === 'before') throw new DropConnection('injected');
    if (effect.respond) return faultResponse(effect.respond, name);
    const response = await service(request, effect);
    if (effect.drop === 'after') throw new DropConnection('injected');
    return response;
  };
}
