import { isIPv4 } from 'node:net';
import { AppError } from '../../core/contract/index.ts';
import type { CoreTuning } from '../../core/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How workers that serve files are reached, as the surroundings say: `CAIRN_FILES_PORT`, a TCP port, and
 * `CAIRN_FILES_SOURCES`, the IPv4 addresses or prefixes that may connect, with commas between (a worker's address is IPv4).
 * Throws `invalid-input`.
 */
export function fileServiceFrom(environment: Environment): NonNullable<CoreTuning['fileService']> {
  const [port, sources] = [environment['CAIRN_FILES_PORT'], environment['CAIRN_FILES_SOURCES']];
  return {
    ...(port ? { port: portOf(port) } : {}),
    ...(sources ? { sources: sources.split(',').map(prefixOf) } : {}),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw refused('CAIRN_FILES_PORT', `"${text.slice(0, 50)}" is not a TCP port`);
}

function prefixOf(text: string): string {
  const trimmed = text.trim();
  const [address = '', bits] = trimmed.split('/');
  const isPrefix = bits === undefined || (/^\d{1,2}$/.test(bits) && Number(bits) <= 32);
  if (isIPv4(address) && isPrefix) return trimmed;
  throw refused('CAIRN_FILES_SOURCES', `"${trimmed.slice(0, 50)}" is not an IPv4 address or prefix`);
}

function refused(variable: string, reason: string): AppError {
  return new AppError('invalid-input', {
    message: `The environment variable ${variable} cannot be used: ${reason}.`,
    hint: 'Correct it or remove it.',
    details: { variable },
  });
}
